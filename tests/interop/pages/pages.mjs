// Every kind of page of a running node, in a real browser: no axe finding (WCAG 2.2 A and AA, and best practices), nothing wider than the screen
// on a phone, both languages, light and dark. usage: pages.mjs CHROMIUM FACTS.json SCREENSHOT_DIRECTORY
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [program, factsFile, pictures] = process.argv.slice(2);
const facts = JSON.parse(readFileSync(factsFile, "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 375, height: 812 }, DESK = { width: 1280, height: 900 };

const json = async (path) => (await fetch(facts.address + path)).json();
let token = "";
/// A signed request of the administrator.
async function write(path, body) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(facts.address + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
token = (await write("/v1/session", { account: "admin", passphrase: facts.passphrase })).token;
/// A proposal for a version of a service pack, with this many of: voted for, executed.
async function proposal(title, version, steps) {
  const action = { install_pack: { name: "water-meters", version, digest: Buffer.alloc(32, title).toString("base64") } };
  const number = (await write("/v1/proposals", { action, title, reason: "页面演练，理由可以写得较长，以便在手机上换行" })).proposal.number;
  if (steps > 0) await write(`/v1/proposals/${number}/vote`, { choice: "yes" });
  if (steps > 1) await write(`/v1/proposals/${number}/execute`, {});
  return `/proposals/${number}`;
}
const proposals = {
  "proposal executed": await proposal("安装水表服务包", "1.0.0", 2), "proposal refused": await proposal("再次安装同一版本", "1.0.0", 0),
  "proposal approved": await proposal("升级水表服务包", "1.1.0", 1), "proposal voting": await proposal("再升级水表服务包", "1.2.0", 0),
};
const block = await json("/v1/blocks/head");
const transactions = await json("/v1/transactions?limit=1");
const paths = {
  home: "/", search: "/search?q=" + encodeURIComponent("居住"), nothing: "/search?q=zzzz", valid: `/credential/${facts.valid_example}`,
  revoked: `/credential/${facts.revoked_example}`, unknown: "/credential/never-issued", evidence: `/evidence/${facts.evidence_example}`,
  transaction: `/transaction/${transactions.items[0].id}`, block: `/block/${block.height}`, record: `/record/identity/organisation/${facts.clerks[0].office}`,
  organisation: `/organisation/${facts.clerks[0].office}`, type: "/type/residence-certificate", verify: "/verify", docs: "/docs", problems: "/problems",
  proposals: "/proposals", ...proposals, problem: "/problems/state.not_found", missing: "/no-such-page",
};

let passed = 0, failed = 0;
const check = (holds, what) => { if (holds) passed += 1; else { failed += 1; console.log("FAIL", what); } };

/// What sticks out on the right, outside of boxes that scroll by themselves.
const overflow = () => {
  const scrolls = (element) => { for (let at = element; at; at = at.parentElement) if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true; return false; };
  const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e) && !e.closest(".skip"));
  return { page: document.documentElement.scrollWidth - innerWidth, elements: wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)) };
};

async function judge(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  check(violations.length === 0, `${name}: ` + violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160)).join(" | ")}`).join("; "));
}

const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });
for (const [language, locale] of [["zh", "zh-CN"], ["en", "en-GB"]]) {
  for (const [form, viewport, colorScheme] of [["phone", PHONE, "light"], ["desk", DESK, "dark"]]) {
    const context = await browser.newContext({ viewport, colorScheme, locale, javaScriptEnabled: true, bypassCSP: true });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(paths)) {
      const answer = await page.goto(facts.address + path, { waitUntil: "load" });
      const at = `${name} ${language} ${form}`;
      check(answer.status() < 500, `${at}: ${answer.status()}`);
      check(answer.headers()["content-type"]?.startsWith("text/html"), `${at}: no page`);
      check((await page.getAttribute("html", "lang"))?.startsWith(language), `${at}: another language`);
      if (form === "phone") {
        const wide = await page.evaluate(overflow);
        check(wide.page <= 0 && wide.elements.length === 0, `${at}: ${wide.page} px too wide: ${wide.elements.join(" | ")}`);
      }
      if (name !== "docs" || form === "desk") await judge(page, at);
      if (language === "zh" || name === "valid") await page.screenshot({ path: `${pictures}/${name}-${language}-${form}.png` });
    }
    // The verification form does its work without scripts: a file goes in, a verdict comes out.
    const receipt = await (await fetch(`${facts.address}/v1/credentials/${facts.valid_example}/receipt.json`)).text();
    await page.goto(facts.address + "/verify");
    await page.setInputFiles("input[type=file]", { name: "my.receipt.json", mimeType: "application/json", buffer: Buffer.from(receipt) });
    await Promise.all([page.waitForNavigation(), page.locator("form:has(input[type=file]) button").click()]);
    check((await page.locator(".steps .ok").count()) > 5 && (await page.locator(".steps .bad").count()) === 0, `verified ${language} ${form}: no clean verdict`);
    await judge(page, `verified ${language} ${form}`);
    await page.screenshot({ path: `${pictures}/verified-${language}-${form}.png`, fullPage: true });
    await context.close();
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);

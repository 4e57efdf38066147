// npm @sd-jwt/sd-jwt-vc (OpenWallet Foundation) against ours, both ways. Usage: node with_node.mjs <sdjwt_peer>
import { spawn } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';

const cases = JSON.parse(readFileSync(new URL('./cases.json', import.meta.url), 'utf8'));
const keyOptions = { ES256: ['ec', { namedCurve: 'P-256' }], EdDSA: ['ed25519', {}] };
let passed = 0;
let failed = 0;

function check(name, ok, more = '') {
  if (ok) return void passed++;
  failed++;
  console.log(`FAILED node: ${name}`, more);
}

const child = spawn(process.argv[2], { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
async function ask(request) {
  child.stdin.write(JSON.stringify(request) + '\n');
  return JSON.parse((await answers.next()).value);
}

const hashOf = (alg) => (alg === 'ES256' ? 'sha256' : null);
const signer = (alg, key) => (data) =>
  sign(hashOf(alg), Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
const verifierOf = (alg, key) => (data, signature) =>
  verify(hashOf(alg), Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));

function library(alg, issuer, holder) {
  return new SDJwtVcInstance({
    signer: issuer.privateKey && signer(alg, issuer.privateKey),
    signAlg: alg,
    verifier: verifierOf(alg, issuer.publicKey),
    hasher: (data) => new Uint8Array(createHash('sha256').update(Buffer.from(data)).digest()),
    hashAlg: 'sha-256',
    saltGenerator: (length) => randomBytes(length).toString('base64url'),
    kbSigner: holder?.privateKey && signer(alg, holder.privateKey),
    kbSignAlg: alg,
    kbVerifier: (data, signature, payload) =>
      verifierOf(alg, createPublicKey({ key: payload.cnf.jwk, format: 'jwk' }))(data, signature),
  });
}

function expectedClaims(hidden) {
  const out = structuredClone(cases.claims);
  for (const pointer of [...hidden].sort().reverse()) {
    const tokens = pointer.slice(1).split('/');
    const last = tokens.pop();
    const at = tokens.reduce((value, token) => value[token], out);
    Array.isArray(at) ? at.splice(Number(last), 1) : delete at[last];
  }
  return out;
}

/// The library's frames: {_sd: [names], name: frame}.
function disclosureFrame(selective) {
  const frame = {};
  for (const pointer of selective) {
    const tokens = pointer.slice(1).split('/');
    const last = tokens.pop();
    const at = tokens.reduce((value, token) => (value[token] ??= {}), frame);
    (at._sd ??= []).push(/^\d+$/.test(last) ? Number(last) : last);
  }
  return frame;
}

function presentationFrame(reveal) {
  const frame = {};
  for (const pointer of reveal) {
    const tokens = pointer.slice(1).split('/');
    const last = tokens.pop();
    tokens.reduce((value, token) => (value[token] ??= {}), frame)[last] = true;
  }
  return frame;
}

const sortKeys = (value) =>
  Array.isArray(value) ? value.map(sortKeys)
    : value && typeof value === 'object'
      ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sortKeys(value[key])]))
      : value;
const same = (a, b) => JSON.stringify(sortKeys(a)) === JSON.stringify(sortKeys(b));
const now = Math.floor(Date.now() / 1000);
const registered = { iss: cases.iss, vct: cases.vct, iat: now, exp: now + 3600 };
const { aud, nonce, iss } = cases;

async function oursToTheirs(alg, plan) {
  const name = `${alg} ${plan.name} ours to theirs`;
  const claims = { ...cases.claims, ...registered };
  const issued = await ask({ op: 'issue', alg, claims, selective: plan.selective, decoys: 2 });
  const { presentation } = await ask({ op: 'present', alg, credential: issued.credential, reveal: plan.reveal, aud, nonce, iat: now });
  const verifier = library(alg, { publicKey: createPublicKey({ key: issued.issuer_jwk, format: 'jwk' }) });
  try {
    const { payload, kb } = await verifier.verify(presentation, { keyBindingNonce: nonce });
    const { iss: _1, vct: _2, iat: _3, exp: _4, cnf: _5, ...subject } = payload;
    check(name, kb && same(subject, expectedClaims(plan.hidden)), subject);
  } catch (error) {
    check(name, false, error);
  }
  await verifier.verify(presentation, { keyBindingNonce: 'another' }).then(
    () => check(`${name}, wrong nonce`, false), () => check(`${name}, wrong nonce`, true));
}

async function theirsToOurs(alg, plan) {
  const name = `${alg} ${plan.name} theirs to ours`;
  const issuer = generateKeyPairSync(...keyOptions[alg]);
  const holder = generateKeyPairSync(...keyOptions[alg]);
  const wallet = library(alg, issuer, holder);
  const claims = { ...cases.claims, ...registered, cnf: { jwk: holder.publicKey.export({ format: 'jwk' }) } };
  const credential = await wallet.issue(claims, disclosureFrame(plan.selective));
  const presentation = await wallet.present(credential, presentationFrame(plan.reveal), { kb: { payload: { aud, nonce, iat: now } } });
  const request = { op: 'verify', presentation, issuer_jwk: issuer.publicKey.export({ format: 'jwk' }), iss, aud, nonce, now };
  const answer = await ask(request);
  check(name, answer.holder_proved && same(answer.claims, expectedClaims(plan.hidden)), answer);
  const refused = async (what, change) =>
    check(`${name}, ${what}`, (await ask({ ...request, ...change })).error !== undefined);
  await refused('wrong nonce', { nonce: 'another' });
  await refused('wrong audience', { aud: 'another' });
  await refused('another issuer', { iss: 'https://other.example' });
  await refused('expired', { now: now + 3700 });
  await refused('without key binding', { presentation: presentation.slice(0, presentation.lastIndexOf('~') + 1) });
}

for (const alg of Object.keys(keyOptions)) {
  for (const plan of cases.plans) {
    await oursToTheirs(alg, plan);
    await theirsToOurs(alg, plan);
  }
}
child.stdin.end();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);

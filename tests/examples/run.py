#!/usr/bin/env python3
"""Runs every example that the command line's help and docs/cli.md show, each in a directory of its own, against a demo
node; and the programs of docs/examples with both suites' keys.

    tests/examples/run.py PROGRAM WORK_DIRECTORY [WORD ...]     only examples that contain a WORD

The examples come from `chancery completion reference`, so a new one is run without a change here. An example may use
$ID, $TX, $NUMBER, $BATCH and $PROPOSAL, the files that `furnish` makes, the node directories data/dev (running) and data/node
(stopped), and the keys he, lin and bank in ./keys. What else a command needs is said in NEEDS. Every example must end
with 0; a server must start, and end with 0 on SIGTERM. What NOT_HERE names is counted as skipped, with its reason. The
last line is "N passed, N failed[, N skipped]".
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import string
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/interop/api"), str(ROOT / "tests/network")]
from demo_node import DemoNode  # noqa: E402
from ports import is_free  # noqa: E402

TIMEOUT_S = 600
START_TIMEOUT_S = 120
DEFAULT_PORT = 8700
SERVERS = ("dev", "serve")
CLERK, HEAD, ADMIN = "lin", "he", "admin"


# The beginning of an example that is not run, and why. Only time is a reason.
NOT_HERE = {
    "bench all": "it measures for minutes; `make bench` runs it",
}


class Broken(Exception):
    pass


class Examples:
    def __init__(self, program, work):
        self.program, self.work = program, work
        self.node = DemoNode(program, str(work / "demo"))
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("CHANCERY_")}
        self.environment |= {"LANG": "en", "CHANCERY_SERVER": self.node.address, "CHANCERY_PASSPHRASE": self.node.facts["passphrase"]}
        self.residents = iter(pathlib.Path(self.node.facts["register"]).read_text("utf-8").splitlines())
        self.count = 0
        self.stopped_node = self.make_stopped_node()
        self.backup = work / "backup"
        self.run(["backup", "create", "--directory", str(self.node.directory), "--out", str(self.backup)], work)

    # --- what examples find
    def run(self, arguments, directory, environment=None):
        done = subprocess.run([self.program, *arguments], cwd=directory, env=environment or self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        if done.returncode != 0:
            raise Broken(f"`{shlex.join(arguments)}` ended with {done.returncode}: {(done.stderr or done.stdout)[-600:]}")
        return done.stdout

    def make_stopped_node(self):
        """Initialised, and started once, which makes the rest of its keys."""
        directory = self.work / "stopped"
        self.run(["init", "--directory", str(directory)], self.work)
        self.serve([self.program, "serve", "--directory", str(directory), "--port", "0"], self.work, self.environment)
        return directory

    def new_credential(self):
        fields = json.loads(next(self.residents))
        answer = self.node.call("POST", "/v1/credentials", {"type": "residence-certificate", "fields": fields}, account=CLERK)
        if answer.status != 201:
            raise Broken(f"no credential: {answer.status} {answer.body[:300]}")
        return answer.json()

    def furnish(self, directory):
        """The files of an example's directory; gives its variables."""
        (directory / "data").mkdir(parents=True)
        (directory / "data/dev").symlink_to(self.node.directory.resolve())
        (directory / "packs").symlink_to(ROOT / "packs")
        shutil.copy(self.node.facts["trust"], directory / "trust.json")
        for name in ("photo.jpg", "a.jpg", "b.jpg"):
            (directory / name).write_bytes(f"a picture, {name} {self.count}".encode())
        (directory / "digests.bin").write_bytes(os.urandom(32 * 100))
        fields = [json.loads(next(self.residents)) for _ in range(3)]
        (directory / "fields.json").write_text(json.dumps(fields[0]), "utf-8")
        (directory / "many.json").write_text(json.dumps(fields[1:]), "utf-8")
        (directory / "keys").mkdir()
        for account in (HEAD, CLERK):
            shutil.copy(self.node.directory / f"keys/{account}.p8", directory / "keys")
        shutil.copy(self.node.directory / f"keys/{CLERK}.p8", directory / "keys/bank.p8")
        issued = self.new_credential()
        evidence = self.node.call("POST", "/v1/evidence", {"sm3": os.urandom(32).hex(), "phase": "collected"}, account=CLERK).json()
        batch = self.node.call("POST", "/v1/evidence/batches?phase=collected", os.urandom(320), account=CLERK,
                               headers={"Content-Type": "application/octet-stream"}).json()
        variables = {"ID": issued["credential"]["id"], "TX": issued["transaction"]["id"], "NUMBER": evidence["evidence"]["number"],
                     "BATCH": batch["evidence"]["number"]}
        (directory / "calls.json").write_text(
            json.dumps([{"call": "credential.suspend", "args": {"id": variables["ID"], "reason": "under_review"}}]), "utf-8")
        return variables

    # --- running
    def serve(self, command, directory, environment):
        """Waits until it serves, then stops it."""
        log = directory / "server.log"
        with open(log, "wb") as output:
            process = subprocess.Popen(command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        until = time.monotonic() + START_TIMEOUT_S
        while not re.search(rb"http://[0-9.]+:\d+", log.read_bytes()):
            if process.poll() is not None or time.monotonic() > until:
                process.kill()
                raise Broken(f"it did not start: {log.read_text('utf-8', 'replace')[-600:]}")
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        if (code := process.wait(timeout=60)) != 0:
            raise Broken(f"it ended with {code}: {log.read_text('utf-8', 'replace')[-600:]}")

    def play(self, line):
        for prefix, reason in NOT_HERE.items():
            if line.startswith(prefix):
                return reason
        self.count += 1
        directory = self.work / f"example-{self.count:03d}"
        variables = self.furnish(directory)
        environment = self.environment | variables
        for prefix, prepare in NEEDS:
            if line.startswith(prefix):
                prepare(self, directory, variables)
        if line.startswith("snapshot fetch"):
            return "needs a network of several: tests/network/join_by_snapshot.py plays it"
        words = [string.Template(word).substitute(variables) for word in shlex.split(line)]
        if words[0] in SERVERS or words[:2] == ["network", "up"]:
            port = int(words[words.index("--port") + 1]) if "--port" in words else DEFAULT_PORT
            if port and not is_free(port):
                return f"port {port} is taken on this machine"
            self.serve([self.program, *words], directory, environment)
        else:
            self.run(words, directory, environment)
        return None

    def play_program(self, command):
        """docs/examples: an account's own key deposits a file's digest."""
        self.count += 1
        directory = self.work / f"example-{self.count:03d}"
        self.furnish(directory)
        account = f"example-{self.count}"
        run_openssl(directory, "genpkey", "-algorithm", "ed25519", "-out", "key.pem")
        point = run_openssl(directory, "pkey", "-in", "key.pem", "-pubout", "-outform", "DER")[-32:].hex()
        body = {"id": account, "kind": "service", "organisation": self.node.facts["clerks"][0]["office"], "assurance": 3,
                "keys": [{"algorithm": "ed25519", "public_key": point}]}
        made = self.node.call("POST", "/v1/accounts", body, account=HEAD)
        if made.status != 201:
            raise Broken(f"no account: {made.status} {made.body[:300]}")
        done = subprocess.run([*command, self.node.address, account, "key.pem", "photo.jpg"], cwd=directory, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        if done.returncode != 0:
            raise Broken(f"it ended with {done.returncode}: {(done.stderr or done.stdout)[-600:]}")


# --- what single commands need besides; the first word of the line decides, all that match are applied
def own_keys(*absent):
    def prepare(_examples, directory, _variables):
        for account in absent:
            (directory / f"keys/{account}.p8").unlink()
    return prepare


def no_demo_yet(_examples, directory, _variables):
    (directory / "data/dev").unlink()


def stopped_node(examples, directory, _variables):
    shutil.copytree(examples.stopped_node, directory / "data/node")


def suspended(examples, _directory, variables):
    answer = examples.node.call("POST", f"/v1/credentials/{variables['ID']}/suspend", {"reason": "under_review"}, account=HEAD)
    if answer.status != 200:
        raise Broken(f"not suspended: {answer.body[:300]}")


def built(examples, directory, _variables):
    examples.run(["tx", "build", "calls.json", "--trust", "trust.json", "--out", "body.bin"], directory)


def signed(examples, directory, variables):
    built(examples, directory, variables)
    examples.run(["tx", "sign", "body.bin", "--signer", HEAD, "--keys", "./keys", "--out", "tx.bin"], directory)


def certificate(examples, directory, variables):
    examples.run(["credential", "receipt", variables["ID"], "--out", "certificate.receipt.json"], directory)
    (directory / "receipts").mkdir()
    shutil.copy(directory / "certificate.receipt.json", directory / "receipts")


def transaction_receipts(examples, directory, variables):
    for form in ("json", "cbor"):
        examples.run(["proof", "get", variables["TX"], "--out", f"tx.receipt.{form}"], directory)


def exported_key(examples, directory, _variables):
    examples.run(["keys", "export", CLERK, "--keys", "./keys", "--out", "lin.p12"], directory)


def backup(examples, directory, _variables):
    shutil.copytree(examples.backup, directory / "backup-1")


def answered(answer):
    if answer.status >= 300:
        raise Broken(f"{answer.status} {answer.body[:300]}")
    return answer.json()


def action(examples, directory, _variables):
    pack = {"name": f"pack-{examples.count}", "version": "1.0.0", "digest": "cGFja3BhY2twYWNrcGFja3BhY2twYWNrcGFja3BhY2s="}
    (directory / "action.json").write_text(json.dumps({"install_pack": pack}), "utf-8")


def proposed(examples, directory, variables, not_before_height=0):
    action(examples, directory, variables)
    body = {"action": json.loads((directory / "action.json").read_text("utf-8")), "title": "安装服务包", "reason": "演练",
            "not_before_height": not_before_height}
    variables["PROPOSAL"] = str(answered(examples.node.call("POST", "/v1/proposals", body, account=ADMIN))["proposal"]["number"])


def approved(examples, directory, variables, not_before_height=0):
    proposed(examples, directory, variables, not_before_height)
    answered(examples.node.call("POST", f"/v1/proposals/{variables['PROPOSAL']}/vote", {"choice": "yes"}, account=ADMIN))


def approved_for_later(examples, directory, variables):
    admin = answered(examples.node.call("GET", f"/v1/accounts/{ADMIN}"))
    if not any(role["role"] == "security_admin" for role in admin["roles"]):
        role = {"role": "security_admin", "organisation": admin["organisation"]}
        answered(examples.node.call("POST", f"/v1/accounts/{ADMIN}/roles", role, account=ADMIN))
    approved(examples, directory, variables, 1_000_000)


def rule(examples, directory, _variables):
    text = {"id": "every-deposit", "name_zh": "每笔存证", "name_en": "Every deposit", "kind": "RULE_KIND_RATE",
            "methods": ["evidence.deposit"], "threshold": 1, "window_ms": 1000}
    (directory / "rule.json").write_text(json.dumps(text), "utf-8")
    answered(examples.node.call("POST", "/v1/supervision/rules", text, account=ADMIN))


def alert(examples, directory, variables):
    rule(examples, directory, variables)
    answered(examples.node.call("POST", "/v1/evidence", {"sm3": os.urandom(32).hex(), "phase": "collected"}, account=CLERK))
    until = time.monotonic() + START_TIMEOUT_S
    while not answered(examples.node.call("GET", "/v1/supervision/alerts", account=ADMIN))["items"]:
        if time.monotonic() > until:
            raise Broken("no alert came")
        time.sleep(0.1)


def create_organisation(examples, directory, where, name, number, out=()):
    at = f"192.0.2.{number}"
    examples.run(["network", "create", "--directory", str(directory / where), "--id", name, "--name-zh", f"机构{number}",
                  "--address", f"{at}:8701", "--engine-address", f"{at}:26656", *out], directory)


def organisations(examples, directory, _variables):
    create_organisation(examples, directory, "data/mawei", "mawei", 1)
    create_organisation(examples, directory, "data/gulou", "gulou", 2, ["--out", str(directory / "gulou.json")])


def invitation(examples, directory, variables):
    organisations(examples, directory, variables)
    examples.run(["network", "invite", "--directory", str(directory / "data/mawei"), "--name", "mawei-net", "gulou.json"], directory)


def joined(examples, directory, _variables):
    create_organisation(examples, directory, "data/node", "mawei", 1)
    create_organisation(examples, directory, "data/gulou", "gulou", 2, ["--out", str(directory / "gulou.json")])
    examples.run(["network", "invite", "--directory", str(directory / "data/node"), "--name", "mawei-net", "gulou.json"], directory)
    examples.run(["network", "join", "--directory", str(directory / "data/node"), "invitation.json", "--yes"], directory)


def members_and_observer(examples, directory, variables):
    invitation(examples, directory, variables)
    for name in ("mawei", "gulou"):
        examples.run(["network", "join", "--directory", str(directory / "data" / name), "invitation.json", "--yes"], directory)
    create_organisation(examples, directory, "data/audit", "audit", 3, ["--out", str(directory / "audit.json")])
    for name in ("genesis.json", "peers.json"):
        shutil.copy(directory / "data/mawei" / name, directory / name)


NEEDS = (
    ("network admit", members_and_observer),
    ("network observe", members_and_observer),
    ("network invite", organisations),
    ("network join", invitation),
    ("cert", joined),
    ("proposal create", action),
    ("proposal dry-run", proposed),
    ("proposal show", proposed),
    ("proposal vote", proposed),
    ("proposal withdraw", proposed),
    ("proposal execute", approved),
    ("proposal veto", approved_for_later),
    ("supervision set", rule),
    ("supervision retire", rule),
    ("supervision receipt", alert),
    ("dev", no_demo_yet),
    ("keys new", own_keys(CLERK, "bank")),
    ("keys import", exported_key),
    ("keys issuer", stopped_node),
    ("serve", stopped_node),
    ("rebuild --directory data/node", stopped_node),
    ("rebuild --state", backup),
    ("doctor --directory data/node", stopped_node),
    ("credential resume", suspended),
    ("tx sign", built),
    ("tx submit", signed),
    ("verify", certificate),
    ("proof check", transaction_receipts),
    ("backup verify", backup),
    ("backup restore", backup),
    ("drill", backup),
)


def run_openssl(directory, *arguments):
    return subprocess.run(["openssl", *arguments], cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout


def examples_of(program):
    """The lines of the reference, each once, in their order; the same in both languages."""
    pages = {}
    for language in ("en", "zh"):
        page = subprocess.run([program, "completion", "reference", "--lang", language], capture_output=True, text=True, check=True).stdout
        pages[language] = re.findall(r"^chancery (?!COMMAND)(.+)$", page, re.M)
    if pages["en"] != pages["zh"]:
        raise SystemExit("the two languages show other examples")
    return list(dict.fromkeys(pages["en"]))


def main():
    program, work, wanted = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3:]
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    # Some examples write below /tmp/chancery-bench, as they say.
    shutil.rmtree("/tmp/chancery-bench", ignore_errors=True)
    tasks = [(line, lambda e, line=line: e.play(line)) for line in examples_of(program)]
    programs = {"sign_and_submit.py": [sys.executable], "sign_and_submit.mjs": ["node"]}
    for path in sorted((ROOT / "docs/examples").iterdir()):
        tasks.append((f"docs/examples/{path.name}", lambda e, path=path: e.play_program([*programs[path.name], str(path)])))
    tasks = [task for task in tasks if not wanted or any(word in task[0] for word in wanted)]
    passed = failed = skipped = 0
    examples = Examples(program, work)
    try:
        for name, play in tasks:
            begin = time.monotonic()
            try:
                why_not = play(examples)
            except (Broken, OSError, KeyError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"FAILED  {name}: {error}", flush=True)
                continue
            if why_not:
                skipped += 1
                print(f"skipped {name}: {why_not}", flush=True)
            else:
                passed += 1
                print(f"ok      {name} ({time.monotonic() - begin:.1f} s)", flush=True)
    finally:
        examples.node.stop()
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

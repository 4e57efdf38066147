"""The timestamp service of a real node, asked by `openssl ts`, curl, and judged by `openssl ts` and by ours.
usage: service.py PROGRAM DIRECTORY; last line "N passed, N failed"."""
import pathlib
import shutil
import subprocess
import sys

from demo_node import DemoNode


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, holds, what):
        self.passed += bool(holds)
        self.failed += not holds
        if not holds:
            print("WRONG", what)


def runs(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def ask(node, folder, name, *options):
    """openssl ts -query | curl: the reply is in NAME.tsr."""
    query, reply = folder / f"{name}.tsq", folder / f"{name}.tsr"
    subprocess.run(["openssl", "ts", "-query", "-data", folder / "content", *options, "-out", query], check=True,
                   stderr=subprocess.DEVNULL)
    subprocess.run(["curl", "--silent", "--show-error", "--fail", "--max-time", "30", "--data-binary", f"@{query}", "--output", reply,
                    "-H", "Content-Type: application/timestamp-query", node.address + "/tsa"], check=True)
    return query, reply


def judge(checks, program, folder, roots, query, reply):
    verify = ["openssl", "ts", "-verify", "-CAfile", roots]
    checks.check(runs(*verify, "-in", reply, "-queryfile", query).returncode == 0, "openssl takes the answer to its query")
    checks.check(runs(*verify, "-in", reply, "-data", folder / "content").returncode == 0, "openssl takes it for the file")
    checks.check(runs(*verify, "-in", reply, "-data", folder / "other").returncode != 0, "openssl refuses it for another file")
    changed = bytearray(reply.read_bytes())
    changed[-1] ^= 1
    broken = folder / "broken.tsr"
    broken.write_bytes(changed)
    checks.check(runs(*verify, "-in", broken, "-queryfile", query).returncode != 0, "openssl refuses a changed one")
    judge_by_ours(checks, program, folder, roots, reply, broken)


def judge_by_ours(checks, program, folder, roots, reply, broken):
    ours = [program, "verify", "--root", roots, "--lang", "en"]
    taken = runs(*ours, "--content", folder / "content", reply)
    checks.check(taken.returncode == 0 and b"Time: " in taken.stdout, "ours takes it and says the time: " + taken.stdout.decode())
    checks.check(runs(*ours, "--content", folder / "other", reply).returncode != 0, "ours refuses it for another file")
    checks.check(runs(*ours, "--content", folder / "content", broken).returncode != 0, "ours refuses a changed one")


def status_of(reply):
    return runs("openssl", "ts", "-reply", "-in", reply, "-text").stdout.decode()


def main():
    program, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "content").write_text("Notice 2026-20\n")
    (folder / "other").write_text("Notice 2026-21\n")
    checks = Checks()
    node = DemoNode(str(program), str(folder / "node"))
    try:
        roots = folder / "roots.pem"
        roots.write_bytes(node.call("GET", "/tsa/roots.pem").body)
        judge(checks, program, folder, roots, *ask(node, folder, "sha256", "-sha256", "-cert"))
        # openssl reads an SM3 token and cannot judge its SM2 signature: ours does.
        _, sm3 = ask(node, folder, "sm3", "-sm3", "-cert")
        checks.check("Hash Algorithm: sm3" in status_of(sm3), "openssl reads the SM3 token")
        broken = folder / "broken-sm3.tsr"
        broken.write_bytes(sm3.read_bytes()[:-1] + bytes([sm3.read_bytes()[-1] ^ 1]))
        judge_by_ours(checks, program, folder, roots, sm3, broken)
        _, again = ask(node, folder, "again", "-sha256", "-cert", "-no_nonce")
        numbers = [next(l for l in status_of(r).splitlines() if "Serial" in l) for r in (folder / "sha256.tsr", sm3, again)]
        checks.check(len(set(numbers)) == 3, "no serial number comes twice")
        _, refused = ask(node, folder, "sha1", "-sha1")
        checks.check("unrecognized or unsupported algorithm" in status_of(refused), "SHA-1 is refused: " + status_of(refused))
        _, refused = ask(node, folder, "policy", "-sha256", "-tspolicy", "1.2.3.4")
        checks.check("policy is not supported" in status_of(refused), "another policy is refused: " + status_of(refused))
    finally:
        node.stop()
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main())

#!/usr/bin/env python3
"""A node on a small volume that fills up: writing is refused with a reason, reading and proving go on, nothing that was
acknowledged is lost, and writing goes on when the volume has grown. First the node fills the volume itself; then
somebody else does.

    tests/chaos/disk_full.py PROGRAM WORK_DIRECTORY

Needs root, for a tmpfs of its own. The last line is "N passed, N failed[, N skipped]"."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/interop/api"))
from demo_node import DemoNode  # noqa: E402

MIB = 1 << 20
# Room for what a young store sets aside for its log, so that the node reaches the reserve and not the end.
VOLUME_MIB, RESERVE_MIB, GROWN_MIB = 320, 128, 640
DIGESTS_A_BATCH = 60_000  # 1.9 MB that the node keeps, each
FEW_REFUSALS = 20
PATIENCE_S = 60
CLERK = "lin"


class Volume:
    def __init__(self, path):
        self.path = path
        path.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={VOLUME_MIB}m", "chancery-test", str(path)], check=True)

    def grow(self, mib):
        subprocess.run(["mount", "-o", f"remount,size={mib}m", str(self.path)], check=True)

    def free_mib(self):
        facts = os.statvfs(self.path)
        return facts.f_bavail * facts.f_frsize // MIB

    def close(self):
        subprocess.run(["umount", "-l", str(self.path)], check=True)


class SmallDisk:
    def __init__(self, program, work):
        self.program, self.work = program, work
        self.volume = Volume(work / "volume")
        self.node = None
        self.acknowledged = []  # numbers of deposits that the node called final
        self.passed = self.failed = 0

    def check(self, holds, what):
        print(("ok      " if holds else "FAILED  ") + what, flush=True)
        if holds:
            self.passed += 1
        else:
            self.failed += 1
        return holds

    def start(self):
        self.node = DemoNode(self.program, str(self.volume.path / "node"), "--empty", "--reserve-mib", str(RESERVE_MIB))

    def deposit(self, count):
        answer = self.node.call("POST", "/v1/evidence/batches?phase=collected", os.urandom(32 * count), account=CLERK,
                                headers={"Content-Type": "application/octet-stream"})
        if answer.status == 201:
            self.acknowledged.append(answer.json()["evidence"]["number"])
        return answer

    def alive(self):
        return self.node.process.poll() is None

    def fill(self):
        """Deposits until the node refuses."""
        while self.volume.free_mib() > 0:
            answer = self.deposit(DIGESTS_A_BATCH)
            if answer.status != 201:
                return answer
        raise RuntimeError("the volume is full and the node never refused")

    def check_refusals(self, first, how):
        self.check(first.status in (503, 504), f"{how}: the write is refused ({first.status} {first.json().get('code')})")
        answers = [self.deposit(DIGESTS_A_BATCH) for _ in range(FEW_REFUSALS)]
        codes = sorted({(answer.status, answer.json()["code"]) for answer in answers})
        self.check(codes == [(503, "node.read_only")], f"{how}: {FEW_REFUSALS} more are refused as {codes}, remedy: {answers[0].json()['remedy']}")
        issued = self.node.call("POST", "/v1/credentials", {"type": "residence-certificate", "fields": self.resident()}, account=CLERK)
        self.check((issued.status, issued.json().get("code")) == (503, "node.read_only"), f"{how}: so is a certificate ({issued.status})")
        ready = self.node.call("GET", "/readyz")
        self.check(b"read_only" in ready.body, f"{how}: /readyz says so ({ready.status})")
        self.check(self.alive(), f"{how}: the node lives, {self.volume.free_mib()} MiB are free")

    def resident(self):
        with open(self.node.facts["register"], encoding="utf-8") as register:
            return json.loads(next(register))

    def check_reads(self, how):
        receipts = self.work / "receipts"
        shutil.rmtree(receipts, ignore_errors=True)
        receipts.mkdir()
        served = 0
        for number in self.acknowledged:
            answer = self.node.call("GET", f"/v1/evidence/{number}/receipt.json")
            served += answer.status == 200
            (receipts / f"{number}.receipt.json").write_bytes(answer.body)
        self.check(served == len(self.acknowledged), f"{how}: {served} of {len(self.acknowledged)} acknowledged deposits have their receipts")
        done = subprocess.run([self.program, "verify", str(receipts), "--trust", self.node.facts["trust"], "--json"], capture_output=True, text=True)
        verdict = json.loads(done.stdout)
        self.check(done.returncode == 0 and verdict["passed"] == served, f"{how}: {verdict['passed']} of them verify offline")

    def wait_until_writable(self, how):
        begin = time.monotonic()
        while time.monotonic() < begin + PATIENCE_S:
            if self.deposit(10).status == 201:
                return self.check(True, f"{how}: writing goes on after {time.monotonic() - begin:.1f} s")
            time.sleep(0.1)
        return self.check(False, f"{how}: writing does not go on")

    def play(self):
        self.start()
        for _ in range(5):
            self.deposit(1_000)
        first = self.fill()
        self.check_refusals(first, "filled by the node")
        self.check_reads("filled by the node")
        self.volume.grow(GROWN_MIB)
        self.wait_until_writable("after growing")
        # Others leave the node nothing at all: not even its reserve.
        filler = self.volume.path / "filler"
        with open(filler, "wb") as file:
            try:
                while True:
                    file.write(bytes(MIB))
                    file.flush()
            except OSError:
                pass
        self.check(self.volume.free_mib() == 0, "filled by others: 0 MiB are free")
        time.sleep(0.5)  # the node looks five times a second
        self.check_refusals(self.deposit(10), "filled by others")
        self.check_reads("filled by others")
        filler.unlink()
        self.wait_until_writable("after making room")
        self.check(self.node.stop() == 0, "the node stops cleanly")
        self.start()
        self.check_reads("after a restart")
        self.check(self.node.stop() == 0, "and stops again")

    def close(self):
        if self.node and self.alive():
            self.node.process.kill()
            self.node.process.wait()
        self.volume.close()


def main():
    program, work = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    if os.geteuid() != 0:
        print("disk full: skipped, mounting a small volume needs root")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    if os.path.ismount(work / "volume"):
        subprocess.run(["umount", "-l", str(work / "volume")], check=True)
    shutil.rmtree(work, ignore_errors=True)
    try:
        disk = SmallDisk(program, work)
    except subprocess.CalledProcessError as error:
        print(f"disk full: skipped, no volume can be mounted here: {error}")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    try:
        disk.play()
    except Exception as error:  # whatever breaks the story is a failure of it, and the volume must go
        disk.check(False, f"the story broke off: {error!r}")
    finally:
        disk.close()
    print(f"{disk.passed} passed, {disk.failed} failed")
    return 1 if disk.failed else 0


if __name__ == "__main__":
    sys.exit(main())

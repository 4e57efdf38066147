#!/usr/bin/env python3
"""A fifth node joins a running network of four by a snapshot, without a vote and without the blocks before it: it refuses
a chunk that was tampered with, goes on where it stopped, reaches the height and the roots of the others, follows them,
and serves receipts that verify offline.

    tests/network/join_by_snapshot.py PROGRAM WORK_DIRECTORY [PORT] [RECORDS]

Needs CometBFT (tools/install.sh --network). The work directory is emptied. The last line is "N passed, N failed"."""
import concurrent.futures
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid

from ports import free_base

CLERK = "lin"
OBSERVER = "audit"
CALLERS = 48
START_TIMEOUT_S = 180
CATCH_UP_TIMEOUT_S = 120
PATIENCE_S = 30
LIVE_BLOCKS = 5
KILL_AFTER_S = 4


class Failed(Exception):
    pass


class Api:
    """The HTTP interface of one node."""

    def __init__(self, port):
        self.port = port
        self.token = None

    def call(self, method, path, body=None):
        headers = {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=None if body is None else json.dumps(body), headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def get(self, path):
        status, body = self.call("GET", path)
        if status != 200:
            raise Failed(f"GET {path}: {status} {body[:300]}")
        return json.loads(body)

    def log_in(self, account, passphrase):
        status, body = self.call("POST", "/v1/session", {"account": account, "passphrase": passphrase})
        if status != 201:
            raise Failed(f"login of {account}: {status} {body[:300]}")
        self.token = json.loads(body)["token"]

    def deposit(self):
        for _ in range(20):
            status, body = self.call("POST", "/v1/evidence", {"sm3": os.urandom(32).hex(), "phase": "collected"})
            if status == 201:
                return json.loads(body)
            if status not in (429, 503, 504):
                break
            time.sleep(0.5)
        raise Failed(f"deposit: {status} {body[:300]}")

    def head(self):
        return self.get("/v1/status")["head"]


class Scenario:
    def __init__(self, program, work, port, records):
        self.program, self.work, self.port, self.records = program, work, port, records
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("CHANCERY_")}
        self.environment |= {"LANG": "en", "CHANCERY_PASSPHRASE": "a passphrase of the observer"}
        if os.environ.get("CHANCERY_COMETBFT"):
            self.environment["CHANCERY_COMETBFT"] = os.environ["CHANCERY_COMETBFT"]
        self.processes = []
        self.passed = self.failed = 0

    # --- tools
    def expect(self, holds, what):
        print(("ok      " if holds else "FAILED  ") + what, flush=True)
        if holds:
            self.passed += 1
        else:
            self.failed += 1

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=600, check=False)

    def must(self, *arguments):
        done = self.run(*arguments)
        if done.returncode != 0:
            raise Failed(f"{' '.join(arguments)} ended with {done.returncode}: {(done.stderr or done.stdout)[-800:]}")
        return done.stdout

    def start(self, name, *arguments):
        """A server that prints one JSON document once it serves."""
        log = open(self.work / f"{name}.log", "wb")
        process = subprocess.Popen([self.program, *arguments, "--json", "--quiet"], env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=log)
        self.processes.append(process)
        text = ""
        while True:
            line = process.stdout.readline().decode()
            if not line:
                raise Failed(f"{name} did not start, see {log.name}")
            text += line
            try:
                return process, json.loads(text)
            except ValueError:
                continue

    def stop_all(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(timeout=60)
                except subprocess.TimeoutExpired:
                    process.kill()

    @staticmethod
    def wait_until(holds, timeout_s):
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            try:
                if holds():
                    return True
            except (Failed, OSError, KeyError, http.client.HTTPException):
                pass
            time.sleep(0.3)
        return False

    # --- the story
    def found_network(self):
        _, facts = self.start("network", "network", "up", "--orgs", "4", "--empty", "--directory", str(self.work / "net"), "--port",
                              str(self.port))
        self.members = [pathlib.Path(node["directory"]) for node in facts["nodes"]]
        self.trust = facts["trust"]
        self.first = Api(self.port)
        self.first.log_in(CLERK, facts["passphrase"])

    def load(self, count):
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(CALLERS) as pool:
            deposits = list(pool.map(lambda _: self.first.deposit(), range(count)))
        print(f"        {count} deposits in {time.monotonic() - begin:.1f} s", flush=True)
        return deposits

    def take_snapshot(self):
        self.snapshot = json.loads(self.must("snapshot", "create", "--directory", str(self.members[0]), "--json"))
        print(f"        snapshot {self.snapshot}", flush=True)
        self.expect(self.snapshot["records"] >= self.records, "the snapshot holds the records that were loaded")
        for _ in range(3):  # the blocks after it
            self.first.deposit()
            time.sleep(0.5)

    def make_observer(self):
        self.observer = self.work / OBSERVER
        file = self.work / "audit.json"
        self.must("network", "create", "--directory", str(self.observer), "--id", OBSERVER, "--name-zh", "审计", "--address",
                  f"127.0.0.1:{self.port + 150}", "--engine-address", f"127.0.0.1:{self.port + 250}", "--out", str(file))
        for member in self.members:
            self.must("network", "admit", str(file), "--directory", str(member), "--yes")
        self.must("network", "observe", "--directory", str(self.observer), "--genesis", str(self.members[0] / "genesis.json"), "--peers",
                  str(self.members[0] / "peers.json"), "--yes")
        self.first_name = json.loads((self.members[0] / "peers.json").read_text("utf-8"))["node"]

    def refuse_a_tampered_chunk(self):
        directory = self.members[0] / "snapshots" / str(self.snapshot["height"])
        chunk = sorted(directory.glob("chunk-*"))[-1]
        content = chunk.read_bytes()
        chunk.write_bytes(content[:-7] + bytes([content[-7] ^ 1]) + content[-6:])
        arguments = ("snapshot", "fetch", "--directory", str(self.observer), "--peer", self.first_name, "--json")
        # The members' nodes take up the new peer by themselves, a little later.
        until = time.monotonic() + PATIENCE_S
        while True:
            refused = self.run(*arguments)
            said = refused.stdout + refused.stderr
            if "not the bytes" in said or time.monotonic() > until:
                break
            time.sleep(1)
        self.expect(refused.returncode != 0 and "not the bytes" in said, "a tampered chunk is refused: " + said.strip()[-200:])
        self.expect(not (self.observer / "store").exists(), "nothing was installed")
        chunk.write_bytes(content)

    def fetch(self):
        begin = time.monotonic()
        joined = json.loads(self.must("snapshot", "fetch", "--directory", str(self.observer), "--json"))
        print(f"        fetched {joined['fetched']} of {joined['chunks']} chunks in {time.monotonic() - begin:.2f} s", flush=True)
        self.expect(joined["fetched"] == 1, "the second attempt fetches only the chunk that was refused")
        self.expect(joined["height"] == self.snapshot["height"] and joined["state_root"] == self.snapshot["state_root"],
                    "the new store has the snapshot's height and state root")

    def engine_status(self):
        """CometBFT's own answer, over the socket in the observer's directory."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(30)
            connection.connect(str(self.observer / "engine/rpc.sock"))
            connection.sendall(b"GET /status HTTP/1.0\r\nHost: localhost\r\n\r\n")
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        return json.loads(answer.split(b"\r\n\r\n", 1)[1])["result"]

    def same_head(self):
        here, there = self.first.head(), self.joined.head()
        return here if here == there else None

    def follow(self):
        port = self.port + 50
        # Killed while its engine still looks for its place: the next start begins that again.
        killed, _ = self.start("observer-killed", "serve", "--directory", str(self.observer), "--port", str(port))
        time.sleep(KILL_AFTER_S)
        killed.kill()
        killed.wait(timeout=60)
        begin = time.monotonic()
        self.observing, _ = self.start("observer", "serve", "--directory", str(self.observer), "--port", str(port))
        self.joined = Api(port)
        reached = self.wait_until(lambda: self.joined.head()["height"] >= self.first.head()["height"], CATCH_UP_TIMEOUT_S)
        print(f"        at the others' height after {time.monotonic() - begin:.1f} s", flush=True)
        self.expect(reached, "the observer reaches the height of the network")
        self.expect(self.wait_until(self.same_head, PATIENCE_S), "its head has the same roots")
        earliest = int(self.engine_status()["sync_info"]["earliest_block_height"])
        self.expect(earliest == self.snapshot["height"] + 1, f"its engine begins behind the snapshot, at block {earliest}")
        self.live = []
        for _ in range(LIVE_BLOCKS):
            self.live.append(self.first.deposit())
        self.expect(self.wait_until(self.same_head, PATIENCE_S), "it follows the blocks that come")

    def verify_receipts(self, before):
        for when, deposit in (("before", before[-1]), ("after", self.live[-1])):
            path = f"/v1/evidence/{deposit['evidence']['number']}/receipt"
            receipt = self.work / f"{when}.receipt.json"

            def served(path=path, receipt=receipt):
                status, body = self.joined.call("GET", path)
                receipt.write_bytes(body)
                return status == 200
            self.expect(self.wait_until(served, PATIENCE_S), f"the observer serves the receipt of a deposit {when} the snapshot")
            verdict = self.run("verify", str(receipt), "--trust", str(self.trust))
            self.expect(verdict.returncode == 0, f"and it verifies offline {(verdict.stdout + verdict.stderr)[-200:] if verdict.returncode else ''}")

    def restart_observer(self):
        self.observing.send_signal(signal.SIGTERM)
        self.observing.wait(timeout=60)
        self.first.deposit()
        self.observing, _ = self.start("observer-again", "serve", "--directory", str(self.observer), "--port", str(self.port + 50))
        self.expect(self.wait_until(self.same_head, CATCH_UP_TIMEOUT_S), "after a restart it catches up by itself")

    def play(self):
        try:
            self.found_network()
            before = self.load(self.records)
            self.take_snapshot()
            self.make_observer()
            self.refuse_a_tampered_chunk()
            self.fetch()
            self.follow()
            self.verify_receipts(before)
            self.restart_observer()
        except (Failed, OSError, subprocess.TimeoutExpired) as error:
            self.expect(False, str(error))
        finally:
            self.stop_all()


def main():
    program, work = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    # The fifth node is number 50.
    port = int(sys.argv[3]) if len(sys.argv) > 3 else free_base([*range(4), 50])
    records = int(sys.argv[4]) if len(sys.argv) > 4 else 3000
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    scenario = Scenario(program, work, port, records)
    scenario.play()
    print(f"{scenario.passed} passed, {scenario.failed} failed")
    return 0 if scenario.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Four real nodes under load while things go wrong, one after another. After each fault the same is asked: does the network
do what it promised, is nothing lost that was acknowledged, and do all nodes have the same roots at every height.

    tests/network/chaos.py PROGRAM WORK_DIRECTORY

The last line is "N passed, N failed"."""
import calendar
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import light_client  # noqa: E402
from local_network import LocalNetwork  # noqa: E402

CLIENTS_A_NODE = 4
REJOIN_S = 10
HALT_S = 6
CATCH_UP_S = 30
CLOCK_AHEAD_S = 3600


class Load:
    """A client at each node that deposits without a pause and repeats under the same key what got no answer."""

    def __init__(self, network):
        self.network = network
        self.acknowledged = {}  # transaction id -> (height, number)
        self.refused = {}
        self.lock = threading.Lock()
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(node,), daemon=True) for node in network.nodes
                        for _ in range(CLIENTS_A_NODE)]
        for thread in self.threads:
            thread.start()

    def run(self, node):
        key, digest = None, None
        while not self.ending.is_set():
            key, digest = key or str(uuid.uuid4()), digest or os.urandom(32).hex()
            try:
                answer = node.deposit(key, digest, timeout_s=15)
            except (OSError, http.client.HTTPException, KeyError, ValueError):
                time.sleep(0.1)
                continue
            if answer.status in (200, 201):
                made = answer.json()
                with self.lock:
                    self.acknowledged[made["transaction"]["id"]] = (made["transaction"]["height"],
                                                                    made["evidence"]["number"])
                key, digest = None, None
            elif answer.status == 401:
                node.token = None
            else:
                with self.lock:
                    code = answer.json().get("code", str(answer.status))
                    self.refused[code] = self.refused.get(code, 0) + 1
                time.sleep(0.1)

    def count(self):
        with self.lock:
            return len(self.acknowledged)

    def end(self):
        self.ending.set()
        for thread in self.threads:
            thread.join(30)


class Chaos:
    def __init__(self, program, work):
        self.program, self.work = program, pathlib.Path(work)
        self.passed = self.failed = 0
        self.network = LocalNetwork(program, work)
        self.nodes = self.network.nodes
        self.load = None

    def check(self, holds, what):
        print(("ok      " if holds else "FAILED  ") + what, flush=True)
        if holds:
            self.passed += 1
        else:
            self.failed += 1
        return holds

    def advances(self, nodes, timeout_s):
        """Seconds until all of these have a block more than the furthest of them has now, or None."""
        target = 1 + max(self.height_of(node) for node in nodes)
        return self.network.wait_for_height(target, timeout_s, nodes)

    def more_than(self, before):
        begin = time.monotonic()
        while self.load.count() <= before and time.monotonic() - begin < CATCH_UP_S:
            time.sleep(0.1)
        return self.load.count() > before

    @staticmethod
    def height_of(node):
        for _ in range(50):
            try:
                return node.height()
            except (OSError, http.client.HTTPException, KeyError, ValueError):
                time.sleep(0.1)
        return 0

    def within(self, seconds, limit_s, what):
        self.check(seconds is not None and seconds < limit_s,
                   f"{what}: {'never' if seconds is None else f'{seconds:.1f} s'} (must be under {limit_s} s)")

    def killed(self, victim):
        others = [node for node in self.nodes if node is not victim]
        before = self.load.count()
        victim.kill()
        self.within(self.advances(others, CATCH_UP_S), CATCH_UP_S, f"kill -9 of {victim.organisation}: the others go on")
        self.check(self.more_than(before), "  and acknowledge further deposits")
        head = max(self.height_of(node) for node in others)
        begin = time.monotonic()
        victim.start()
        caught_up = self.network.wait_for_height(head, CATCH_UP_S, [victim])
        self.within(None if caught_up is None else time.monotonic() - begin, REJOIN_S, "  started again, it has what it missed")
        self.within(self.advances(self.nodes, CATCH_UP_S), CATCH_UP_S, "  and goes along")

    def all_killed(self):
        for node in self.nodes:
            node.kill()
        for node in self.nodes:
            node.start()
        self.within(self.advances(self.nodes, CATCH_UP_S), CATCH_UP_S, "kill -9 of all four, started again: they go on")

    def halves(self):
        self.network.links.partition((0, 1), (2, 3))
        time.sleep(1)
        before = [self.height_of(node) for node in self.nodes]
        time.sleep(HALT_S)
        after = [self.height_of(node) for node in self.nodes]
        self.check(max(after) <= max(before) + 1, f"two and two: nothing becomes final ({before} -> {after})")
        self.network.links.heal()
        self.within(self.advances(self.nodes, CATCH_UP_S), REJOIN_S, "  healed, all go on")

    def one_alone(self):
        self.network.links.partition((0, 1, 2), (3,))
        time.sleep(1)
        alone_before = self.height_of(self.nodes[3])
        self.within(self.advances(self.nodes[:3], CATCH_UP_S), REJOIN_S, "three and one: the three go on")
        time.sleep(HALT_S)
        alone_after = self.height_of(self.nodes[3])
        head = self.height_of(self.nodes[0])
        self.check(alone_after <= alone_before + 1 and head > alone_after,
                   f"  and the one does not ({alone_before} -> {alone_after}, the three are at {head})")
        self.network.links.heal()
        self.within(self.network.wait_for_height(head, CATCH_UP_S), REJOIN_S, "  healed, the one catches up")

    def frozen(self, what, pid, node):
        others = [other for other in self.nodes if other is not node]
        os.kill(pid, signal.SIGSTOP)
        self.within(self.advances(others, CATCH_UP_S), CATCH_UP_S, f"{what} of {node.organisation} stands still: the others go on")
        time.sleep(2)
        os.kill(pid, signal.SIGCONT)
        self.within(self.advances(self.nodes, CATCH_UP_S), CATCH_UP_S, "  it moves again, and catches up")

    def engine_killed(self, node):
        os.kill(node.engine_pid(), signal.SIGKILL)
        self.within(self.advances(self.nodes, CATCH_UP_S), CATCH_UP_S,
                    f"kill -9 of the engine of {node.organisation}: it is started again")
        self.check(node.alive(), "  and the node itself lives")

    def wrong_clock(self, node):
        """A library laid under the node alone moves its clock; a proposal with its time must find no votes."""
        library = self.work / "clock_ahead.so"
        source = pathlib.Path(__file__).with_name("clock_ahead.c")
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
        node.stop()
        node.start({"LD_PRELOAD": str(library), "CLOCK_AHEAD_S": str(CLOCK_AHEAD_S)})
        others = [other for other in self.nodes if other is not node]
        for _ in range(3):
            if self.advances(others, CATCH_UP_S) is None:
                self.check(False, f"clock of {node.organisation} an hour ahead: the others go on")
                break
        else:
            self.check(True, f"clock of {node.organisation} an hour ahead: the others go on")
        block = others[0].call("GET", "/v1/blocks/head").json()
        now = time.time()
        stamp = time.strptime(block["time"][:19], "%Y-%m-%dT%H:%M:%S")
        ahead = calendar.timegm(stamp) - now
        self.check(abs(ahead) < 60, f"  and no block has its time ({ahead:+.0f} s)")
        node.stop()
        node.start()
        self.within(self.advances(self.nodes, CATCH_UP_S), CATCH_UP_S, "  with the clock set, it goes along")

    def altered_store(self, node):
        """Bytes inside its files change while it is down."""
        node.stop()
        store = node.directory / "store"
        kept = self.work / "kept-store"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(store, kept)
        for path in [*store.glob("*.sst"), *store.glob("*.log")]:
            content = bytearray(path.read_bytes())
            for at in range(len(content) // 3, len(content), max(1, len(content) // 3)):
                content[at] ^= 0x40
            path.write_bytes(content)
        try:
            node.start()
            begin = time.monotonic()
            while node.alive() and node.call("GET", "/v1/status", timeout_s=5).json()["writable"]:
                if time.monotonic() - begin > CATCH_UP_S:
                    break
                time.sleep(0.2)
            stopped = not node.alive() or not node.call("GET", "/v1/status", timeout_s=5).json()["writable"]
        except (RuntimeError, OSError, http.client.HTTPException, ValueError):
            stopped = True
        said = (node.directory / "stderr.log").read_bytes()[-4000:] + (node.directory / "node.log").read_bytes()[-4000:]
        self.check(stopped, f"the store of {node.organisation} is altered: the node does not work on it")
        self.check(b"corrupt" in said.lower(), "  and says so")
        others = [other for other in self.nodes if other is not node]
        self.within(self.advances(others, CATCH_UP_S), CATCH_UP_S, "  the others go on")
        if node.alive():
            node.kill()
        shutil.rmtree(store)
        shutil.copytree(kept, store)
        node.start()
        self.within(self.advances(self.nodes, CATCH_UP_S), CATCH_UP_S, "  with its store as it was, it goes along")

    def followed(self):
        cometbft = os.environ.get("CHANCERY_COMETBFT") or shutil.which("cometbft") or str(
            pathlib.Path(__file__).resolve().parents[2] / "third_party/download/bin/cometbft")
        height, seen, expected = light_client.follow(cometbft, self.work, self.nodes)
        self.check(seen == expected, f"CometBFT's light client follows to height {height}: the hash that it verified is that "
                                     f"of the ledger's roots ({seen[:16]}…)")

    def same_everywhere(self):
        heights = [self.height_of(node) for node in self.nodes]
        low = min(heights)
        differing = 0
        for height in range(1, low + 1):
            blocks = [node.call("GET", f"/v1/blocks/{height}").json() for node in self.nodes]
            if len({(block["state_root"], block["history_root"], block["hash"]) for block in blocks}) != 1:
                differing += 1
        self.check(differing == 0, f"state root, history root and hash are the same on all nodes at each of {low} heights")

    def nothing_lost(self):
        lost = moved = 0
        for identifier, (height, _) in self.load.acknowledged.items():
            for node in self.nodes:
                found = node.call("GET", f"/v1/transactions/{identifier}")
                if found.status != 200:
                    lost += 1
                elif found.json().get("height") != height:
                    moved += 1
        self.check(lost == 0 and moved == 0,
                   f"{len(self.load.acknowledged)} acknowledged deposits are on all nodes where they were said to be "
                   f"({lost} lost, {moved} moved)")

    def receipts(self):
        good = 0
        some = list(self.load.acknowledged)[:: max(1, len(self.load.acknowledged) // 12)]
        for number, identifier in enumerate(some):
            node = self.nodes[number % len(self.nodes)]
            path = self.work / "receipt.json"
            path.write_bytes(node.call("GET", f"/v1/transactions/{identifier}/receipt.json").body)
            run = subprocess.run([self.program, "verify", str(path), "--trust", self.network.trust, "--json"],
                                 capture_output=True, text=True)
            good += run.returncode == 0
        self.check(good == len(some), f"{good} of {len(some)} receipts verify offline, from whichever node")

    def run(self):
        self.network.start()
        self.load = Load(self.network)
        self.within(self.advances(self.nodes, CATCH_UP_S), CATCH_UP_S, "four nodes with a load: they go on")
        for node in self.nodes:
            self.killed(node)
        self.halves()
        self.one_alone()
        self.frozen("the node", self.nodes[1].process.pid, self.nodes[1])
        self.frozen("the engine", self.nodes[2].engine_pid(), self.nodes[2])
        self.engine_killed(self.nodes[3])
        self.wrong_clock(self.nodes[2])
        self.altered_store(self.nodes[3])
        self.all_killed()
        self.followed()
        self.load.end()
        head = max(self.height_of(node) for node in self.nodes)
        self.network.wait_for_height(head, CATCH_UP_S)
        self.same_everywhere()
        self.nothing_lost()
        self.receipts()
        codes = self.network.stop()
        self.check(all(code == 0 for code in codes), f"all four stop cleanly ({codes})")
        print(f"refusals while things were wrong: {json.dumps(self.load.refused)}")


def main():
    program, work = sys.argv[1:3]
    chaos = Chaos(program, work)
    try:
        chaos.run()
    except Exception as error:  # noqa: BLE001: whatever it was, the nodes must go and the total must be printed
        chaos.check(False, f"{type(error).__name__}: {error}")
    for node in chaos.nodes:
        if node.alive():
            node.kill()
    print(f"{chaos.passed} passed, {chaos.failed} failed")
    return 0 if chaos.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())

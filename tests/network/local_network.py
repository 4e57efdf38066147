"""Four organisations on this machine, each with a real node of its own, joined by wires that can be cut."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import uuid

from links import Links
from ports import free_base

NODES = 4
# An office's own clerk signs at the office's own node.
CLERKS = {"mawei-data": "wu", "xingang-community": "lin", "mawei-civil-affairs": "chen", "mawei-housing": "li"}
START_TIMEOUT_S = 120


class Answer:
    def __init__(self, status, body):
        self.status, self.body = status, body

    def json(self):
        return json.loads(self.body)


class NetworkNode:
    def __init__(self, network, number, organisation, directory):
        self.network, self.number, self.organisation = network, number, organisation
        self.directory = pathlib.Path(directory)
        self.clerk = CLERKS[organisation]
        self.process = None
        self.port = 0
        self.token = None

    def start(self, environment=None):
        log = open(self.directory / "stderr.log", "ab")
        self.process = subprocess.Popen(
            [self.network.program, "serve", "--json", "--quiet", "--directory", str(self.directory), "--port", "0",
             "--log", str(self.directory / "node.log")],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
            env={**os.environ, "CHANCERY_PASSPHRASE": self.network.node_passphrase, **(environment or {})})
        text = ""
        while True:
            line = self.process.stdout.readline().decode()
            if not line:
                raise RuntimeError(f"{self.organisation} did not start, see {self.directory}/stderr.log")
            text += line
            try:
                self.port = int(json.loads(text)["address"].rsplit(":", 1)[1])
                break
            except ValueError:
                continue
        self.token = None

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """The node dies without a word; its engine, which it can no longer stop, with it."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def engine_pid(self):
        for line in subprocess.run(["pgrep", "-f", f"cometbft.*{self.directory}/engine"], capture_output=True,
                                   text=True).stdout.split():
            return int(line)
        return None

    def call(self, method, path, body=None, headers=None, timeout_s=40):
        sent = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read())
        finally:
            connection.close()

    def log_in(self):
        if self.token is None:
            answer = self.call("POST", "/v1/session",
                               {"account": self.clerk, "passphrase": self.network.member_passphrase})
            if answer.status not in (200, 201):
                raise OSError(f"{self.organisation}: log-in answers {answer.status} {answer.body[:200]}")
            self.token = answer.json()["token"]
        return self.token

    def deposit(self, key=None, digest=None, timeout_s=40):
        """One deposit by the office's clerk. The answer, also a refusal; OSError when there is none."""
        return self.call("POST", "/v1/evidence",
                         {"sm3": digest or os.urandom(32).hex(), "size_bytes": 1, "media_type": "text/plain",
                          "phase": "collected"},
                         {"Authorization": "Bearer " + self.log_in(), "Idempotency-Key": key or str(uuid.uuid4())},
                         timeout_s)

    def height(self):
        return self.call("GET", "/v1/status", timeout_s=10).json()["head"]["height"]


class LocalNetwork:
    def __init__(self, program, work):
        self.program = str(pathlib.Path(program).resolve())
        self.work = pathlib.Path(work).resolve()
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.links = Links()
        self.nodes = []
        self.create()
        self.rewire()

    def create(self):
        """The one command makes the network; its nodes are then started one by one, so that each may die alone."""
        process = subprocess.Popen(
            [self.program, "network", "up", "--json", "--quiet", "--orgs", str(NODES), "--directory",
             str(self.work / "network"), "--port", str(free_base(range(NODES)))],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=open(self.work / "up.err", "wb"))
        text = ""
        while True:
            line = process.stdout.readline().decode()
            if not line:
                raise RuntimeError("the network did not come up: " + (self.work / "up.err").read_text()[-2000:])
            text += line
            try:
                facts = json.loads(text)
                break
            except ValueError:
                continue
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=90)
        logins = json.loads((self.work / "network/demo-logins.json").read_text())
        self.node_passphrase, self.member_passphrase = logins["node_passphrase"], logins["member_passphrase"]
        self.trust = facts["trust"]
        for number, node in enumerate(facts["nodes"]):
            self.nodes.append(NetworkNode(self, number, node["organisation"], node["directory"]))

    def rewire(self):
        """Each node keeps its own addresses and finds every other one behind a wire."""
        number_of = {node.organisation: node.number for node in self.nodes}
        for node in self.nodes:
            path = node.directory / "peers.json"
            document = json.loads(path.read_text())
            for peer in document["peers"]:
                target = number_of[peer["organisation"]]
                if target == node.number:
                    continue
                for kind, member in (("peer", "address"), ("engine", "engine_address")):
                    host, port = peer[member].rsplit(":", 1)
                    peer[member] = f"{host}:{self.links.add(node.number, target, kind, int(port))}"
            path.write_text(json.dumps(document, indent=2))

    def start(self):
        for node in self.nodes:
            node.start()

    def stop(self):
        return [node.stop() for node in self.nodes if node.alive()]

    def heights(self):
        return [node.height() for node in self.nodes if node.alive()]

    def wait_for_height(self, height, timeout_s, nodes=None):
        """Seconds until all of `nodes` have reached `height`, or None."""
        begin = time.monotonic()
        while time.monotonic() - begin < timeout_s:
            try:
                if all(node.height() >= height for node in nodes or self.nodes):
                    return time.monotonic() - begin
            except (OSError, http.client.HTTPException, KeyError, ValueError):
                pass
            time.sleep(0.1)
        return None

"""Starts the real program on a demo network of its own, and talks to it as a client would."""
import http.client
import json
import pathlib
import signal
import subprocess
import time
import uuid


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, {k.lower(): v for k, v in headers}, body

    def json(self):
        return json.loads(self.body)


class DemoNode:
    START_TIMEOUT_S = 120

    def __init__(self, program, directory, *options):
        self.directory = pathlib.Path(directory)
        self.process = subprocess.Popen(
            [program, "dev", "--json", "--quiet", "--directory", directory, "--port", "0", *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=open(self.directory.parent / "node.err", "wb"))
        text = ""
        while True:
            line = self.process.stdout.readline().decode()
            if not line:
                raise RuntimeError(f"the node did not start, see {self.directory.parent}/node.err")
            text += line
            try:
                self.facts = json.loads(text)
                break
            except ValueError:
                continue
        self.address = self.facts["address"]
        self.host = self.address.removeprefix("http://")
        self.tokens = {}

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def call(self, method, path, body=None, headers=None, account=None, key=True):
        """One request; `account` logs in and signs. Dictionaries become JSON."""
        sent = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        if account:
            sent["Authorization"] = "Bearer " + self.token(account)
            if key and method != "GET":
                sent.setdefault("Idempotency-Key", str(uuid.uuid4()))
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        if answer.headers.get_content_type() == "text/event-stream":
            content = answer.read1(65536)
        else:
            content = answer.read()
        connection.close()
        return Answer(answer.status, answer.getheaders(), content)

    def token(self, account):
        if account not in self.tokens:
            answer = self.call("POST", "/v1/session", {"account": account, "passphrase": self.facts["passphrase"]})
            if answer.status != 201:
                raise RuntimeError(f"login of {account}: {answer.status} {answer.body[:200]}")
            self.tokens[account] = answer.json()["token"]
        return self.tokens[account]

    def wait_for_lists(self, timeout_s=20):
        """Until the read model shows all that is final now."""
        entries = self.call("GET", "/v1/status").json()["head"]["tree_size"]
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            shown = self.call("GET", "/v1/status").json()["read_model"]
            if shown["entries"] >= entries:
                return
            time.sleep(0.05)
        raise RuntimeError(f"the lists stay behind: {shown} of {entries}")

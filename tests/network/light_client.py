"""CometBFT's own light client follows the chain: it trusts one early header, checks the votes of the later ones itself, and the
application hash that it arrives at is the one that the ledger's roots give."""
import hashlib
import http.client
import json
import pathlib
import shutil
import subprocess
import threading
import time
import socket

START_TIMEOUT_S = 30


class UnixDoor:
    """A TCP port in front of an engine's socket: the light client speaks to addresses only."""

    def __init__(self, path):
        self.path = str(path)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.server.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.path)
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(source, target), daemon=True).start()

    @staticmethod
    def pump(source, target):
        try:
            while chunk := source.recv(65536):
                target.sendall(chunk)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.server.close()


def ask(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    if "error" in answer:
        raise OSError(json.dumps(answer["error"]))
    return answer["result"]


def application_hash(algorithm, state_root, history_root):
    """docs/formats/network-files.md: the hash over which CometBFT votes."""
    domain = b"chancery/app/1"
    parts = b"".join(len(part).to_bytes(8, "big") + part for part in (state_root, history_root))
    return hashlib.new(algorithm, bytes([len(domain)]) + domain + parts).hexdigest()


def follow(cometbft, work, nodes, algorithm="sm3"):
    """Returns what the light client verified: (height, its application hash, the one of the ledger's roots)."""
    doors = [UnixDoor(node.directory / "engine/rpc.sock") for node in nodes]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    try:
        status = ask(doors[0].port, "/status")
        chain = status["node_info"]["network"]
        first = int(status["sync_info"]["earliest_block_height"])
        trusted = ask(doors[0].port, f"/commit?height={first}")["signed_header"]["commit"]["block_id"]["hash"]
        height = min(node.height() for node in nodes) - 1
        home = pathlib.Path(work) / "light"
        shutil.rmtree(home, ignore_errors=True)
        addresses = [f"http://127.0.0.1:{door.port}" for door in doors]
        client = subprocess.Popen(
            [cometbft, "light", chain, "--primary", addresses[0], "--witnesses", ",".join(addresses[1:]), "--height", str(first),
             "--hash", trusted, "--laddr", f"tcp://127.0.0.1:{port}", "--home-dir", str(home)],
            stdout=open(pathlib.Path(work) / "light.log", "wb"), stderr=subprocess.STDOUT)
        try:
            begin = time.monotonic()
            while True:
                try:
                    header = ask(port, f"/commit?height={height + 1}")["signed_header"]["header"]
                    break
                except (OSError, http.client.HTTPException, ValueError):
                    if client.poll() is not None or time.monotonic() - begin > START_TIMEOUT_S:
                        raise
                    time.sleep(0.3)
        finally:
            client.terminate()
            client.wait()
        block = nodes[0].call("GET", f"/v1/blocks/{height}").json()
        expected = application_hash(algorithm, bytes.fromhex(block["state_root"]), bytes.fromhex(block["history_root"]))
        return height, header["app_hash"].lower(), expected
    finally:
        for door in doors:
            door.close()

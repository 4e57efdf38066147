#!/usr/bin/env python3
"""Deposits the digest of a file, signed by your own Ed25519 key; keeps and roughly checks the receipt.
usage: sign_and_submit.py SERVER ACCOUNT KEY.pem FILE   (needs: pip install cryptography)"""
import base64, hashlib, json, os, sys, time, urllib.request
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

def varint(n):
    return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + varint(n >> 7)

def number(field, value):  # a protobuf varint field
    return varint(field << 3) + varint(value)

def data(field, value):  # a protobuf bytes, string or message field
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value

def call(method, path, body=None):
    request = urllib.request.Request(server + path, method=method, headers={"Content-Type": "application/x-protobuf"}, data=body)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)

def root_from_proof(leaf, index, size, proof):  # RFC 9162 section 2.1.3.2
    node, last = hashlib.sha256(b"\0" + leaf).digest(), size - 1
    for sibling in proof:
        if index % 2 or index == last:
            node = hashlib.sha256(b"\1" + sibling + node).digest()
            while index % 2 == 0 and index != 0:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + sibling).digest()
        index, last = index >> 1, last >> 1
    assert last == 0, "the proof is too short"
    return node

server, account, key_file, file = sys.argv[1:5]
key = load_pem_private_key(open(key_file, "rb").read(), os.environ.get("KEY_PASSPHRASE", "").encode() or None)
public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
mine = [k for k in call("GET", f"/v1/accounts/{account}")["keys"] if k["public_key"] == public]
assert mine, f"the account {account} does not have this key"
network = call("GET", "/v1/network")
digest = hashlib.sha256(open(file, "rb").read()).digest()
deposit = data(2, digest) + number(3, os.path.getsize(file)) + data(5, "collected")  # proto/contracts/evidence.proto
now = int(time.time() * 1000)
body = (data(1, bytes.fromhex(network["network_id"])) + data(2, os.urandom(16)) + number(3, now - 5000)
        + number(4, now + 60000) + data(5, data(1, "evidence") + data(2, "deposit") + data(3, deposit)))
signature = data(1, account) + data(2, bytes.fromhex(mine[0]["key_id"])) + number(3, 1) + data(4, key.sign(body))
outcome = call("POST", "/v1/transactions?until=final", data(1, body) + data(2, signature))
print("final at height", outcome["height"], "transaction", outcome["id"])
receipt = call("GET", f"/v1/transactions/{outcome['id']}/receipt")
entry = base64.b64decode(receipt["entry"])
assert data(1, body) in entry, "the receipt is about another transaction"
lines = receipt["checkpoint"].split("\n")
root = root_from_proof(entry, receipt["leaf_index"], int(lines[1]), [base64.b64decode(p) for p in receipt["inclusion_proof"]])
assert root == base64.b64decode(lines[2]), "the entry is not in the log"
open(file + ".receipt.json", "w").write(json.dumps(receipt))
print(f"in the log; full check: chancery verify {file}.receipt.json --trust trust.json")

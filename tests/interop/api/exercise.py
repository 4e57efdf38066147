"""Does with every operation of the document what it is for, and checks that each answers 2xx at least once.
usage: exercise.py PROGRAM DIRECTORY     prints one line an operation, and "N passed, N failed" last"""
import base64
import hashlib
import json
import os
import re
import sys
import urllib.parse
import uuid

import yaml

from demo_node import DemoNode
from governance import governance
from transactions import signed_deposit


class Exercise:
    def __init__(self, node, document):
        self.node = node
        self.operations = {}  # (method, compiled path, is a template) -> id
        self.seen = {}        # operation id -> set of statuses
        for path, item in document["paths"].items():
            for method, operation in item.items():
                pattern = re.compile("^" + re.sub(r"\\\{path\\\}", ".+", re.escape(path)).replace("\\{", "{").replace("\\}", "}") + "$")
                pattern = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", pattern.pattern))
                self.operations[(method.upper(), pattern, "{" in path)] = operation["operationId"]
                self.seen[operation["operationId"]] = set()
        self.failures = []
        self.checks = 0

    def operation(self, method, path):
        path = path.split("?")[0]
        found = [(template, name) for (m, pattern, template), name in self.operations.items() if m == method and pattern.match(path)]
        return sorted(found)[0][1] if found else None

    def call(self, method, path, *args, expect=None, **kwargs):
        answer = self.node.call(method, path, *args, **kwargs)
        name = self.operation(method, path)
        if name:
            self.seen[name].add(answer.status)
        wanted = expect or range(200, 300)
        self.check(answer.status in wanted, f"{method} {path}: {answer.status} {answer.body[:300]}")
        return answer

    def check(self, holds, what):
        self.checks += 1
        if not holds:
            self.failures.append(what)
            print("FAIL", what)

    def refused(self, status, code, method, path, *args, **kwargs):
        """Every refusal is a problem with the right code, in both languages."""
        for language, expected in (("zh-CN", "zh-CN"), ("en", "en")):
            headers = dict(kwargs.pop("headers", None) or {}, **{"Accept-Language": language})
            answer = self.call(method, path, *args, expect=(status,), headers=headers, **kwargs)
            self.check(answer.headers.get("content-type") == "application/problem+json", f"{path}: no problem+json")
            self.check(answer.headers.get("content-language") == expected, f"{path}: language")
            self.check(answer.json().get("code") == code, f"{path}: {answer.json().get('code')} is not {code}")
            kwargs["headers"] = headers


def node_and_log(e):
    for path in ("/livez", "/readyz", "/metrics", "/v1/network", "/v1/trust", "/v1/status", "/v1/blocks", "/v1/blocks/head",
                 "/v1/blocks/1", "/v1/checkpoint", "/log/checkpoint"):
        e.call("GET", path)
    size = int(e.call("GET", "/log/checkpoint").body.split(b"\n")[1])
    e.call("GET", f"/v1/log/consistency?from=1&to={size}")
    inclusion = e.call("GET", f"/v1/log/inclusion?index={size - 1}").json()
    e.check(base64.b64decode(inclusion["entry"]) != b"", "an entry is empty")
    width = size % 256
    tile = f"/log/tile/0/{size // 256:03d}" + (f".p/{width}" if width else "") if width else "/log/tile/0/000"
    answer = e.call("GET", tile)
    e.check(len(answer.body) == 32 * (width or 256), f"{tile} has {len(answer.body)} bytes")
    e.check("immutable" in answer.headers.get("cache-control", ""), "tiles may be kept")
    e.refused(404, "state.not_found", "GET", "/log/tile/0/x999/999")
    e.refused(404, "state.not_found", "GET", "/v1/blocks/999999999")
    e.refused(422, "input.invalid_value", "GET", "/v1/log/consistency?from=5&to=4")


def timestamps(e):
    query = bytes.fromhex("303702010130" "2f300b0609608648016503040201" "0420") + bytes(32) + bytes.fromhex("0101ff")
    headers = {"Content-Type": "application/timestamp-query"}
    answer = e.call("POST", "/tsa", query, headers=headers)
    e.check(b"\x30\x03\x02\x01\x00" in answer.body[:16], "a timestamp is granted")
    e.check(e.call("POST", "/tsa", query, headers=headers).body != answer.body, "no serial number comes twice")
    e.check(b"\x30\x03\x02\x01\x00" not in e.call("POST", "/tsa", b"junk", headers=headers).body, "junk is refused inside the answer")
    e.refused(415, "input.unsupported_media_type", "POST", "/tsa", query, headers={"Content-Type": "text/plain"})
    e.check(e.call("GET", "/tsa/roots.pem").body.count(b"BEGIN CERTIFICATE") == 2, "two roots")


def session(e, clerk):
    e.call("GET", "/v1/session", account=clerk)
    e.refused(401, "permission.unauthenticated", "GET", "/v1/session")
    e.refused(401, "permission.unauthenticated", "POST", "/v1/session", {"account": clerk, "passphrase": "not this one"})
    login = e.call("POST", "/v1/session", {"account": clerk, "passphrase": e.node.facts["passphrase"]})
    cookie = login.headers["set-cookie"]
    e.check("HttpOnly" in cookie and "SameSite=Strict" in cookie, "the cookie is guarded")
    name_value = cookie.split(";")[0]
    e.call("GET", "/v1/session", headers={"Cookie": name_value})
    e.refused(403, "permission.forbidden", "DELETE", "/v1/session", headers={"Cookie": name_value})
    e.refused(403, "permission.forbidden", "DELETE", "/v1/session", headers={"Cookie": name_value, "Origin": "http://evil.example"})
    e.call("DELETE", "/v1/session", headers={"Cookie": name_value, "Origin": e.node.address})
    e.refused(401, "permission.unauthenticated", "GET", "/v1/session", headers={"Cookie": name_value})


def types(e, admin, organisation):
    schema = {"type": "object", "properties": {"holder_id": {"type": "string"}, "remark": {"type": "string"}}, "required": ["holder_id"]}
    name = "exercise-" + uuid.uuid4().hex[:8]
    definition = {"id": name, "name_zh": "演练证明", "name_en": "Exercise", "issuers": [organisation], "schema": schema}
    e.refused(400, "input.malformed", "POST", "/v1/credential-types", definition, account=admin, key=False)
    e.call("POST", "/v1/credential-types", definition, account=admin)
    e.call("GET", f"/v1/credential-types/{name}")
    e.call("GET", "/v1/credential-types?limit=2")
    e.call("PUT", f"/v1/credential-types/{name}", {"name_zh": "演练证明（二）", "issuers": [organisation], "expected_version": 1}, account=admin)
    e.refused(404, "state.not_found", "GET", "/v1/credential-types/no-such-type")
    return name


def credentials(e, issuer, revoker, type_name):
    fields = {"holder_id": "H-" + uuid.uuid4().hex[:10], "remark": "第一版"}
    key = str(uuid.uuid4())
    issued = e.call("POST", "/v1/credentials", {"type": type_name, "fields": fields}, account=issuer, headers={"Idempotency-Key": key})
    again = e.call("POST", "/v1/credentials", {"type": type_name, "fields": fields}, account=issuer, headers={"Idempotency-Key": key})
    e.check(issued.json()["transaction"] == again.json()["transaction"], "a repeated request gets the first answer")
    e.check(again.headers.get("idempotency-replayed") == "true", "a repeated answer says so")
    e.refused(422, "state.idempotency_mismatch", "POST", "/v1/credentials", {"type": type_name, "fields": dict(fields, remark="x")},
              account=issuer, headers={"Idempotency-Key": key})
    e.refused(422, "input.schema_mismatch", "POST", "/v1/credentials", {"type": type_name, "fields": {"remark": 1}}, account=issuer)
    e.refused(401, "permission.unauthenticated", "POST", "/v1/credentials", {"type": type_name, "fields": fields})
    e.refused(415, "input.unsupported_media_type", "POST", "/v1/credentials", b"{}", headers={"Content-Type": "text/plain"}, account=issuer)
    name = issued.json()["credential"]["id"]
    one = "/v1/credentials/" + urllib.parse.quote(name, safe="")
    shown = e.call("GET", one)
    e.call("GET", one, headers={"If-None-Match": shown.headers["etag"]}, expect=(304,))
    e.check(shown.json()["verdict"]["verdict"] == "valid", "a fresh credential is valid")
    e.check(fields["holder_id"] not in shown.body.decode(), "nothing personal is public")
    many = e.call("POST", "/v1/credentials/batch", {"credentials": [{"type": type_name, "fields": dict(fields, remark=str(i))} for i in range(5)]
                                                   + [{"type": type_name, "fields": {}}]}, account=issuer).json()
    e.check((many["issued"], many["failed"]) == (5, 1), f"5 issued, 1 failed: {many['issued']}, {many['failed']}")
    e.call("POST", one + "/annotate", {"text": "已核对"}, account=issuer)
    etag = e.call("GET", one).headers["etag"]
    before = e.call("GET", one).json()["height"]
    e.refused(412, "state.precondition_failed", "POST", one + "/suspend", {}, account=revoker, headers={"If-Match": '"1-' + "0" * 32 + '"'})
    e.call("POST", one + "/suspend", {}, account=revoker, headers={"If-Match": etag})
    e.check(e.call("GET", one).json()["verdict"]["verdict"] == "suspended", "it is suspended")
    e.call("POST", one + "/resume", {}, account=revoker)
    purpose = {"purpose": "exercise of the interface"}
    e.call("POST", one + "/annotation-texts", purpose, account=issuer)
    read = e.call("POST", one + "/fields", dict(purpose, fields=["remark"]), account=issuer).json()
    e.check(read["fields"] == {"remark": "第一版"}, f"fields: {read}")
    e.call("POST", one + "/field-proofs", dict(purpose, fields=["remark"]), account=issuer)
    e.call("POST", one + "/sd-jwt", dict(purpose, fields=["remark"]), account=issuer)
    newer = e.call("POST", one + "/new-version", {"fields": dict(fields, remark="第二版")}, account=issuer).json()["credential"]["id"]
    newer = "/v1/credentials/" + urllib.parse.quote(newer, safe="")
    e.call("POST", newer + "/revoke", {}, account=revoker)
    verdict = e.call("GET", newer).json()["verdict"]
    e.check(verdict["verdict"] == "revoked", "it is revoked")
    e.check(e.call("GET", f"{one}/status?at={before}").json()["status"] == "valid", "it was valid then")
    e.call("GET", one + "/status")
    e.refused(422, "input.invalid_value", "GET", one + "/status?at=2099-01-01")
    e.call("GET", one + "/history")
    e.call("POST", one + "/erase-fields", purpose, account=revoker)
    e.refused(410, "state.gone", "POST", one + "/fields", purpose, account=issuer)
    e.node.wait_for_lists()
    page = e.call("GET", f"/v1/credentials?type={type_name}&limit=2").json()
    e.check(page["has_more"] and len(page["items"]) == 2, "a page of two")
    e.call("GET", f"/v1/credentials?type={type_name}&limit=2&cursor=" + urllib.parse.quote(page["next_cursor"]))
    e.refused(400, "input.bad_cursor", "GET", "/v1/credentials?cursor=made-up")
    e.refused(422, "input.invalid_value", "GET", "/v1/credentials?nonsense=1")
    found = e.call("POST", "/v1/credentials/search", {"holder_reference": fields["holder_id"]}, account=issuer).json()
    e.check(len(found["items"]) >= 1, "found by the holder's reference")
    receipt = e.call("GET", one + "/receipt")
    e.check(e.call("POST", "/v1/verify", receipt.body, headers={"Content-Type": "application/json"}).json()["passed"], "the receipt holds")
    cbor = e.call("GET", one + "/receipt", headers={"Accept": "application/cbor"})
    e.check(e.call("POST", "/v1/verify", cbor.body, headers={"Content-Type": "application/cbor"}).json()["passed"], "the CBOR holds")
    changed = receipt.json()
    changed["records"][0]["value"] = base64.b64encode(b"\x0a" + base64.b64decode(changed["records"][0]["value"])[1:-1] + b"x").decode()
    verdict = e.call("POST", "/v1/verify", changed).json()
    e.check(not verdict["passed"], "a changed receipt does not hold")
    absent = e.call("GET", "/v1/credentials/never-issued-1/receipt")
    e.check(e.call("POST", "/v1/verify", absent.body, headers={"Content-Type": "application/json"}).json()["passed"], "absence is proven")
    e.refused(404, "state.not_found", "GET", "/v1/credentials/never-issued-1")
    return name


def evidence(e, clerk, other_office):
    digest = hashlib.sha256(os.urandom(8)).hexdigest()
    matter = "EX-" + uuid.uuid4().hex[:8]
    first = e.call("POST", "/v1/evidence", {"sha256": digest, "phase": "collected", "matter": matter, "size_bytes": 8}, account=clerk)
    number = first.json()["evidence"]["number"]
    e.call("GET", f"/v1/evidence/{number}", headers={"If-None-Match": first.headers["etag"]}, expect=(304,))
    e.call("GET", f"/v1/evidence/{number}")
    receipt = e.call("GET", f"/v1/evidence/{number}/receipt")
    e.check(e.call("POST", "/v1/verify", receipt.json()).json()["passed"], "the evidence receipt holds")
    e.call("POST", f"/v1/evidence/{number}/custody", {"to": other_office}, account=clerk)
    digests = b"".join(hashlib.sha256(bytes([i])).digest() for i in range(100))
    batch = e.call("POST", f"/v1/evidence/batches?phase=collected&hash=sha256&matter={matter}", digests, account=clerk,
                   headers={"Content-Type": "application/octet-stream"}).json()["evidence"]
    e.check(batch["count"] == 100, "100 digests")
    path = f"/v1/evidence/batches/{batch['number']}"
    e.call("GET", path)
    item = e.call("GET", path + "/items/7/receipt")
    e.check(item.json()["item"]["digest"] == hashlib.sha256(bytes([7])).hexdigest(), "item 7")
    e.check(e.call("GET", f"{path}/items/{hashlib.sha256(bytes([7])).hexdigest()}/receipt").json()["item"] == item.json()["item"], "by digest")
    e.check(e.call("POST", "/v1/verify", item.body, headers={"Content-Type": "application/json"}).json()["passed"], "the item's receipt holds")
    changed = item.json()
    changed["item"]["index"] = 8
    e.check(not e.call("POST", "/v1/verify", changed).json()["passed"], "at another index it does not")
    lines = e.call("GET", path + "/receipts").body.decode().splitlines()
    e.check(len(lines) == 101 and json.loads(lines[-1])["index"] == 99, f"{len(lines)} lines")
    e.refused(404, "state.not_found", "GET", path + "/items/100/receipt")
    e.node.wait_for_lists()
    e.check(len(e.call("GET", f"/v1/matters/{matter}").json()["items"]) == 2, "two of the matter")
    e.check(len(e.call("GET", f"/v1/evidence?digest={digest}").json()["items"]) == 1, "found by digest")
    return number


def identity(e, admin, clerk):
    organisation, account = "ex-" + uuid.uuid4().hex[:8], "ex." + uuid.uuid4().hex[:8]
    e.call("POST", "/v1/organisations", {"id": organisation, "name_zh": "演练机构"}, account=admin)
    e.refused(409, "state.already_exists", "POST", "/v1/organisations", {"id": organisation, "name_zh": "演练机构"}, account=admin)
    e.refused(403, "permission.forbidden", "POST", "/v1/organisations", {"id": organisation + "x", "name_zh": "演练机构"}, account=clerk)
    e.call("PATCH", f"/v1/organisations/{organisation}", {"name_zh": "演练机构（更名）"}, account=admin)
    e.call("POST", f"/v1/organisations/{organisation}/suspend", {"reason": "演练"}, account=admin)
    e.call("POST", f"/v1/organisations/{organisation}/resume", {}, account=admin)
    e.call("GET", f"/v1/organisations/{organisation}")
    e.call("POST", f"/v1/accounts/{admin}/roles", {"organisation": organisation, "role": "org_admin"}, account=admin)
    wanted = {"id": account, "kind": "member", "organisation": organisation, "passphrase": e.node.facts["passphrase"]}
    # The refused attempt leaves no key file behind that would stand in the way of the next one.
    e.refused(403, "permission.forbidden", "POST", "/v1/accounts", wanted, account=clerk)
    e.check(not (e.node.directory / f"keys/{account}.p8").exists(), "a refused account left its key behind")
    made = e.call("POST", "/v1/accounts", wanted, account=admin).json()["account"]
    e.call("GET", f"/v1/accounts/{account}")
    keys = f"/v1/accounts/{account}/keys"
    algorithm = made["keys"][0]["algorithm"]
    generated = [ed25519_public_key() for _ in range(2)]
    added = e.call("POST", keys, {"algorithm": "ed25519", "public_key": generated[0], "label": "演练"}, account=account).json()["account"]["keys"]
    rotated = e.call("POST", f"{keys}/{added[-1]['key_id']}/rotate", {"new_key": {"algorithm": "ed25519", "public_key": generated[1]}},
                     account=account).json()["account"]["keys"]
    e.node.tokens.pop(account)  # a rotation ends the account's sessions
    e.call("POST", f"{keys}/{rotated[-1]['key_id']}/revoke", {"reason": "superseded"}, account=account)
    e.node.tokens.pop(account)
    e.check(algorithm in ("sm2-sm3", "ed25519"), "the node keeps a key of the suite")
    e.call("POST", f"/v1/accounts/{account}/roles", {"organisation": organisation, "role": "issuer"}, account=admin)
    e.call("DELETE", f"/v1/accounts/{account}/roles/{organisation}/issuer", account=admin)
    e.call("POST", f"/v1/accounts/{account}/delegations", {"scope": ["credential.issue"], "until": "2027-12-31"}, account=clerk)
    e.check(len(e.call("GET", f"/v1/accounts/{account}/delegations").json()["items"]) == 1, "one delegation")
    e.call("DELETE", f"/v1/accounts/{account}/delegations/{clerk}", account=clerk)
    e.call("POST", f"/v1/accounts/{account}/suspend", {"reason": "演练"}, account=admin)
    e.call("POST", f"/v1/accounts/{account}/resume", {}, account=admin)
    e.node.wait_for_lists()
    e.call("GET", f"/v1/accounts?organisation={organisation}")
    e.call("GET", "/v1/organisations?text=" + urllib.parse.quote("演练"))
    record = e.call("GET", f"/v1/records/identity/organisation/{organisation}")
    e.check(record.json()["decoded"]["id"] == organisation, "a record decodes")
    e.call("GET", f"/v1/records/identity/organisation/{organisation}", headers={"If-None-Match": record.headers["etag"]}, expect=(304,))
    proof = e.call("GET", f"/v1/records/identity/organisation/{organisation}?proof=true")
    e.check(e.call("POST", "/v1/verify", proof.json()).json()["passed"], "the record's proof holds")
    return account


def ed25519_public_key():
    from transactions import ed25519_public
    return ed25519_public(os.urandom(32)).hex()


def client_signed(e, account):
    seed = os.urandom(32)
    from transactions import ed25519_public
    public = ed25519_public(seed).hex()
    keys = e.call("POST", f"/v1/accounts/{account}/keys", {"algorithm": "ed25519", "public_key": public}, account=account).json()["account"]["keys"]
    key_id = next(k["key_id"] for k in keys if k["public_key"] == public)
    network = e.call("GET", "/v1/network").json()["network_id"]
    transaction = signed_deposit(network, account, key_id, seed)
    outcome = e.call("POST", "/v1/transactions", transaction, headers={"Content-Type": "application/x-protobuf"})
    e.check(outcome.json()["stage"] == "final", f"final: {outcome.body[:200]}")
    again = e.call("POST", "/v1/transactions", {"transaction": base64.b64encode(transaction).decode()})
    e.check(again.json() == outcome.json(), "the same transaction gets the same answer")
    identifier = outcome.json()["id"]
    e.call("GET", f"/v1/transactions/{identifier}")
    receipt = e.call("GET", f"/v1/transactions/{identifier}/receipt")
    e.check(e.call("POST", "/v1/verify", receipt.json()).json()["passed"], "the transaction's receipt holds")
    batch = [base64.b64encode(signed_deposit(network, account, key_id, seed)).decode() for _ in range(3)]
    outcomes = e.call("POST", "/v1/transactions/batch", {"transactions": batch + [base64.b64encode(b"junk").decode()]}).json()["outcomes"]
    e.check([o["stage"] for o in outcomes] == ["final"] * 3 + ["refused"], f"outcomes {outcomes}")
    quick = e.call("POST", "/v1/transactions", signed_deposit(network, account, key_id, seed), expect=(202,),
                   headers={"Content-Type": "application/x-protobuf", "Prefer": "respond-async"})
    e.check("location" in quick.headers, "202 says where to look")
    forged = bytearray(signed_deposit(network, account, key_id, seed))
    forged[-1] ^= 1
    e.refused(422, "transaction.bad_signature", "POST", "/v1/transactions", bytes(forged), headers={"Content-Type": "application/x-protobuf"})
    elsewhere = signed_deposit("00" * 32, account, key_id, seed)
    e.refused(422, "transaction.wrong_network", "POST", "/v1/transactions", elsewhere, headers={"Content-Type": "application/x-protobuf"})
    late = signed_deposit(network, account, key_id, seed, shift_ms=-600_000)
    e.refused(422, "transaction.expired", "POST", "/v1/transactions", late, headers={"Content-Type": "application/x-protobuf"})
    e.node.wait_for_lists()
    e.check(e.call("GET", f"/v1/transactions?account={account}").json()["items"], "listed by account")


def events(e):
    answer = e.call("GET", "/v1/events?from=1")
    first = re.search(rb"id: (\d+):(\d+)\n", answer.body)
    e.check(first is not None, "events from the first block")
    identifier = (first.group(1) + b":" + first.group(2)).decode()
    resumed = e.call("GET", "/v1/events", headers={"Last-Event-ID": identifier})
    e.check(f"id: {identifier}\n".encode() not in resumed.body, "what was seen does not come again")
    second = re.findall(rb"id: (\d+:\d+)\n", answer.body)[1]
    e.check(re.findall(rb"id: (\d+:\d+)\n", resumed.body)[0] == second, "and nothing is left out")
    e.refused(400, "input.bad_cursor", "GET", "/v1/events?last_event_id=999999999:1")


def pages(e, credential, evidence_number):
    transaction = e.call("GET", "/v1/transactions?limit=1").json()["items"][0]["id"]
    quoted = urllib.parse.quote(credential, safe="")
    for path, status in (("/", 200), (f"/credential/{quoted}", 200), ("/credential/never-issued", 404), (f"/evidence/{evidence_number}", 200),
                         ("/evidence/CE0", 404), (f"/transaction/{transaction}", 200), ("/block/1", 200), ("/block/999999", 404),
                         ("/verify", 200), ("/docs", 200), ("/problems", 200), ("/problems/transaction.expired", 200), ("/nothing-here", 404),
                         (f"/search?q={quoted}", 303), ("/search?q=%3Cscript%3Ealert(1)%3C/script%3E", 404), ("/search?q=", 400)):
        for language in ("zh", "en"):
            separator = "&" if "?" in path else "?"
            answer = e.call("GET", f"{path}{separator}lang={language}", headers={"Accept": "text/html"}, expect=(status,))
            if status == 303:
                continue
            text = answer.body.decode()
            e.check(answer.headers["content-type"].startswith("text/html"), f"{path} is no page")
            e.check("default-src 'self'" in answer.headers.get("content-security-policy", ""), f"{path}: no CSP")
            e.check(("<html lang=\"zh-CN\">" if language == "zh" else "<html lang=\"en\">") in text, f"{path}: language")
            e.check("<script" not in text, f"{path} holds a script")
            e.check(text.count("<h1") == 1, f"{path} has {text.count('<h1')} main headings")
            for address in re.findall(r"(?:href|src|action)=\"([^\"]+)\"", text):
                e.check(address.startswith(("/", "#")), f"{path} leads outside: {address}")
    boundary = "xyz"
    receipt = e.call("GET", f"/v1/credentials/{quoted}/receipt").body
    form = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r.json\"\r\n\r\n").encode() + receipt + f"\r\n--{boundary}--\r\n".encode()
    answer = e.call("POST", "/verify?lang=en", form, headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})
    e.check(b"The receipt holds" in answer.body, "the form verifies")
    answer = e.call("POST", "/verify?lang=en", b"text=%7B%7D", headers={"Content-Type": "application/x-www-form-urlencoded"})
    e.check(b"does not hold" in answer.body, "the form refuses")


def methods(e):
    for method in ("TRACE", "PUT", "PATCH", "BREW"):
        answer = e.call(method, "/v1/blocks", expect=(405,))
        e.check("GET" in answer.headers.get("allow", ""), "405 names the methods")
    answer = e.call("OPTIONS", "/v1/credentials", expect=(204,))
    e.check(answer.headers["allow"] == "GET, HEAD, POST, OPTIONS", answer.headers.get("allow"))
    e.check(e.call("HEAD", "/v1/network").body == b"", "HEAD has no body")
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = e.call("GET", "/v1/network", headers={"traceparent": trace})
    e.check(answer.headers["traceparent"].split("-")[1] == trace.split("-")[1], "the trace goes on")


def main():
    program, directory = sys.argv[1:3]
    node = DemoNode(program, directory)
    try:
        document = yaml.safe_load(node.call("GET", "/openapi.yaml").body)
        e = Exercise(node, document)
        e.check(node.call("GET", "/openapi.json").json() == json.loads(json.dumps(document)), "YAML and JSON say the same")
        offices = {}
        for clerk in node.facts["clerks"]:
            offices.setdefault(clerk["office"], []).append(clerk["account"])
        roles = {a: {(r["organisation"], r["role"]) for r in e.call("GET", f"/v1/accounts/{a}").json()["roles"]} for c in offices.values() for a in c}
        office, team = next((o, t) for o, t in offices.items()
                            if all(any((o, r) in roles[a] for a in t) for r in ("issuer", "revoker", "org_admin")))
        by_role = {role: next(a for a in team if (office, role) in roles[a]) for role in ("issuer", "revoker", "org_admin")}
        session(e, by_role["issuer"])
        type_name = types(e, by_role["org_admin"], office)
        credential = credentials(e, by_role["issuer"], by_role["revoker"], type_name)
        number = evidence(e, by_role["issuer"], next(o for o in offices if o != office))
        identity(e, "admin", by_role["issuer"])
        governance(e, "admin", by_role["issuer"])
        client_signed(e, by_role["issuer"])
        node_and_log(e)
        timestamps(e)
        events(e)
        pages(e, credential, number)
        methods(e)
        for name, statuses in e.seen.items():
            e.check(any(200 <= s < 300 for s in statuses), f"{name} never answered 2xx: {sorted(statuses)}")
            e.check(not any(s >= 500 for s in statuses), f"{name} answered {sorted(statuses)}")
            print(f"  {name}: {' '.join(map(str, sorted(statuses)))}")
        reached = sum(any(200 <= s < 300 for s in statuses) for statuses in e.seen.values())
        print(f"operations with a 2xx: {reached} of {len(e.seen)}")
        print(f"{e.checks - len(e.failures)} passed, {len(e.failures)} failed")
        return 1 if e.failures else 0
    finally:
        node.stop()


sys.exit(main())

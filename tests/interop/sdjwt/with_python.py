#!/usr/bin/env python3
"""PyPI sd-jwt (OpenWallet Foundation) against ours, both ways. Usage: with_python.py <sdjwt_peer>"""
import copy
import json
import pathlib
import sys
import time

from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from peer import Peer, expected_claims

CASES = json.loads((pathlib.Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))
KEYS = {"ES256": {"kty": "EC", "crv": "P-256"}, "EdDSA": {"kty": "OKP", "crv": "Ed25519"}}
passed = failed = 0


def verifier_for(alg):
    """The library checks key bindings with ES256 alone unless it is told otherwise here."""
    class Verifier(SDJWTVerifier):
        def _verify_key_binding_jwt(self, expected_aud=None, expected_nonce=None, sign_alg=None):
            super()._verify_key_binding_jwt(expected_aud, expected_nonce, sign_alg or alg)

    return Verifier


def check(name, ok, more=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"FAILED python: {name} {more}")


def public(key):
    return json.loads(key.export_public())


def subject_of(claims):
    return {k: v for k, v in claims.items() if k not in ("iss", "vct", "iat", "exp", "cnf", "_sd_alg")}


def mark_selective(value, selective, pointer=""):
    """The library wants selective members and items wrapped in SDObj."""
    def wrap(at, name):
        return SDObj(name) if at in selective else name

    if isinstance(value, dict):
        return {wrap(f"{pointer}/{k}", k): mark_selective(v, selective, f"{pointer}/{k}") for k, v in value.items()}
    if isinstance(value, list):
        return [wrap(f"{pointer}/{i}", mark_selective(v, selective, f"{pointer}/{i}")) for i, v in enumerate(value)]
    return value


def reveal_tree(value, reveal, pointer=""):
    """The library's choice of disclosures: a tree of the shape of the claims with True at what is shown."""
    if any(pointer == r or pointer.startswith(r + "/") for r in reveal):
        return True
    if isinstance(value, dict):
        return {k: reveal_tree(v, reveal, f"{pointer}/{k}") for k, v in value.items()}
    if isinstance(value, list):
        return [reveal_tree(v, reveal, f"{pointer}/{i}") for i, v in enumerate(value)]
    return False


def ours_to_theirs(peer, alg, plan, decoys):
    name = f"{alg} {plan['name']} ours to theirs, {decoys} decoys"
    now = int(time.time())
    claims = CASES["claims"] | {"iss": CASES["iss"], "vct": CASES["vct"], "iat": now, "exp": now + 3600}
    issued = peer.ask(op="issue", alg=alg, claims=claims, selective=plan["selective"], decoys=decoys)
    shown = peer.ask(op="present", alg=alg, credential=issued["credential"], reveal=plan["reveal"], aud=CASES["aud"],
                     nonce=CASES["nonce"], iat=now)
    issuer = JWK(**issued["issuer_jwk"])
    try:
        verifier = verifier_for(alg)(shown["presentation"], lambda iss, header: issuer, CASES["aud"], CASES["nonce"])
        seen = subject_of(verifier.get_verified_payload())
        check(name, seen == expected_claims(CASES["claims"], plan["hidden"]), seen)
    except Exception as error:  # noqa: BLE001 - whatever the library throws is a refusal
        check(name, False, repr(error))
    try:
        verifier_for(alg)(shown["presentation"], lambda iss, header: issuer, CASES["aud"], "another")
        check(name + ", wrong nonce", False)
    except Exception:  # noqa: BLE001
        check(name + ", wrong nonce", True)


def theirs_to_ours(peer, alg, plan, decoys):
    name = f"{alg} {plan['name']} theirs to ours, decoys {decoys}"
    now = int(time.time())
    issuer, holder = JWK.generate(**KEYS[alg]), JWK.generate(**KEYS[alg])
    claims = mark_selective(copy.deepcopy(CASES["claims"]), plan["selective"])
    claims |= {"iss": CASES["iss"], "vct": CASES["vct"], "iat": now, "exp": now + 3600}
    issued = SDJWTIssuer(claims, issuer, holder, sign_alg=alg, add_decoy_claims=decoys,
                         extra_header_parameters={"typ": "dc+sd-jwt"}).sd_jwt_issuance
    wallet = SDJWTHolder(issued)
    wallet.create_presentation(reveal_tree(CASES["claims"], plan["reveal"]), CASES["nonce"], CASES["aud"], holder, alg)
    presentation = wallet.sd_jwt_presentation

    def verify(text=presentation, key=issuer, iss=CASES["iss"], aud=CASES["aud"], nonce=CASES["nonce"], at=now):
        return peer.ask(op="verify", presentation=text, issuer_jwk=public(key), iss=iss, aud=aud, nonce=nonce, now=at)

    answer = verify()
    ok = answer.get("holder_proved") and answer["claims"] == expected_claims(CASES["claims"], plan["hidden"])
    check(name, ok, answer)
    check(name + ", wrong nonce", "error" in verify(nonce="another"))
    check(name + ", wrong audience", "error" in verify(aud="another"))
    check(name + ", another issuer's key", "error" in verify(key=JWK.generate(**KEYS[alg])))
    check(name + ", another issuer", "error" in verify(iss="https://other.example"))
    check(name + ", expired", "error" in verify(at=now + 3700))
    check(name + ", later", "error" in verify(at=now + 400))
    parts = presentation.split("~")
    if len(parts) > 2:
        check(name + ", a disclosure twice", "error" in verify("~".join(parts[:2] + parts[1:])))
        check(name + ", a disclosure dropped", "error" in verify("~".join(parts[:1] + parts[2:])))
    check(name + ", without key binding", "error" in verify("~".join(parts[:-1]) + "~"))


def main():
    peer = Peer(sys.argv[1])
    for alg in KEYS:
        for plan in CASES["plans"]:
            for decoys in (0, 3):
                ours_to_theirs(peer, alg, plan, decoys)
            for decoys in (False, True):
                theirs_to_ours(peer, alg, plan, decoys)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()

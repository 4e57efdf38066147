#!/usr/bin/env python3
"""Remakes tests/vectors/sm2_sm3_adversarial_test.json: SM2 signatures and keys that a verifier must judge rightly.

    tools/make_sm2_vectors.py > tests/vectors/sm2_sm3_adversarial_test.json

The file has Wycheproof's shape (ecdsa_verify_schema_v1, with the fields `id` and `encoding` added to a group). SM2 is computed here
from GB/T 32918 with Python's integers, so that the vectors depend on neither OpenSSL nor crypto_mb; SM3 comes from
hashlib. The output is the same on every run.
"""

import base64
import hashlib
import json
import sys

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
P256 = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
DEFAULT_ID = b"1234567812345678"
TOP = 1 << 256
EXAMPLE_D = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8  # GB/T 32918.5 appendix A

# Messages (8 bytes) whose e under the example key is n or above; found by trying 2^32 of them.
LARGE_E_MESSAGES = [bytes.fromhex("0000000062e44cd4"), bytes.fromhex("00000000b9d59db8")]


def sm3(data):
    return hashlib.new("sm3", data).digest()


def add(p, q):
    """Affine addition; None is infinity."""
    if p is None:
        return q
    if q is None:
        return p
    if p[0] == q[0]:
        if (p[1] + q[1]) % P == 0:
            return None
        slope = (3 * p[0] * p[0] + A) * pow(2 * p[1], -1, P) % P
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, P) % P
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


def multiply(k, p):
    out = None
    while k:
        if k & 1:
            out = add(out, p)
        p = add(p, p)
        k >>= 1
    return out


def b32(number):
    return number.to_bytes(32, "big")


def z_of(point, identifier):
    entl = (8 * len(identifier)).to_bytes(2, "big")
    return sm3(entl + identifier + b32(A) + b32(B) + b32(G[0]) + b32(G[1]) + b32(point[0]) + b32(point[1]))


def digest(point, message, identifier=DEFAULT_ID):
    return int.from_bytes(sm3(z_of(point, identifier) + message), "big")


def sign_digest(d, e, k):
    r = (e + multiply(k, G)[0]) % N
    s = pow(1 + d, -1, N) * (k - r * d) % N
    assert r and s and (r + k) % N
    return r, s


def verify(point, message, r, s, identifier=DEFAULT_ID):
    """GB/T 32918.2 section 7.1."""
    if not (1 <= r < N and 1 <= s < N) or (r + s) % N == 0:
        return False
    found = add(multiply(s, G), multiply((r + s) % N, point))
    return found is not None and (digest(point, message, identifier) + found[0]) % N == r


def stream(label):
    """Numbers in [1, n-2] from a label, the same on every run."""
    counter = 0
    while True:
        yield 1 + int.from_bytes(sm3(label.encode() + counter.to_bytes(4, "big")), "big") % (N - 2)
        counter += 1


def der_length(length):
    if length < 0x80:
        return bytes([length])
    body = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(body)]) + body


def tlv(tag, content):
    return bytes([tag]) + der_length(len(content)) + content


def der_integer(number):
    """Also negative ones."""
    size = (number if number >= 0 else ~number).bit_length() // 8 + 1
    return tlv(2, number.to_bytes(size, "big", signed=True))


def der(r, s):
    return tlv(0x30, der_integer(r) + der_integer(s))


OID_EC = bytes.fromhex("06072a8648ce3d0201")
OID_SM2 = bytes.fromhex("06082a811ccf5501822d")
OID_P256 = bytes.fromhex("06082a8648ce3d030107")


def spki(encoded_point, parameters=OID_SM2, unused_bits=0):
    return tlv(0x30, tlv(0x30, OID_EC + parameters) + tlv(3, bytes([unused_bits]) + encoded_point))


def uncompressed(point):
    return b"\x04" + b32(point[0]) + b32(point[1])


class Vectors:
    def __init__(self):
        self.groups = []
        self.count = 0
        self.group = None

    def start(self, key_der, point=None, identifier=DEFAULT_ID, encoding="der"):
        kind = "EcdsaVerify" if encoding == "der" else "EcdsaP1363Verify"
        group = {"type": kind, "encoding": encoding, "sha": "SM3", "id": identifier.hex(), "publicKeyDer": key_der.hex()}
        pem = base64.encodebytes(key_der).decode().replace("\n", "")
        lines = [pem[i : i + 64] for i in range(0, len(pem), 64)]
        group["publicKeyPem"] = "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])
        if point is not None:
            group["publicKey"] = {
                "type": "EcPublicKey",
                "curve": "sm2p256v1",
                "keySize": 256,
                "uncompressed": uncompressed(point).hex(),
                "wx": b32(point[0]).hex(),
                "wy": b32(point[1]).hex(),
            }
        group["tests"] = []
        self.group = group
        self.groups.append(group)

    def test(self, comment, flag, message, signature, good):
        self.count += 1
        self.group["tests"].append(
            {
                "tcId": self.count,
                "comment": comment,
                "flags": [flag],
                "msg": message.hex(),
                "sig": signature.hex(),
                "result": "valid" if good else "invalid",
            }
        )


def out_of_range_numbers(r, s):
    """(comment, flag, r, s): every one must be refused."""
    edges = [
        ("0", 0),
        ("n", N),
        ("n + 1", N + 1),
        ("p", P),
        ("p + 1", P + 1),
        ("2^256 - 1", TOP - 1),
    ]
    for name, value in edges:
        yield f"r = {name}", "RangeCheck", value, s
        yield f"s = {name}", "RangeCheck", r, value
        yield f"r = s = {name}", "RangeCheck", value, value
    for name, value in edges:
        for other, other_value in (("0", 0), ("n", N), ("1", 1)):
            if name != other:
                yield f"r = {name}, s = {other}", "RangeCheck", value, other_value
                yield f"r = {other}, s = {name}", "RangeCheck", other_value, value
    for name, value in (("1", 1), ("2", 2), ("n - 1", N - 1), ("n - 2", N - 2), ("(n - 1) / 2", N // 2), ("p - n", P - N)):
        yield f"r = {name} with the s of another signature", "EdgeValue", value, s
        yield f"s = {name} with the r of another signature", "EdgeValue", r, value
    yield "s replaced by n - s", "Malleability", r, N - s
    yield "r replaced by n - r", "Malleability", N - r, s
    yield "both negated", "Malleability", N - r, N - s
    yield "r and s swapped", "Swapped", s, r
    yield "r + s = n with the true r", "SumIsOrder", r, N - r
    yield "r + s = n with the true s", "SumIsOrder", N - s, s
    for name, value in (("1", 1), ("n - 1", N - 1), ("(n + 1) / 2", N // 2 + 1)):
        yield f"r + s = n with r = {name}", "SumIsOrder", value, N - value
    yield "r replaced by r + 1", "ModifiedSignature", (r + 1) % N, s
    yield "s replaced by s + 1", "ModifiedSignature", r, (s + 1) % N
    yield "r replaced by s", "ModifiedSignature", s, s
    yield "s replaced by r", "ModifiedSignature", r, r


def der_variants(r, s):
    """Encodings that are not the one DER encoding of (r, s)."""
    ri, si = der_integer(r), der_integer(s)
    body = ri + si
    good = tlv(0x30, body)
    rb, sb = ri[2:], si[2:]
    yield "long form length of the sequence", b"\x30\x81" + bytes([len(body)]) + body
    yield "long form length of the sequence, two bytes", b"\x30\x82\x00" + bytes([len(body)]) + body
    yield "long form length of the sequence, four bytes", b"\x30\x84\x00\x00\x00" + bytes([len(body)]) + body
    yield "long form length of the sequence, nine bytes", b"\x30\x89" + bytes(8) + bytes([len(body)]) + body
    yield "indefinite length", b"\x30\x80" + body + b"\x00\x00"
    yield "indefinite length without end", b"\x30\x80" + body
    yield "length of the sequence one too long", b"\x30" + bytes([len(body) + 1]) + body
    yield "length of the sequence one too short", b"\x30" + bytes([len(body) - 1]) + body
    yield "length of the sequence 0", b"\x30\x00" + body
    yield "length of the sequence 2^31 - 1", b"\x30\x84\x7f\xff\xff\xff" + body
    yield "length of the sequence 2^32 - 1", b"\x30\x84\xff\xff\xff\xff" + body
    yield "length of the sequence 2^64 - 1", b"\x30\x88" + b"\xff" * 8 + body
    yield "reserved length byte ff", b"\x30\xff" + body
    for name, first, second in (("r", True, False), ("s", False, True)):
        part = rb if first else sb

        def build(changed):
            return tlv(0x30, (changed if first else ri) + (changed if second else si))

        yield f"long form length of {name}", build(b"\x02\x81" + bytes([len(part)]) + part)
        yield f"long form length of {name}, two bytes", build(b"\x02\x82\x00" + bytes([len(part)]) + part)
        yield f"indefinite length of {name}", build(b"\x02\x80" + part + b"\x00\x00")
        yield f"leading zero before {name}", build(tlv(2, b"\x00" + part))
        yield f"two leading zeros before {name}", build(tlv(2, b"\x00\x00" + part))
        yield f"250 leading zeros before {name}", build(tlv(2, bytes(250) + part))
        yield f"leading ff before {name}", build(tlv(2, b"\xff" + part))
        yield f"zero byte behind {name}", build(tlv(2, part + b"\x00"))
        yield f"empty {name}", build(b"\x02\x00")
        yield f"{name} is missing", build(b"")
        yield f"{name} is null", build(b"\x05\x00")
        yield f"{name} is a boolean", build(b"\x01\x01\xff")
        yield f"{name} is an octet string", build(tlv(4, part))
        yield f"{name} is a bit string", build(tlv(3, b"\x00" + part))
        yield f"{name} is an enumerated", build(tlv(10, part))
        yield f"{name} in a context tag", build(tlv(0x82, part))
        yield f"{name} in a constructed integer", build(tlv(0x22, tlv(2, part)))
        yield f"{name} in a sequence", build(tlv(0x30, tlv(2, part)))
        yield f"length of {name} one too long", build(b"\x02" + bytes([len(part) + 1]) + part)
        yield f"length of {name} one too short", build(b"\x02" + bytes([len(part) - 1]) + part)
        yield f"{name} with high tag number form", build(b"\x1f\x02" + bytes([len(part)]) + part)
    yield "r without its sign byte" if rb[0] == 0 else "r with the sign flipped", tlv(
        0x30, tlv(2, rb[1:] if rb[0] == 0 else bytes([rb[0] | 0x80]) + rb[1:]) + si
    )
    yield "r negative", tlv(0x30, der_integer(-r) + si)
    yield "s negative", tlv(0x30, ri + der_integer(-s))
    yield "r - n", tlv(0x30, der_integer(r - N) + si)
    yield "s - n", tlv(0x30, ri + der_integer(s - N))
    yield "r + n", der(r + N, s)
    yield "s + n", der(r, s + N)
    yield "r + n and s + n", der(r + N, s + N)
    yield "r + 2^256", der(r + TOP, s)
    yield "s + 2^256", der(r, s + TOP)
    yield "s + 2^320", der(r, s + (1 << 320))
    yield "a byte behind the signature", good + b"\x00"
    yield "end of contents behind the signature", good + b"\x00\x00"
    yield "null behind the signature", good + b"\x05\x00"
    yield "the signature twice", good + good
    yield "null inside, at the end", tlv(0x30, body + b"\x05\x00")
    yield "null inside, at the start", tlv(0x30, b"\x05\x00" + body)
    yield "a third integer", tlv(0x30, body + b"\x02\x01\x00")
    yield "bytes inside, at the end", tlv(0x30, body + b"\x00\x00")
    yield "a set", tlv(0x31, body)
    yield "an octet string", tlv(4, body)
    yield "a primitive sequence", tlv(0x10, body)
    yield "a context tag", tlv(0xA0, body)
    yield "no outer sequence", body
    yield "a sequence in a sequence", tlv(0x30, good)
    yield "an octet string with the signature", tlv(4, good)
    yield "an empty sequence", b"\x30\x00"
    yield "two zeros", b"\x30\x06\x02\x01\x00\x02\x01\x00"
    yield "nothing", b""
    yield "r | s without DER", b32(r) + b32(s)
    yield "text", b"signature"
    yield "a high tag number", b"\x3f\x10" + bytes([len(body)]) + body
    for length in range(1, len(good)):
        if length in (1, 2, 3, 4, 5, 20, len(good) - 1, len(good) - 2) or length % 6 == 0:
            yield f"cut after {length} bytes", good[:length]


def small_x_point():
    """The point with the smallest x, whose x + p still has 256 bits."""
    x = 0
    while True:
        square = (x * x * x + A * x + B) % P
        y = pow(square, (P + 1) // 4, P)
        if y * y % P == square and x + P < TOP:
            return x, y
        x += 1


def x_off_the_curve():
    x = 1
    while True:
        square = (x * x * x + A * x + B) % P
        if pow(square, (P - 1) // 2, P) == P - 1:
            return x
        x += 1


def bad_keys(point):
    x, y = point
    encoded = uncompressed(point)
    small = small_x_point()
    compressed = bytes([2 + (y & 1)]) + b32(x)
    yield "y + 1", spki(b"\x04" + b32(x) + b32(y + 1))
    yield "x + 1", spki(b"\x04" + b32(x + 1) + b32(y))
    yield "x and y swapped", spki(b"\x04" + b32(y) + b32(x))
    yield "x = y = 0", spki(b"\x04" + bytes(64))
    yield "x = 0", spki(b"\x04" + bytes(32) + b32(y))
    yield "y = 0", spki(b"\x04" + b32(x) + bytes(32))
    yield "x = y = p", spki(b"\x04" + b32(P) * 2)
    yield "x = y = 2^256 - 1", spki(b"\x04" + b"\xff" * 64)
    yield "x + p, not canonical", spki(b"\x04" + b32(small[0] + P) + b32(small[1]))
    yield "x + p, not canonical, compressed", spki(bytes([2 + (small[1] & 1)]) + b32(small[0] + P))
    yield "x that no point has, compressed", spki(b"\x02" + b32(x_off_the_curve()))
    yield "x = p, compressed", spki(b"\x02" + b32(P))
    yield "the point at infinity", spki(b"\x00")
    yield "the point at infinity, 65 bytes", spki(bytes(65))
    yield "the base point of P-256", spki(uncompressed(P256))
    for prefix in (0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x08, 0x84, 0xFF):
        yield f"prefix {prefix:02x} before x | y", spki(bytes([prefix]) + encoded[1:])
    yield "hybrid form", spki(bytes([6 + (y & 1)]) + encoded[1:])
    yield "prefix 04 before x alone", spki(b"\x04" + b32(x))
    yield "prefix 05, compressed", spki(b"\x05" + b32(x))
    yield "no prefix", spki(encoded[1:])
    yield "one byte short", spki(encoded[:-1])
    yield "one byte long", spki(encoded + b"\x00")
    yield "no point", spki(b"")
    yield "compressed, one byte short", spki(compressed[:-1])
    yield "no curve", spki(encoded, b"")
    yield "null for a curve", spki(encoded, b"\x05\x00")
    yield "the curve P-256", spki(encoded, OID_P256)
    yield "two curves", spki(encoded, OID_SM2 + OID_P256)
    yield "unused bits in the key", spki(encoded, unused_bits=1)
    yield "a byte behind the key", spki(encoded) + b"\x00"
    yield "long form length", b"\x30\x81" + spki(encoded)[1:]
    yield "cut short", spki(encoded)[:-1]
    yield "nothing", b""


def good_signatures(vectors, encoding):
    """Valid ones with edges inside: small keys, small nonces, leading zeros, lengths around SM3's blocks."""
    write = der if encoding == "der" else lambda r, s: b32(r) + b32(s)
    numbers = stream("good " + encoding)
    for d in (1, 2, 3, 15, 16, 17, N // 2, N - 3, N - 2, next(numbers)):
        point = multiply(d, G)
        vectors.start(spki(uncompressed(point)), point, encoding=encoding)
        for k in (1, 2, 3, 8, 16, N - 1, N - 2, N // 2, 1 << 255, next(numbers)):
            message = b32(next(numbers))[:20]
            e = digest(point, message)
            if (e + multiply(k, G)[0] + k) % N == 0:
                continue
            r, s = sign_digest(d, e, k)
            assert verify(point, message, r, s)
            vectors.test(f"secret and nonce at the edge: k = {k if k < 99 else hex(k)}", "EdgeKey", message, write(r, s), True)
    d = next(numbers)
    point = multiply(d, G)
    vectors.start(spki(uncompressed(point)), point, encoding=encoding)
    for length in (0, 1, 22, 23, 24, 31, 32, 55, 56, 63, 64, 65, 87, 88, 200, 1000, 16384, 16385):
        message = (b32(next(numbers)) * (length // 32 + 1))[:length]
        r, s = sign_digest(d, digest(point, message), next(numbers))
        if length <= 1000:
            vectors.test(f"message of {length} bytes", "MessageLength", message, write(r, s), True)
            vectors.test(f"message of {length + 1} bytes instead", "WrongMessage", message + b"\x00", write(r, s), False)
    message = b"leading zeros"
    e = digest(point, message)
    wanted = {"r": 2, "s": 2}
    for k in range(2, 4000):
        r, s = sign_digest(d, e, k)
        for name, value in (("r", r), ("s", s)):
            if value < 1 << 248 and wanted[name]:
                wanted[name] -= 1
                vectors.test(f"{name} with a leading zero byte", "LeadingZero", message, write(r, s), True)
        if not any(wanted.values()):
            break


def infinity(vectors, encoding):
    """r = e and s = -r d / (1 + d) make s G + (r + s) P the point at infinity: a verifier that reads its x as 0 accepts."""
    write = der if encoding == "der" else lambda r, s: b32(r) + b32(s)
    numbers = stream("infinity " + encoding)
    for d in (1, 2, 7, EXAMPLE_D, next(numbers), next(numbers)):
        point = multiply(d, G)
        vectors.start(spki(uncompressed(point)), point, encoding=encoding)
        for i in range(3):
            message = b32(next(numbers))[: 5 + i]
            r = digest(point, message) % N
            s = -r * d * pow(1 + d, -1, N) % N
            assert add(multiply(s, G), multiply((r + s) % N, point)) is None
            assert not verify(point, message, r, s)
            vectors.test("the sum is the point at infinity, r = e", "PointAtInfinity", message, write(r, s), False)
            s_doubled = (r * pow(1 - d, -1, N) - r) % N if d != 1 else 0
            if s_doubled:
                vectors.test("both summands are the same point", "PointDuplication", message, write(r, s_doubled), False)


def identifiers(vectors):
    numbers = stream("identifiers")
    d = next(numbers)
    point = multiply(d, G)
    message = "身份标识".encode()
    others = [b"", b"ALICE123@YAHOO.COM", b"1234567812345679", b"123456781234567", b"12345678123456780", bytes(16), b"\x31" * 8190]
    vectors.start(spki(uncompressed(point)), point)
    for other in others:
        r, s = sign_digest(d, digest(point, message, other), next(numbers))
        vectors.test(f"signed under an identifier of {len(other)} other bytes", "WrongId", message, der(r, s), False)
    k = next(numbers)
    e_without_z = int.from_bytes(sm3(message), "big")
    vectors.test("signed without Z", "WrongId", message, der(*sign_digest(d, e_without_z, k)), False)
    other_point = multiply(next(numbers), G)
    e_other_z = int.from_bytes(sm3(z_of(other_point, DEFAULT_ID) + message), "big")
    vectors.test("signed with the Z of another key", "WrongId", message, der(*sign_digest(d, e_other_z, k)), False)
    e_sha = int.from_bytes(hashlib.sha256(message).digest(), "big")
    vectors.test("signed over SHA-256", "WrongHash", message, der(*sign_digest(d, e_sha, k)), False)
    e_zs = int.from_bytes(hashlib.sha256(z_of(point, DEFAULT_ID) + message).digest(), "big")
    vectors.test("signed over SHA-256 with Z", "WrongHash", message, der(*sign_digest(d, e_zs, k)), False)
    r = multiply(k, G)[0] % N
    s = pow(k, -1, N) * (digest(point, message) + r * d) % N
    vectors.test("an ECDSA signature over the same hash", "WrongAlgorithm", message, der(r, s), False)
    for identifier in others:
        if not identifier:
            continue
        vectors.start(spki(uncompressed(point)), point, identifier)
        good = sign_digest(d, digest(point, message, identifier), next(numbers))
        vectors.test("signed under this identifier", "OtherId", message, der(*good), True)
        standard = sign_digest(d, digest(point, message), next(numbers))
        vectors.test("signed under the standard identifier", "WrongId", message, der(*standard), False)


def main():
    vectors = Vectors()
    numbers = stream("main")
    for encoding in ("der", "p1363"):
        good_signatures(vectors, encoding)
        infinity(vectors, encoding)
    for encoding in ("der", "p1363"):
        d = next(numbers)
        point = multiply(d, G)
        message = b"a record of the register"
        r, s = sign_digest(d, digest(point, message), next(numbers))
        while r < 1 << 255:  # so that the sign byte of r is there to be left out
            r, s = sign_digest(d, digest(point, message), next(numbers))
        vectors.start(spki(uncompressed(point)), point, encoding=encoding)
        write = der if encoding == "der" else lambda a, b: b32(a) + b32(b)
        vectors.test("as it should be", "ValidSignature", message, write(r, s), True)
        for comment, flag, bad_r, bad_s in out_of_range_numbers(r, s):
            assert not verify(point, message, bad_r, bad_s)
            vectors.test(comment, flag, message, write(bad_r, bad_s), False)
        for bad_message in (b"", b"a record of the registeR", message[:-1], b" " + message, message.upper()):
            vectors.test("another message", "WrongMessage", bad_message, write(r, s), False)
        for key_number in range(4):
            other = sign_digest(next(numbers), digest(point, message), next(numbers))
            vectors.test(f"signed by another key ({key_number})", "WrongKey", message, write(*other), False)
        if encoding == "der":
            for comment, bad in der_variants(r, s):
                vectors.test(comment, "BadEncoding", message, bad, False)
        else:
            raw = b32(r) + b32(s)
            for comment, bad in (
                ("nothing", b""),
                ("one byte", raw[:1]),
                ("r alone", raw[:32]),
                ("63 bytes", raw[:-1]),
                ("63 bytes, first cut", raw[1:]),
                ("65 bytes", raw + b"\x00"),
                ("65 bytes, zero first", b"\x00" + raw),
                ("66 bytes, each with a zero", b"\x00" + raw[:32] + b"\x00" + raw[32:]),
                ("twice", raw * 2),
                ("little-endian", raw[:32][::-1] + raw[32:][::-1]),
                ("DER where r | s belongs", der(r, s)),
                ("64 zero bytes", bytes(64)),
                ("64 bytes of ff", b"\xff" * 64),
                ("text of the hexadecimal form", raw.hex().encode()),
            ):
                vectors.test(comment, "BadEncoding", message, bad, False)
        # Every bit position matters: one changed bit in each byte of r | s.
        for position in range(0, 64, 3):
            changed = bytearray(b32(r) + b32(s))
            changed[position] ^= 1 << (position % 8)
            bad_r = int.from_bytes(changed[:32], "big")
            bad_s = int.from_bytes(changed[32:], "big")
            vectors.test(f"a changed bit in byte {position} of r | s", "ModifiedSignature", message, write(bad_r, bad_s), False)
    identifiers(vectors)
    d = next(numbers)
    point = multiply(d, G)
    message = b"keys"
    r, s = sign_digest(d, digest(point, message), next(numbers))
    vectors.start(spki(bytes([2 + (point[1] & 1)]) + b32(point[0])), point)
    vectors.test("a compressed key", "CompressedKey", message, der(r, s), True)
    negated = (point[0], P - point[1])
    vectors.start(spki(bytes([2 + (negated[1] & 1)]) + b32(point[0])), negated)
    vectors.test("a compressed key with the other y", "WrongKey", message, der(r, s), False)
    vectors.start(spki(uncompressed(negated)), negated)
    vectors.test("the negated key", "WrongKey", message, der(r, s), False)
    for comment, key in bad_keys(point):
        vectors.start(key)
        vectors.test("key: " + comment, "InvalidKey", message, der(r, s), False)
    example = multiply(EXAMPLE_D, G)
    vectors.start(spki(uncompressed(example)), example)
    for message in LARGE_E_MESSAGES:
        e = digest(example, message)
        assert e >= N
        r, s = sign_digest(EXAMPLE_D, e, next(numbers))
        assert verify(example, message, r, s)
        vectors.test("e is not below n", "LargeHash", message, der(r, s), True)
        bad_r = e % N
        bad_s = -bad_r * EXAMPLE_D * pow(1 + EXAMPLE_D, -1, N) % N
        vectors.test("e is not below n and the sum is at infinity", "LargeHash", message, der(bad_r, bad_s), False)
    vectors.groups = [group for group in vectors.groups if group["tests"]]
    notes = {
        "BadEncoding": "The signature is not encoded in the one way that DER or P1363 allows.",
        "CompressedKey": "The key is a compressed point, which is taken.",
        "EdgeKey": "Valid; secret or nonce are numbers where windows and tables of an implementation begin or end.",
        "EdgeValue": "r or s in range, at its edge; not a signature.",
        "InvalidKey": "The public key must be refused.",
        "LargeHash": "e, as a number, is n or above and has to be reduced.",
        "LeadingZero": "Valid; r or s is shorter than 32 bytes.",
        "Malleability": "What is equivalent in ECDSA is none in SM2.",
        "MessageLength": "Valid; lengths around the blocks of SM3.",
        "ModifiedSignature": "Bits of a valid signature were changed.",
        "OtherId": "Valid under the identifier of its group, which is not the standard one.",
        "PointAtInfinity": "s G + (r + s) P is infinity, which has no x coordinate.",
        "PointDuplication": "s G equals (r + s) P; an addition without doubling goes wrong.",
        "RangeCheck": "r or s is not in [1, n - 1].",
        "SumIsOrder": "(r + s) mod n = 0, GB/T 32918.2 section 7.1 step B5.",
        "Swapped": "r and s in the other order.",
        "ValidSignature": "Valid.",
        "WrongAlgorithm": "Another signature scheme over the same curve and hash.",
        "WrongHash": "Another hash function.",
        "WrongId": "Another signer identifier, or no Z.",
        "WrongKey": "Made by another key.",
        "WrongMessage": "Made for another message.",
    }
    document = {
        "algorithm": "SM2",
        "schema": "ecdsa_verify_schema_v1.json",
        "numberOfTests": vectors.count,
        "header": ["SM2 signatures with SM3, GB/T 32918.2-2016; made by tools/make_sm2_vectors.py"],
        "notes": {flag: {"bugType": "EDGE_CASE", "description": text} for flag, text in notes.items()},
        "testGroups": vectors.groups,
    }
    used = {flag for group in vectors.groups for test in group["tests"] for flag in test["flags"]}
    assert used <= set(notes), used - set(notes)
    json.dump(document, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()

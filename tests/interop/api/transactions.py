"""Client-signed transactions with the standard library alone: protobuf by hand, Ed25519 from RFC 8032's definition (slow, for tests only)."""
import hashlib
import os
import time

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def varint(n):
    return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + varint(n >> 7)


def number(field, value):
    return varint(field << 3) + varint(value)


def data(field, value):
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value


def add(a, b):
    x, y = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    z, t = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = y - x, t - z, t + z, y + x
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def compress(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def base_point():
    y = 4 * pow(5, P - 2, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    x = P - x if x & 1 else x
    return (x, y, 1, x * y % P)


def expand(seed):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return scalar, digest[32:]


def ed25519_public(seed):
    return compress(multiply(expand(seed)[0], base_point()))


def ed25519_sign(seed, message):
    scalar, prefix = expand(seed)
    public = compress(multiply(scalar, base_point()))
    nonce = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    commitment = compress(multiply(nonce, base_point()))
    challenge = int.from_bytes(hashlib.sha512(commitment + public + message).digest(), "little") % L
    return commitment + ((nonce + challenge * scalar) % L).to_bytes(32, "little")


def signed_deposit(network_id, account, key_id, seed, shift_ms=0):
    now = int(time.time() * 1000) + shift_ms
    deposit = data(2, os.urandom(32)) + data(5, "collected")
    body = (data(1, bytes.fromhex(network_id)) + data(2, os.urandom(16)) + number(3, now - 5000) + number(4, now + 60000)
            + data(5, data(1, "evidence") + data(2, "deposit") + data(3, deposit)))
    signature = data(1, account) + data(2, bytes.fromhex(key_id)) + number(3, 1) + data(4, ed25519_sign(seed, body))
    return data(1, body) + data(2, signature)

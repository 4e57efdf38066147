#!/usr/bin/env node
// Deposits the digest of a file, signed by your own Ed25519 key; keeps and roughly checks the receipt. Node 18 or newer.
// usage: sign_and_submit.mjs SERVER ACCOUNT KEY.pem FILE
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const varint = (n) => { const out = []; for (n = BigInt(n); n > 127n; n >>= 7n) out.push(Number(n & 127n) | 128); out.push(Number(n)); return Buffer.from(out); };
const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const data = (field, value) => { const bytes = Buffer.from(value); return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]); };
const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();

const [server, account, keyFile, file] = process.argv.slice(2);
async function call(method, path, body) {
  const answer = await fetch(server + path, { method, body, headers: { "Content-Type": "application/x-protobuf" } });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${json.code}: ${json.title} ${json.detail ?? ""}`);
  return json;
}

function rootFromProof(leaf, index, size, proof) { // RFC 9162 section 2.1.3.2
  let node = sha256(Buffer.of(0), leaf), last = size - 1;
  for (const sibling of proof) {
    if (index % 2 || index === last) {
      node = sha256(Buffer.of(1), sibling, node);
      while (index % 2 === 0 && index !== 0) { index = Math.floor(index / 2); last = Math.floor(last / 2); }
    } else node = sha256(Buffer.of(1), node, sibling);
    index = Math.floor(index / 2); last = Math.floor(last / 2);
  }
  if (last !== 0) throw new Error("the proof is too short");
  return node;
}

const key = createPrivateKey({ key: readFileSync(keyFile), passphrase: process.env.KEY_PASSPHRASE });
const point = createPublicKey(key).export({ format: "jwk" }).x;
const mine = (await call("GET", `/v1/accounts/${account}`)).keys.find((k) => k.public_key === Buffer.from(point, "base64url").toString("hex"));
if (!mine) throw new Error(`the account ${account} does not have this key`);
const network = await call("GET", "/v1/network");
const content = readFileSync(file), now = Date.now();
const deposit = Buffer.concat([data(2, sha256(content)), number(3, content.length), data(5, "collected")]); // proto/contracts/evidence.proto
const body = Buffer.concat([data(1, Buffer.from(network.network_id, "hex")), data(2, randomBytes(16)), number(3, now - 5000), number(4, now + 60000),
  data(5, Buffer.concat([data(1, "evidence"), data(2, "deposit"), data(3, deposit)]))]);
const signature = Buffer.concat([data(1, account), data(2, Buffer.from(mine.key_id, "hex")), number(3, 1), data(4, sign(null, body, key))]);
const outcome = await call("POST", "/v1/transactions?until=final", Buffer.concat([data(1, body), data(2, signature)]));
console.log("final at height", outcome.height, "transaction", outcome.id);
const receipt = await call("GET", `/v1/transactions/${outcome.id}/receipt`);
const entry = Buffer.from(receipt.entry, "base64"), lines = receipt.checkpoint.split("\n");
if (!entry.includes(data(1, body))) throw new Error("the receipt is about another transaction");
const root = rootFromProof(entry, receipt.leaf_index, Number(lines[1]), receipt.inclusion_proof.map((p) => Buffer.from(p, "base64")));
if (!root.equals(Buffer.from(lines[2], "base64"))) throw new Error("the entry is not in the log");
writeFileSync(`${file}.receipt.json`, JSON.stringify(receipt));
console.log(`in the log; full check: chancery verify ${file}.receipt.json --trust trust.json`);

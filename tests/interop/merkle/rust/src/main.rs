//! Judges ics23.jsonl of merkle_interop_vectors with the Rust ics23 crate under its own smt_spec().

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::panic;

use ics23::{CommitmentProof, HostFunctionsManager};
use prost::Message;
use serde::Deserialize;

#[derive(Deserialize)]
struct StateProof {
    kind: String,
    root: String,
    key: String,
    value: String,
    proof: String,
    mutation: String,
    expect: String,
    ours: bool,
}

fn library_accepts(p: &StateProof) -> bool {
    let bytes = |text: &str| hex::decode(text).expect("hexadecimal");
    let Ok(proof) = CommitmentProof::decode(bytes(&p.proof).as_slice()) else {
        return false;
    };
    let spec = ics23::smt_spec();
    let (root, key) = (bytes(&p.root), bytes(&p.key));
    if p.kind == "exist" {
        let value = bytes(&p.value);
        ics23::verify_membership::<HostFunctionsManager>(&proof, &spec, &root, &key, &value)
    } else {
        ics23::verify_non_membership::<HostFunctionsManager>(&proof, &spec, &root, &key)
    }
}

fn main() {
    let path = std::env::args().nth(1).expect("usage: merkle-interop ics23.jsonl");
    panic::set_hook(Box::new(|_| {}));
    let (mut passed, mut failed, mut good, mut bad, mut differ, mut panics) = (0, 0, 0, 0, 0, 0);
    for line in BufReader::new(File::open(path).expect("the vectors")).lines() {
        let p: StateProof = serde_json::from_str(&line.expect("a line")).expect("JSON");
        // A panic inside the library is a refusal.
        let accepted = panic::catch_unwind(|| library_accepts(&p)).unwrap_or_else(|_| {
            panics += 1;
            false
        });
        let ok = match p.expect.as_str() {
            "accept" => {
                good += 1;
                accepted && p.ours
            }
            "refuse" => {
                bad += 1;
                !accepted && !p.ours
            }
            _ => {
                differ += 1;
                accepted != p.ours
            }
        };
        if ok {
            passed += 1;
        } else {
            failed += 1;
            if failed <= 10 {
                println!("FAILED {} {:?}: library {}, ours {}", p.kind, p.mutation, accepted, p.ours);
            }
        }
    }
    if good < 300 || bad < 10_000 {
        println!("FAILED: too few proofs");
        failed += 1;
    }
    println!("rust ics23 0.12.0: {good} good, {bad} mutated, {differ} differ by design, {panics} panics");
    println!("rust: {passed} passed, {failed} failed");
    std::process::exit(i32::from(failed > 0));
}

#!/usr/bin/env bash
# State proofs, tiles and checkpoints of ours against code that is not ours: cosmos/ics23 (Go, Rust), golang.org/x/mod,
# Tessera's fsck. Prints "N passed, N failed, N skipped" last; a skipped part says why.
# What it makes goes to build/interop-merkle.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
tools/build.sh release merkle_interop_vectors
build=build/release
work=$PWD/build/interop-merkle
rm -rf "$work/vectors"
mkdir -p "$work/vectors"
"$build/tests/interop/merkle/merkle_interop_vectors" "$work/vectors"
echo "interop merkle: $(wc -l <"$work/vectors/ics23.jsonl") state proofs, $(find "$work/vectors/log" -type f | wc -l) files of a log"

passed=0 failed=0 skipped=0
# The program's last line is "<name>: N passed, N failed".
tally() {
    local name=$1 line
    shift
    "$@" >"$work/$name.log" 2>&1 || true
    line=$(tail -1 "$work/$name.log")
    grep -E ': [0-9]+ (passed|good)|FAILED' "$work/$name.log" | sed 's/^/  /' || true
    if [[ $line =~ ^[a-z]+:\ ([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
    else
        tail -20 "$work/$name.log"
        failed=$((failed + 1))
    fi
}
judge_in_go() {
    (cd "$here/go" && go build -mod=readonly -o "$work/judge" .) && timeout 300 "$work/judge" -vectors "$work/vectors"
}
judge_in_rust() {
    CARGO_TARGET_DIR=$work/rust cargo build --quiet --release --locked --manifest-path "$here/rust/Cargo.toml" &&
        timeout 300 "$work/rust/release/merkle-interop" "$work/vectors/ics23.jsonl"
}
if command -v go >/dev/null; then
    tally go judge_in_go
else
    echo "interop merkle: go is not installed: cosmos/ics23 in Go, x/mod and fsck are skipped"
    skipped=$((skipped + 1))
fi
if command -v cargo >/dev/null; then
    tally rust judge_in_rust
else
    echo "interop merkle: cargo is not installed: the ics23 crate is skipped"
    skipped=$((skipped + 1))
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]

#!/usr/bin/env bash
# The rule language against the conformance files of CEL, pinned in tests/interop/cel/go/go.mod. Files about what the
# subset leaves out as a whole (protobuf, extensions, two-variable macros, namespaces) are not read.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v go >/dev/null; then
    echo "cel: there is no Go here: skipped"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
cmake --preset release --log-level=WARNING >/dev/null
cmake --build build/release -j "$(nproc)" --target cel_conformance >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
program=$PWD/build/release/tests/interop/cel/cel_conformance
cd tests/interop/cel/go
go mod download
folder=$(go list -m -f '{{.Dir}}' cel.dev/expr)/tests/simple/testdata
go run . "$folder" basic comparisons integer_math lists logic macros parse string timestamps conversions fields \
    plumbing >"$work/cases.json"
"$program" <"$work/cases.json"

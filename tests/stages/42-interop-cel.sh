#!/usr/bin/env bash
# The rule language against the conformance files of CEL, pinned in tests/interop/cel/go/go.mod. A case is skipped only
# for a feature that it names and the subset leaves out, and fails even then when it is answered wrongly instead of
# refused. Files about what is left out as a whole (protobuf, containers, doubles, extensions, types) are not read.
# cores: 1
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v go >/dev/null; then
    echo "cel: there is no Go here: skipped"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
tools/build.sh release cel_conformance
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
program=$PWD/build/release/tests/interop/cel/cel_conformance
cd tests/interop/cel/go
go mod download
folder=$(go list -m -f '{{.Dir}}' cel.dev/expr)/tests/simple/testdata
go run . "$folder" basic comparisons integer_math lists logic macros macros2 parse string timestamps conversions \
    fields plumbing >"$work/cases.json"
"$program" <"$work/cases.json"

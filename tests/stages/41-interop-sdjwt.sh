#!/usr/bin/env bash
# SD-JWT credentials between us and two libraries of others, both ways.
set -euo pipefail
cd "$(dirname "$0")/../.."
for tool in python3 npm; do
    if ! command -v "$tool" >/dev/null; then
        echo "interop sdjwt: skipped, there is no $tool; it runs the libraries of others"
        echo "0 passed, 0 failed, 1 skipped"
        exit 0
    fi
done
exec tests/interop/sdjwt/run.sh

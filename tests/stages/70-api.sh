#!/usr/bin/env bash
# The HTTP API from outside: every operation, the pages, and schemathesis over the OpenAPI document.
set -euo pipefail
cd "$(dirname "$0")/../.."
cmake --preset release --log-level=WARNING >/dev/null
cmake --build --preset release -j "$(nproc)" --target chancery
exec tests/interop/api/run.sh build/release/src/cli/chancery

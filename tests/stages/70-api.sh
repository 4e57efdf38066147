#!/usr/bin/env bash
# The HTTP API from outside: every operation, the pages, and schemathesis over the OpenAPI document.
# cores: 1
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/build.sh release chancery
exec tests/interop/api/run.sh build/release/src/cli/chancery

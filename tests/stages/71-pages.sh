#!/usr/bin/env bash
# The plain pages in a real browser: accessible by axe-core, whole on a phone, both languages, light and dark.
# cores: 1
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/build.sh release chancery
exec tests/interop/pages/run.sh build/release/src/cli/chancery

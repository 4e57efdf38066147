#!/usr/bin/env bash
# Every example of the command line's help, of docs/cli.md and of docs/examples, run as it stands.
# cores: 1
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/build.sh release chancery
# The Python of the tests has the packages that docs/examples need.
exec build/venv/bin/python tests/examples/run.py build/release/src/cli/chancery build/examples

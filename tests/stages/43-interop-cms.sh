#!/usr/bin/env bash
# Signatures and timestamps between us, the openssl command and Bouncy Castle, both ways.
# cores: 1
set -euo pipefail
cd "$(dirname "$0")/../.."
exec tests/interop/cms/run.sh

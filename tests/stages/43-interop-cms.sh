#!/usr/bin/env bash
# Signatures and timestamps between us, the openssl command and Bouncy Castle, both ways.
# cores: 1
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/build.sh release cms_peer chancery
BUILD=build/release exec tests/interop/cms/run.sh

#!/usr/bin/env bash
# Four real nodes under load: killed, cut off, stopped, their clocks and stores changed; and CometBFT's own light client.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ ! -x third_party/download/bin/cometbft ] && ! command -v cometbft >/dev/null; then
    echo "skipped: CometBFT is not installed (tools/install.sh --network)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
tools/build.sh release chancery
exec python3 tests/network/chaos.py build/release/src/cli/chancery build/network

#!/usr/bin/env bash
# Four real nodes under load: killed, cut off, stopped, their clocks and stores changed; CometBFT's own light client; and a fifth
# node that joins by a verified snapshot.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ ! -x third_party/download/bin/cometbft ] && ! command -v cometbft >/dev/null; then
    echo "skipped: CometBFT is not installed (tools/install.sh --network)"
    echo "0 passed, 0 failed, 2 skipped"
    exit 0
fi
cmake --preset release --log-level=WARNING >/dev/null
cmake --build --preset release -j "$(nproc)" --target chancery
mkdir -p build
code=0
python3 tests/network/chaos.py build/release/src/cli/chancery build/network | tee build/network.log || code=1
python3 tests/network/join_by_snapshot.py build/release/src/cli/chancery build/network-join 9700 1500 | tee -a build/network.log || code=1
rm -rf build/network build/network-join
awk '/^[0-9]+ passed, [0-9]+ failed/ { passed += $1; failed += $3 } END { printf "%d passed, %d failed\n", passed, failed }' build/network.log
exit "$code"

#!/usr/bin/env bash
# A fifth node joins a network of four by a snapshot (skipped without CometBFT).
set -euo pipefail
cd "$(dirname "$0")/../.."
if [[ ! -x third_party/download/bin/cometbft && -z "${CHANCERY_COMETBFT:-}" ]] && ! command -v cometbft >/dev/null; then
  echo "CometBFT is not installed: tools/install.sh --network"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
fi
tools/build.sh release chancery
exec python3 tests/network/join_by_snapshot.py build/release/src/cli/chancery build/join_by_snapshot

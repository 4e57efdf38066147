#!/usr/bin/env bash
# What CometBFT alone does on four nodes with one signed 250-byte transaction at a time; see cometbft_signed/main.go. Prints the
# transactions a second; ends with 3 where Go or CometBFT is not installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
SECONDS_EACH=${SECONDS_EACH:-20}
cometbft=$PWD/third_party/download/bin/cometbft
[ -x "$cometbft" ] || cometbft=$(command -v cometbft || true)
[ -n "$cometbft" ] && command -v go >/dev/null || { echo "cometbft: Go or CometBFT is not installed" >&2; exit 3; }
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
(cd bench/peers/cometbft_signed && go build -o "$home/cometbft_signed" .) >&2
"$home/cometbft_signed" "$cometbft" "$home/nodes" "$SECONDS_EACH" 2>/dev/null

#!/usr/bin/env bash
# Our proofs, tiles and checkpoints judged by programs that are not ours.
exec "$(dirname "$0")/../interop/merkle/run.sh"

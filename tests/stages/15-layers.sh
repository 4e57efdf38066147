#!/usr/bin/env bash
# Includes, threads and clocks stay where the architecture puts them.
exec python3 "$(dirname "$0")/../../tools/check_layers.py"

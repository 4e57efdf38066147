#!/usr/bin/env bash
# What handles foreign bytes, under the address and undefined-behaviour sanitizers.
exec "$(dirname "$0")/../../tools/unit_tests.sh" asan base crypto merkle storage ledger contracts documents packs

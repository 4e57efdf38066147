#!/usr/bin/env bash
# What several threads touch, under the thread sanitizer.
exec "$(dirname "$0")/../../tools/unit_tests.sh" tsan base merkle

#!/usr/bin/env bash
# The whole tree in the shipped configuration, and every unit test.
exec "$(dirname "$0")/../../tools/unit_tests.sh" release

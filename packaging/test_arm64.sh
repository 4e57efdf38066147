#!/usr/bin/env bash
# Cross-builds unit tests for ARM64 and runs them under qemu-user. Not part of `make test`: too slow for two cores.
#   packaging/test_arm64.sh [NAME...]     default: base crypto merkle
# Needs g++-aarch64-linux-gnu and qemu-user-static.
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in aarch64-linux-gnu-g++ qemu-aarch64-static; do
    command -v "$tool" >/dev/null || {
        echo "arm64: $tool is not there; apt-get install g++-aarch64-linux-gnu qemu-user-static" >&2
        exit 1
    }
done
names=("$@")
[ $# -gt 0 ] || names=(base crypto merkle)
packaging/make_arm64_sysroot.sh
tools/build.sh arm64 "${names[@]/%/_tests}"
for name in "${names[@]}"; do
    echo "arm64: $name"
    qemu-aarch64-static -L build/arm64-sysroot "build/arm64/src/$name/${name}_tests" --gtest_brief=1
done

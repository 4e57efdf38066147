#!/usr/bin/env bash
# clang-format over the C++ of this tree. Arguments go to clang-format: -i rewrites, --dry-run -Werror only looks.
set -euo pipefail
cd "$(dirname "$0")/.."
find src tests bench -type f \( -name '*.cpp' -o -name '*.h' \) -not -path '*/target/*' -not -path '*/node_modules/*' -print0 |
    xargs -0 --no-run-if-empty -n 16 -P "$(nproc)" clang-format-19 "$@"

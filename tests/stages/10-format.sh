#!/usr/bin/env bash
# Every C++ file reads as .clang-format says.
set -euo pipefail
cd "$(dirname "$0")/../.."
listing=build/stages/format.txt
mkdir -p build/stages
files=$(find src tests bench -type f \( -name '*.cpp' -o -name '*.h' \) -not -path '*/target/*' -not -path '*/node_modules/*' | wc -l)
echo "format: looking at $files files"
tools/format.sh --dry-run -Werror 2>"$listing" || true
wrong=$(sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: error: .*/\1/p' "$listing" | sort -u)
count=0
if [ -n "$wrong" ]; then
    count=$(wc -l <<<"$wrong")
    echo "format: these differ from .clang-format; make format rewrites them:"
    echo "$wrong"
fi
echo "$((files - count)) passed, $count failed"
[ "$count" -eq 0 ]

#!/usr/bin/env bash
# Builds a preset and runs its unit tests, counted case by case.
#   tools/unit_tests.sh release             everything
#   tools/unit_tests.sh asan base crypto    only these test programs (base_tests, crypto_tests), where they exist
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift
build=build/$preset

started=$SECONDS
only=()
if [ $# -eq 0 ]; then
    echo "unit: building everything of preset $preset"
    tools/build.sh "$preset"
else
    # Without a build folder ninja knows no target yet.
    [ -f "$build/build.ninja" ] || cmake --preset "$preset" --log-level=WARNING >/dev/null
    targets=()
    for name in "$@"; do
        if ninja -C "$build" -t query "${name}_tests" >/dev/null 2>&1; then
            targets+=("${name}_tests")
            only+=("$name")
        else
            echo "unit: there is no program ${name}_tests"
        fi
    done
    [ ${#targets[@]} -gt 0 ] || { echo "0 passed, 0 failed"; exit 0; }
    echo "unit: building ${targets[*]} of preset $preset"
    tools/build.sh "$preset" "${targets[@]}"
fi
echo "unit: built in $((SECONDS - started)) s"

rm -rf "$build/gtest"
mkdir -p "$build/gtest"
export GTEST_OUTPUT="xml:$PWD/$build/gtest/"
# An abort is how a sanitizer's finding fails the test; odd container use inside uninstrumented libraries is theirs.
export ASAN_OPTIONS=abort_on_error=0:detect_container_overflow=0:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
export ASAN_SYMBOLIZER_PATH=/usr/lib/llvm-19/bin/llvm-symbolizer
export TSAN_OPTIONS=halt_on_error=0:second_deadlock_stack=1:suppressions=$PWD/tests/tsan.suppressions
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.suppressions
filter=()
if [ ${#only[@]} -gt 0 ]; then filter=(-R "^($(IFS='|'; echo "${only[*]}"))\$"); fi
ctest --test-dir "$build" -j "$(nproc)" --timeout 600 --output-on-failure --output-junit ctest.xml "${filter[@]}" || true
tools/count_tests.py "$build/ctest.xml" "$build/gtest"

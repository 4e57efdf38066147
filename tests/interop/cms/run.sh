#!/usr/bin/env bash
# Signatures and timestamps between ours, the openssl command and Bouncy Castle. Prints "N passed, N failed, N skipped"
# last. The files that are exchanged go to build/interop-cms.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
tools/build.sh release cms_peer chancery
build=build/release
work=$PWD/build/interop-cms
peer=$PWD/$build/tests/interop/cms/cms_peer
mkdir -p "$work"

passed=0 failed=0 skipped=0
# tally NAME COMMAND...: its last line counts; what went wrong is shown.
tally() {
    local name=$1 line
    shift
    "$@" >"$work/$name.log" 2>&1 || true
    line=$(tail -1 "$work/$name.log")
    echo "interop cms: $name: $line"
    if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
        passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
        skipped=$((skipped + ${BASH_REMATCH[4]:-0}))
        [ "${BASH_REMATCH[2]}" -eq 0 ] || grep '^WRONG' "$work/$name.log"
    else
        failed=$((failed + 1))
        tail -20 "$work/$name.log"
    fi
}

rm -rf "$work/ours" "$work/openssl" "$work/bouncycastle"
"$peer" make "$work/ours"
tally ours-by-us "$peer" judge "$work/ours"

if command -v openssl >/dev/null && command -v python3 >/dev/null; then
    echo "interop cms: openssl skips files with SM2 and Ed25519: version 3.0 does neither CMS nor timestamps with them"
    tally ours-by-openssl "$here/with_openssl.sh" judge "$work/ours"
    "$here/with_openssl.sh" make "$work/openssl" >"$work/openssl-make.log" 2>&1
    tally openssl-by-us "$peer" judge "$work/openssl"
else
    echo "interop cms: openssl skipped, there is no openssl or no python3"
    skipped=$((skipped + 1))
fi

if command -v openssl >/dev/null && command -v python3 >/dev/null && command -v curl >/dev/null; then
    tally service env "PYTHONPATH=$here/../api" python3 "$here/service.py" "$build/src/cli/chancery" "$work/service"
else
    echo "interop cms: the timestamp service skipped, there is no openssl, python3 or curl"
    skipped=$((skipped + 1))
fi

if command -v mvn >/dev/null && command -v javac >/dev/null; then
    if ! cmp -s "$here/java/pom.xml" "$work/pom.xml"; then
        rm -rf "$work/lib"
        mvn -q -B -f "$here/java/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$work/lib" >"$work/mvn.log" 2>&1
        cp "$here/java/pom.xml" "$work/"
    fi
    javac -XDsuppressNotes -cp "$work/lib/*" -d "$work/classes" "$here/java/Judge.java"
    judge=(java -cp "$work/lib/*:$work/classes" Judge)
    echo "interop cms: files of GB/T 35275 are skipped by Bouncy Castle: it does not know their signature algorithm"
    tally ours-by-bouncycastle "${judge[@]}" judge "$work/ours"
    "${judge[@]}" make "$work/bouncycastle" "$(cat "$work/ours/at")"
    tally bouncycastle-by-us "$peer" judge "$work/bouncycastle"
else
    echo "interop cms: Bouncy Castle skipped, there is no mvn or no javac"
    skipped=$((skipped + 1))
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]

#!/usr/bin/env bash
# Brings a Debian bookworm machine to the point where the tree builds. May be run as often as you like: what is there
# already is left alone.
#   tools/install.sh           what the build needs
#   tools/install.sh --network also CometBFT, which a network of several organisations needs (built by Go)
#   tools/install.sh --tests   also that, and what only the whole-system tests need (build/venv, build/test-tools, a browser,
#                              valgrind)
# Needs root or sudo for apt. Downloads are checked: Debian packages by apt's signatures, wheels by the hashes in
# tools/*.requirements.txt, Go modules by Go's checksum database.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly COMETBFT=v0.38.21

with_tests=no with_network=no
case "${1:-}" in
    "") ;;
    --network) with_network=yes ;;
    --tests) with_tests=yes with_network=wanted ;;
    *) echo "usage: tools/install.sh [--network | --tests]" >&2; exit 2 ;;
esac

say() { printf 'install: %s\n' "$*"; }
stop() { printf 'install: %s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else
        stop "this step needs root and there is no sudo; run as root: $*"
    fi
}

# Prints "package pinned-version" lines.
pinned_packages() { sed -e 's/#.*//' -e '/^ *$/d' tools/packages.txt | awk '{print $1, $2}'; }

installed_version() {
    dpkg-query -W -f '${db:Status-Status} ${Version}' "$1" 2>/dev/null | sed -n 's/^installed //p'
}

missing_packages() {
    pinned_packages | while read -r name _; do
        [ -n "$(installed_version "$name")" ] || echo "$name"
    done
}

check_system() {
    # shellcheck source=/dev/null
    [ -r /etc/os-release ] && . /etc/os-release
    if [ "${VERSION_CODENAME:-}" != bookworm ]; then
        stop "this is '${PRETTY_NAME:-an unknown system}'; the versions in tools/packages.txt are those of Debian 12 (bookworm)"
    fi
}

install_packages() {
    local missing
    missing=$(missing_packages)
    if [ -z "$missing" ]; then
        say "Debian packages: all $(pinned_packages | wc -l) are there"
    else
        # 1.74 and 1.81 own the same headers; removing somebody's package is not ours to decide.
        if grep -q '^libboost1.81-dev$' <<<"$missing" && [ -n "$(installed_version libboost1.74-dev)" ]; then
            stop "libboost1.74-dev cannot stand beside libboost1.81-dev; remove it (apt-get remove libboost1.74-dev) and run this again"
        fi
        say "Debian packages to install: $(tr '\n' ' ' <<<"$missing")"
        as_root apt-get update -q
        # shellcheck disable=SC2086
        as_root apt-get install -q -y --no-install-recommends $missing
    fi
    local wrong=0
    while read -r name pinned; do
        local found
        found=$(installed_version "$name")
        printf 'install:   %-20s %-24s (pinned: %s*)\n' "$name" "$found" "$pinned"
        [[ "$found" == "$pinned"* ]] || { say "$name is $found, expected $pinned*"; wrong=1; }
    done < <(pinned_packages)
    [ "$wrong" -eq 0 ] || stop "another version than the pinned one is installed; change tools/packages.txt knowingly or the package"
}

# A Python that has pip: the machine's own, else Debian's.
find_python() {
    local candidate
    for candidate in python3 /usr/bin/python3; do
        if "$candidate" -m pip --version >/dev/null 2>&1; then echo "$candidate"; return; fi
    done
    stop "no Python with pip found, although python3-pip is installed"
}

# Intel's multi-buffer crypto: ten to twenty times the signature checks of OpenSSL on CPUs with AVX-512 IFMA.
install_crypto_mb() {
    local target=third_party/download requirements=tools/ipp-crypto.requirements.txt
    if [ "$(uname -m)" != x86_64 ]; then
        say "crypto_mb: skipped, it exists for x86-64 only and this is $(uname -m); signatures are checked by OpenSSL"
        return
    fi
    if [ ! -f "$requirements" ]; then
        say "crypto_mb: skipped, $requirements is not there; signatures are checked by OpenSSL"
        return
    fi
    if [ -f "$target/ipp/.complete" ] && cmp -s "$requirements" "$target/ipp/.complete"; then
        say "crypto_mb: there"
        return
    fi
    say "crypto_mb: downloading two wheels, checked by the hashes in $requirements"
    mkdir -p "$target"
    if ! "$(find_python)" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --require-hashes -r "$requirements" -d "$target"; then
        say "crypto_mb: the download failed; the build goes on without it (OpenSSL checks about 20 times fewer SM2 signatures a second)"
        return
    fi
    rm -rf "$target/ipp.new"
    local wheel
    for wheel in "$target"/ipp_crypto_*.whl; do
        "$(find_python)" -m zipfile -e "$wheel" "$target/ipp.new"
    done
    cp "$requirements" "$target/ipp.new/.complete"
    rm -rf "$target/ipp"
    mv "$target/ipp.new" "$target/ipp"
    say "crypto_mb: unpacked to $target/ipp"
}

install_test_tools() {
    local requirements=tools/tests.requirements.txt
    if [ -f build/venv/.complete ] && cmp -s "$requirements" build/venv/.complete; then
        say "test tools: there (build/venv)"
        return
    fi
    say "test tools: Python packages of $requirements into build/venv, checked by hash"
    rm -rf build/venv
    mkdir -p build
    /usr/bin/python3 -m venv build/venv
    build/venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$requirements"
    cp "$requirements" build/venv/.complete
}

# Apt compares the file with the sum in the signed package lists, which a new machine may not have yet.
download_package() {
    (cd "$1" && apt-get download -q "$2") || { as_root apt-get update -q && (cd "$1" && apt-get download -q "$2"); }
}

# Unpacked and never installed: Debian's prometheus would start a server, and only its promtool is wanted.
unpack_test_packages() {
    local list=tools/tests.packages.txt target=build/test-tools
    if [ -f "$target/.complete" ] && cmp -s "$list" "$target/.complete"; then
        say "unpacked test tools: there ($target)"
        return
    fi
    rm -rf "$target"
    mkdir -p "$target/debs"
    local name pinned version
    while read -r name pinned; do
        if ! download_package "$target/debs" "$name"; then
            say "$name: the download failed; the tests that need it are skipped"
            return
        fi
        version=$(dpkg-deb -f "$target/debs/${name}"_*.deb Version)
        [[ "$version" == "$pinned"* ]] || stop "$name is $version, expected $pinned*; change $list knowingly"
        dpkg-deb -x "$target/debs/${name}"_*.deb "$target"
    done < <(sed -e 's/#.*//' -e '/^ *$/d' "$list" | awk '{print $1, $2}')
    rm -r "$target/debs"
    cp "$list" "$target/.complete"
    say "unpacked test tools: $target"
}

# What the tests take from the machine: a browser for the pages and a Chinese font, without which they are laid out as
# boxes; valgrind, which watches the branches of signing. Versions are not pinned: Debian replaces the browser with each
# security update.
install_test_packages() {
    local package missing=()
    for package in chromium fonts-noto-cjk valgrind; do
        [ -n "$(installed_version "$package")" ] || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        say "packages of the tests: Chromium, a Chinese font and valgrind are there"
        return
    fi
    say "packages of the tests: installing ${missing[*]}"
    if ! as_root apt-get update -q || ! as_root apt-get install -q -y --no-install-recommends "${missing[@]}"; then
        say "packages of the tests: the installation failed; the tests that need them are skipped"
    fi
}

# The consensus engine of networks of several. The embedded engine of a single node needs none of it.
install_cometbft() {
    local bin=$PWD/third_party/download/bin
    local module=github.com/cometbft/cometbft
    if [ -x "$bin/cometbft" ] && grep -qa "mod.$module.$COMETBFT" "$bin/cometbft"; then
        say "CometBFT: $COMETBFT is there"
        return
    fi
    if ! command -v go >/dev/null; then
        local missing="CometBFT: Go is not installed, and it builds CometBFT $COMETBFT; install Go 1.22 or later (https://go.dev/dl), or put a cometbft of that version on PATH"
        if [ "$with_network" = yes ]; then stop "$missing"; fi
        say "$missing; the tests of a network are skipped without it"
        return
    fi
    say "CometBFT: building $COMETBFT with $(go version | cut -d' ' -f3), about a minute"
    mkdir -p "$bin"
    if ! GOFLAGS=-modcacherw GOBIN=$bin go install "$module/cmd/cometbft@$COMETBFT"; then
        if [ "$with_network" = yes ]; then stop "CometBFT: the build failed, see above"; fi
        say "CometBFT: the build failed; the tests of a network are skipped without it"
    fi
}

# Toolchains that some parts use and the C++ build does not: say it, never fail on it.
report_toolchain() {
    local command=$1 what=$2
    if command -v "$command" >/dev/null; then
        say "$command: found"
    else
        say "$command: not found; needed only for $what; everything else works without it"
    fi
}

check_system
install_packages
install_crypto_mb
if [ "$with_network" != no ]; then install_cometbft; fi
if [ "$with_tests" = yes ]; then
    install_test_tools
    install_test_packages
    unpack_test_packages
fi
report_toolchain go "CometBFT (networks of several organisations) and the interop tests with Go's ICS-23, transparency-log and Tessera code"
report_toolchain cargo "the interop test with the Rust ics23 crate"
report_toolchain node "the interop test with the JavaScript SD-JWT library"
report_toolchain python3 "tools/check_layers.py and the whole-system tests"
say "done"

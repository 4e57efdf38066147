#!/usr/bin/env bash
# The Debian package: what is in it, that the program in it works, how hard its service is, the bundle, the monitoring.
set -euo pipefail
cd "$(dirname "$0")/../.."
passed=0 failed=0 skipped=0
check() {
    local what=$1 code=0
    shift
    "$@" >build/package/last.log 2>&1 || code=$?
    if [ "$code" -eq 0 ]; then
        echo "packaging: $what"
        passed=$((passed + 1))
    else
        echo "packaging: FAILED: $what (code $code)"
        cat build/package/last.log
        failed=$((failed + 1))
    fi
}
skip() { echo "packaging: skipped: $1"; skipped=$((skipped + 1)); }
not() { if "$@"; then return 1; fi; }
finish() { echo "$passed passed, $failed failed, $skipped skipped"; [ "$failed" -eq 0 ]; exit; }

mkdir -p build/package
check "every metric of the rules and the dashboard exists" packaging/check_metrics.py
check "every row of docs/compliance that is met names what shows it" tests/compliance/check.py
check "a row that names no test, or none that exists, is refused" tests/compliance/check.py --self-test
if promtool=$(PATH=$PWD/build/test-tools/usr/bin:$PATH command -v promtool); then
    check "promtool accepts the alert rules" "$promtool" check rules packaging/prometheus/chancery.rules.yml
    check "the alerts of the disk's forecast go off one at a time" \
        "$promtool" test rules packaging/prometheus/chancery.rules.test.yml
else
    skip "promtool is not there (tools/install.sh --tests unpacks it)"
fi
if command -v systemd-analyze >/dev/null; then
    mkdir -p build/package/unit
    cp packaging/debian/chancery.service build/package/unit/
    check "the service's exposure is 2.0 or less" \
        systemd-analyze security --no-pager --offline=true --threshold=20 build/package/unit/chancery.service
else
    skip "systemd-analyze is not there"
fi
if ! command -v dpkg-deb >/dev/null || ! command -v dpkg-shlibdeps >/dev/null; then
    skip "dpkg-deb or dpkg-shlibdeps is not there, so there is no package"
    finish
fi

tools/build.sh release chancery
rm -f build/package/*.deb
check "the package builds" packaging/make_deb.sh
deb=$(ls build/package/chancery_*.deb 2>/dev/null) || finish
first=$(sha256sum <"$deb")
check "the package builds again" packaging/make_deb.sh
check "to the same bytes" [ "$first" = "$(sha256sum <"$deb")" ]
check "its control file is read" dpkg-deb -I "$deb"
check "it depends on the libraries of the program" grep -q librocksdb <(dpkg-deb -f "$deb" Depends)
check "its configuration is a conffile" grep -qx /etc/chancery/chancery.conf <(dpkg-deb --info "$deb" conffiles)
check "everything in it belongs to root" not grep -v ' root/root ' <(dpkg-deb -c "$deb")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
check "it unpacks" dpkg-deb -x "$deb" "$scratch/root"
for script in postinst prerm postrm; do check "$script is a shell script" sh -n "packaging/debian/$script"; done
check "no key and no passphrase is in it" not grep -rlE -e '^-----BEGIN [A-Z ]*PRIVATE KEY' -e '^CHANCERY_PASSPHRASE=.' "$scratch/root/etc" "$scratch/root/lib" "$scratch/root/usr/share"
for file in lib/systemd/system/chancery.service usr/share/man/man1/chancery.1.gz usr/share/doc/chancery/copyright \
    usr/share/doc/chancery/NOTICE usr/share/bash-completion/completions/chancery; do
    check "/$file is in it" test -s "$scratch/root/$file"
done
program=$scratch/root/usr/bin/chancery
check "the program is stripped" not grep -q '\.debug_info' <(readelf -SW "$program")
check "chancery --version" "$program" --version
printf 'a passphrase of the packaging test\n' >"$scratch/passphrase"
check "init, with the passphrase from a file" "$program" init --directory "$scratch/node" --passphrase-file "$scratch/passphrase"
# A free port for the doctor, which looks whether the node could listen.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
check "doctor" "$program" doctor --directory "$scratch/node" --port "$port"

"$program" serve --directory "$scratch/node" --port "$port" --passphrase-file "$scratch/passphrase" >"$scratch/serve.log" 2>&1 &
node=$!
check "serve gets ready" curl -fsS --retry 60 --retry-delay 1 --retry-all-errors "http://127.0.0.1:$port/readyz"
check "the gauges of the alert rules are in /metrics" bash -c "
    curl -fsS http://127.0.0.1:$port/metrics >$scratch/metrics
    for name in chancery_ready chancery_writable chancery_block_height chancery_disk_free_bytes chancery_read_model_behind_entries; do
        grep -q \"^\$name \" $scratch/metrics || { echo \$name is missing; exit 1; }
    done"
kill "$node" || true
check "serve ends in good order on SIGTERM" wait "$node"

# What apt would do on a machine that has nothing, no network and no package lists.
install_on_empty_machine() {
    mkdir -p "$scratch/apt/lists/partial"
    : >"$scratch/apt/status"
    apt-get install -s -y --no-install-recommends -o Dir::State::status="$scratch/apt/status" \
        -o Dir::State::lists="$scratch/apt/lists" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@"
}
bundle=build/package/chancery-offline-$(basename "$deb" .deb | cut -d_ -f2-)
if packaging/make_bundle.sh >build/package/last.log 2>&1; then
    check "the offline bundle has all that an empty machine needs" install_on_empty_machine "./$deb" ./"$bundle"/debs/*.deb
    rm "$bundle"/debs/libspdlog*.deb
    check "and is short of something when a package is missing" not install_on_empty_machine "./$deb" ./"$bundle"/debs/*.deb
else
    skip "the Debian packages of the offline bundle cannot be downloaded here"
fi
check "the offline bundle builds without them" packaging/make_bundle.sh --no-dependencies
check "its checksums are right" "$bundle/install.sh" --check
check "its bill of materials has every package of tools/packages.txt" python3 - "$bundle/sbom.cdx.json" <<'PYTHON'
import json, sys
names = {each["name"]: each["version"] for each in json.load(open(sys.argv[1]))["components"]}
for line in open("tools/packages.txt"):
    fields = line.split("#")[0].split()
    if fields and not names.get(fields[0], "").startswith(fields[1]):
        sys.exit(f"{fields[0]} {fields[1]} is not in it")
PYTHON
printf x >>"$bundle/NOTICE"
check "an altered bundle is refused" not "$bundle/install.sh" --check
cp NOTICE "$bundle/NOTICE"
printf x >"$bundle/more"
check "a bundle with one more file is refused" not "$bundle/install.sh" --check
finish

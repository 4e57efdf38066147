#!/usr/bin/env bash
# Makes build/package/chancery-offline-VERSION-ARCH.tar: what a machine without a network needs, with SHA256SUMS over all.
#   packaging/make_bundle.sh                     with every Debian package that the program needs (apt-get download)
#   packaging/make_bundle.sh --no-dependencies   without them, which needs no network
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/package
deb=$(ls "$out"/chancery_*_"$(dpkg --print-architecture)".deb)
name=$(basename "$deb" .deb)
name=chancery-offline-${name#chancery_}
rm -rf "${out:?}/$name" && mkdir -p "$out/$name/debs"
cp "$deb" "$out/$name/"
if [ "${1:-}" != --no-dependencies ]; then
    # What apt would bring to a machine that has nothing yet: its own solver, shown an empty machine, also finds who
    # provides a virtual package. Which of it is installed is a matter of the other machine.
    apt=$out/apt
    rm -rf "$apt" && mkdir -p "$apt/archives/partial"
    : >"$apt/status"
    apt-get install -q -y --no-install-recommends --download-only -o Dir::State::status="$PWD/$apt/status" \
        -o Dir::Cache::archives="$PWD/$apt/archives" -o APT::Sandbox::User=root "./$deb"
    mv "$apt"/archives/*.deb "$out/$name/debs/"
    rm -rf "$apt"
fi
cometbft=third_party/download/bin/cometbft
if [ -x "$cometbft" ] && command -v go >/dev/null; then
    cp "$cometbft" "$out/$name/"
    packaging/make_sbom.py "$cometbft" >"$out/$name/sbom.cdx.json"
else
    echo "bundle: without cometbft, which is not built here (tools/install.sh --network)"
    packaging/make_sbom.py >"$out/$name/sbom.cdx.json"
fi
install -m 0755 packaging/install_offline.sh "$out/$name/install.sh"
cp LICENSE NOTICE "$out/$name/"
(cd "$out/$name" && find . -type f -not -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >SHA256SUMS)
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" -C "$out" -cf "$out/$name.tar" "$name"
echo "$out/$name.tar"

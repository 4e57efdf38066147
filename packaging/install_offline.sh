#!/bin/sh
# Installs the bundle that it lies in, without a network. Nothing is installed unless every checksum is right and no
# file is there that SHA256SUMS does not name. Compare the sum of SHA256SUMS itself with the one that you were given.
#   ./install.sh            installs (as root)
#   ./install.sh --check    only verifies
set -eu
cd "$(dirname "$0")"
sha256sum --quiet --strict -c SHA256SUMS || { echo "install: a checksum is wrong; nothing was installed" >&2; exit 1; }
listed=$(wc -l <SHA256SUMS)
present=$(find . ! -type d ! -path ./SHA256SUMS | wc -l)
if [ "$listed" -ne "$present" ]; then
    echo "install: $present files are here and SHA256SUMS names $listed; nothing was installed" >&2
    exit 1
fi
echo "install: $listed files verified; SHA256SUMS is $(sha256sum <SHA256SUMS | cut -d' ' -f1)"
[ "${1:-}" = --check ] && exit 0
[ "$(id -u)" -eq 0 ] || { echo "install: run this as root" >&2; exit 1; }
set -- ./chancery_*.deb
for deb in debs/*.deb; do
    [ -e "$deb" ] || continue
    package=$(dpkg-deb -f "$deb" Package)
    # What the machine already has, in this version or a newer one, stays as it is.
    have=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null || true)
    if [ -z "$have" ] || dpkg --compare-versions "$have" lt "$(dpkg-deb -f "$deb" Version)"; then set -- "$@" "./$deb"; fi
done
# Every file is named, so apt asks no network; with --no-download it would not even take local files.
apt-get install -y --no-install-recommends "$@"
[ ! -e cometbft ] || install -m 0755 cometbft /usr/bin/cometbft

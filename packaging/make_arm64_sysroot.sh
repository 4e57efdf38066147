#!/usr/bin/env bash
# Unpacks what an ARM64 build links with into build/arm64-sysroot. The machine's own apt and dpkg know nothing of it: the
# package lists, the status and the downloads lie in build/arm64-apt. Apt checks the signatures as ever.
set -euo pipefail
cd "$(dirname "$0")/.."
apt=$PWD/build/arm64-apt sysroot=$PWD/build/arm64-sysroot
if [ -f "$sysroot/.complete" ] && cmp -s tools/packages.txt "$sysroot/.complete"; then
    echo "arm64: the sysroot is there ($sysroot)"
    exit
fi
rm -rf "$sysroot"
mkdir -p "$sysroot" "$apt/state/lists/partial" "$apt/cache/archives/partial"
: >"$apt/status"
options=(-q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State="$apt/state"
    -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root)
apt-get "${options[@]}" update
# The libraries of tools/packages.txt; compilers and tools are the machine's own.
mapfile -t packages < <(sed -e 's/#.*//' tools/packages.txt | awk '$1 ~ /^(lib.*|zlib1g|nlohmann-json3)-dev$/ && $1 !~ /^libclang/ {print $1}')
apt-get "${options[@]}" install -y --no-install-recommends --download-only "${packages[@]}" libstdc++-12-dev libc6-dev
for deb in "$apt"/cache/archives/*.deb; do dpkg -x "$deb" "$sysroot"; done
# Links that name the root of a machine would leave the sysroot.
find "$sysroot" -type l -lname '/*' | while read -r link; do ln -sfn "$sysroot$(readlink "$link")" "$link"; done
cp tools/packages.txt "$sysroot/.complete"
echo "arm64: $sysroot is $(du -sm "$sysroot" | cut -f1) MiB"

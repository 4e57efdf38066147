#!/usr/bin/env bash
# Builds build/package/chancery_VERSION_ARCH.deb from a built program; the same input gives the same bytes.
#   packaging/make_deb.sh [PROGRAM]     default build/release/src/cli/chancery
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-build/release/src/cli/chancery}
[ -x "$program" ] || { echo "package: $program is not there; build the target chancery first" >&2; exit 1; }
out=build/package root=build/package/root
arch=$(dpkg --print-architecture)
version=$(sed -n 's/^project(chancery VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH
umask 022
rm -rf "$root" "$out/debian" && mkdir -p "$root/DEBIAN" "$out/debian"

install -D -m 0755 "$program" "$root/usr/bin/chancery"
strip --strip-unneeded "$root/usr/bin/chancery"
install -D -m 0644 packaging/debian/chancery.service "$root/lib/systemd/system/chancery.service"
install -D -m 0644 packaging/debian/chancery.conf "$root/etc/chancery/chancery.conf"
share=$root/usr/share
mkdir -p "$share/man/man1" "$share/man/zh_CN/man1" "$share/bash-completion/completions" \
    "$share/zsh/vendor-completions" "$share/fish/vendor_completions.d"
"$program" completion man --lang en | gzip -9n >"$share/man/man1/chancery.1.gz"
"$program" completion man --lang zh | gzip -9n >"$share/man/zh_CN/man1/chancery.1.gz"
"$program" completion bash --lang en >"$share/bash-completion/completions/chancery"
"$program" completion zsh --lang en >"$share/zsh/vendor-completions/_chancery"
"$program" completion fish --lang en >"$share/fish/vendor_completions.d/chancery.fish"
install -D -m 0644 LICENSE "$share/doc/chancery/copyright"
install -m 0644 NOTICE "$share/doc/chancery/NOTICE"
install -D -m 0644 packaging/prometheus/chancery.rules.yml "$share/chancery/prometheus/chancery.rules.yml"
install -D -m 0644 packaging/grafana/chancery.json "$share/chancery/grafana/chancery.json"

# dpkg-shlibdeps wants a debian/control to read; the packages that own the libraries come from the machine's own dpkg.
printf 'Source: chancery\n\nPackage: chancery\nArchitecture: any\n' >"$out/debian/control"
depends=$(cd "$out" && dpkg-shlibdeps -O root/usr/bin/chancery 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { echo "package: dpkg-shlibdeps named no dependency" >&2; exit 1; }
cat >"$root/DEBIAN/control" <<CONTROL
Package: chancery
Version: $version
Architecture: $arch
Maintainer: The Chancery authors <chancery@chancery.example>
Section: database
Priority: optional
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: $depends, adduser
Description: public-records ledger whose receipts verify offline
 Offices issue certificates, deposit evidence and revoke what has lapsed;
 anyone can check the outcome without trusting the machine that served it.
CONTROL
echo /etc/chancery/chancery.conf >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 0755 "packaging/debian/$script" "$root/DEBIAN/$script"; done
(cd "$root" && find . -type f -not -path './DEBIAN/*' -not -path './etc/*' -printf '%P\n' | LC_ALL=C sort | xargs md5sum) >"$root/DEBIAN/md5sums"
dpkg-deb --root-owner-group --build "$root" "$out/chancery_${version}_$arch.deb" >&2
echo "$out/chancery_${version}_$arch.deb"

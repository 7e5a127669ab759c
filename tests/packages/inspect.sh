#!/bin/bash
# Reads built packages as Debian's own checkers do, and the log of their build.
#
#   tests/packages/inspect.sh PACKAGES      a folder of tools/build-packages.sh
#
# lintian must be silent, down to what it calls pedantic; what is overridden has its reason beside it in
# debian/. hardening-check and blhc must find the program and each module compiled as Debian asks.
set -euo pipefail
(($# == 1)) || { sed -n '4s/^# */usage: /p' "$0" >&2; exit 2; }
cd "$1"
status=0

changes=(onlooker_*.changes)
[[ -e ${changes[0]} ]] || { echo "no packages in $PWD"; exit 1; }
said=$(lintian --allow-root -i -I --pedantic --suppress-tags unused-override,mismatched-override "${changes[@]}") || status=1
echo "$said"
# I: and P: do not make lintian fail. An override may be for what is found on another architecture alone.
if grep -q '^[EWIPX]: ' <<<"$said"; then
    status=1
fi

# hardening-check reads any machine's binaries, but for their instructions, of which objdump here knows
# this machine's. Functions to fortify are not in every module, and
# branch protection (CET) is not among what Debian turns on.
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
for package in onlooker*.deb; do
    [[ $package == *-dbgsym_* ]] || dpkg-deb --extract "$package" "$unpacked"
done
mapfile -t binaries < <(find "$unpacked" -path '*/usr/bin/*' -type f -o -name '*.so' -type f)
for binary in "${binaries[@]}"; do
    [[ $binary == */bin/* ]] && kind=() || kind=(--nopie)
    hardening-check --nofortify --nocfprotection "${kind[@]}" "$binary" 2>/dev/null || status=1
done

# Debug symbols are left out by tools/build-packages.sh; linking takes -pie, and -fPIE says nothing to it.
# What meson says of a compiler is no command.
blhc --all --ignore-flag=-g --ignore-line='.* for the build machine: .*' \
    --ignore-line='.* -o onlooker onlooker\.p/src_main\.cpp\.o .* -pie .*' build.log || status=1
((status == 0)) && echo "clean: ${#binaries[@]} binaries, ${changes[*]}"
exit "$status"

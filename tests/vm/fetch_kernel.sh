#!/bin/bash
# Fetches Debian's kernel package and unpacks it; nothing of it is installed.
#   usage: fetch_kernel.sh FOLDER
# FOLDER/boot/vmlinuz-VERSION and FOLDER/lib/modules/VERSION are there afterwards. A folder that is
# complete is left as it is, so the package is fetched once per build folder.
set -euo pipefail
folder=$1
[ -f "$folder/complete" ] && exit 0

package=$(apt-cache depends linux-image-amd64 | awk '/Depends:/ { print $2; exit }')
[ -n "$package" ] || { echo "apt knows no kernel package: run 'apt-get update'" >&2; exit 1; }

work=$(mktemp -d "$(dirname "$folder")/kernel.XXXXXX")
trap 'rm -rf "$work"' EXIT
(cd "$work" && apt-get download -qq "$package" 2> apt.log) ||
    { cat "$work/apt.log" >&2; exit 1; }
mkdir "$work/tree"
dpkg -x "$work/$package"_*.deb "$work/tree"
# Debian 13 has its modules below /usr.
[ -d "$work/tree/lib/modules" ] || ln -s usr/lib "$work/tree/lib"
touch "$work/tree/complete"
rm -rf "$folder"
mv "$work/tree" "$folder"

#!/bin/bash
# Builds packages a second time, later, in another folder and without what a compiler kept from the first:
# the octets must be the same.
#
#   tests/packages/reproduce.sh RELEASE ARCH PACKAGES      a folder of tools/build-packages.sh
set -euo pipefail
(($# == 3)) || { sed -n '5s/^# */usage: /p' "$0" >&2; exit 2; }
release=$1 arch=$2 packages=$(realpath "$3")
cd "$(dirname "$(realpath "$0")")/../.."
again=$PWD/build-check/packages-again/$release-$arch

BUILD_TREE=$packages/tree BUILD_PLACE=/var/tmp/another/place BUILD_CCACHE=no \
    tools/build-packages.sh "$release" "$arch" "$again"
status=0 same=0
for package in "$packages"/*.deb; do
    if cmp "$package" "$again/$(basename "$package")"; then
        same=$((same + 1))
    else
        status=1
    fi
done
echo "$same packages have the same octets as before"
exit "$status"

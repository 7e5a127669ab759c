#!/bin/bash
# Installs packages in a bare Debian of their release and architecture, watches the camera of the service,
# upgrades, removes and purges them (installed.py). The version before is made from the same packages,
# with a lower number.
#
#   tests/packages/install.sh RELEASE ARCH PACKAGES
#
# Where the architecture is foreign all of it is emulated, and onlooker-opencv stays out: what it needs,
# 200 packages, would take the better part of an hour.
set -euo pipefail
(($# == 3)) || { sed -n '6s/^# */usage: /p' "$0" >&2; exit 2; }
release=$1 arch=$2 packages=$(realpath "$3")
cd "$(dirname "$(realpath "$0")")/../.."
# shellcheck source=tools/packages.sh
. tools/packages.sh
# shellcheck source=tools/trees.sh
. tools/trees.sh
tree=build-check/installed/$release-$arch

# older FROM TO: the packages again, as those of version 0.1.9.
older() {
    local package folder version
    for package in "$1"/*.deb; do
        folder=$2/unpacked
        dpkg-deb --raw-extract "$package" "$folder"
        version=$(dpkg-deb --field "$package" Version)
        sed -i "s/\b${version//./\\.}/0.1.9-1/" "$folder/DEBIAN/control"
        dpkg-deb --root-owner-group -Zgzip -z1 --build "$folder" "$2" >/dev/null
        rm -r "$folder"
    done
}

trees_possible "$release" "$arch"
fresh_tree "$release" "$tree" "$arch"
mkdir -p "$tree"/packages/{older,newer}
cp "$packages"/*.deb "$tree/packages/newer"
rm -f "$tree"/packages/newer/*-dbgsym_*
if [[ $arch != "$(own_architecture)" ]]; then
    rm -f "$tree"/packages/newer/onlooker-opencv_*
fi
older "$tree/packages/newer" "$tree/packages/older"

# What they depend on, first: what is there before and after is theirs alone.
# shellcheck disable=SC2016
(in_tree "$tree" '
    echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/throwaway
    apt-get update -qq
    apt-get install -s --no-install-recommends /packages/newer/*.deb |
        awk "\$1 == \"Inst\" && \$2 !~ /^onlooker/ { print \$2 }" >/packages/needed
    echo "Bare, they need $(wc -l </packages/needed) packages."
    xargs apt-get install -qq -y --no-install-recommends python3 fonts-dejavu-core </packages/needed >/dev/null
    apt-get clean')
TREE_ALONE=1 in_tree "$tree" 'python3 -B /tests/installed.py /packages/older /packages/newer' \
    "$PWD/tests/packages:/tests:ro"

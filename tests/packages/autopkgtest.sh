#!/bin/bash
# Runs debian/tests as Debian does: autopkgtest, with its null runner, in a bare tree of the release.
#
#   tests/packages/autopkgtest.sh RELEASE PACKAGES      a folder of tools/build-packages.sh
set -euo pipefail
# shellcheck source=tests/packages/begin.sh
. "$(dirname "$(realpath "$0")")/begin.sh"
tree=build-check/installed/autopkgtest-$release

trees_possible "$release"
fresh_tree "$release" "$tree"
mkdir -p "$tree/packages" "$tree/onlooker"
cp "$packages"/*.deb "$tree/packages"
git archive HEAD | tar x -C "$tree/onlooker"
in_tree "$tree" '
    echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/throwaway
    apt-get update -qq
    apt-get install -qq -y --no-install-recommends autopkgtest dpkg-dev >/dev/null
    autopkgtest --no-built-binaries /packages/*.deb /onlooker/ -- null'

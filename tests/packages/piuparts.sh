#!/bin/bash
# Has piuparts install and purge packages in a bare tree of the release.
#
#   tests/packages/piuparts.sh RELEASE PACKAGES      a folder of tools/build-packages.sh
set -euo pipefail
# shellcheck source=tests/packages/begin.sh
. "$(dirname "$(realpath "$0")")/begin.sh"
tree=build-check/installed/piuparts-$release

trees_possible "$release"
fresh_tree "$release" "$tree"
# onlooker-opencv's 200 packages are somebody else's to test; tests/packages/install.sh has it, too.
debs=()
for package in "$packages"/*.deb; do
    [[ $package == *-dbgsym_* || $package == */onlooker-opencv_* ]] || debs+=("$package")
done
# The user stays, and what systemd, which it depends on, leaves is systemd's.
unshare --mount --propagation private piuparts --existing-chroot "$tree" --distribution "$release" \
    --mirror "$(debian_mirror) main" --no-upgrade-test --skip-logrotatefiles-test \
    --ignore-regex '^/(etc/(passwd|group|shadow|gshadow|subuid|subgid)-?|root/\.ssh/?|var/(lib|log|cache)/(systemd|journal|private).*)$' "${debs[@]}"

#!/bin/bash
# The packaged service in the virtual machine of tests/vm, on a Debian that has the packages and nothing
# else of onlooker, with a USB camera (tests/vm/packaged_test.py).
#
#   tests/packages/in_vm.sh RELEASE PACKAGES      a folder of tools/build-packages.sh
#
# The camera comes from build-check/release, of ./check, or from the build folder in BUILD.
set -euo pipefail
# shellcheck source=tests/packages/begin.sh
. "$(dirname "$(realpath "$0")")/begin.sh"
build=$(realpath "${BUILD:-build-check/release}")
tree=$PWD/build-check/installed/$release-vm

trees_possible "$release"
fresh_tree "$release" "$tree"
mkdir -p "$tree/packages"
cp "$packages"/onlooker_*.deb "$tree/packages"
(in_tree "$tree" '
    echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/throwaway
    apt-get update -qq
    apt-get install -qq -y --no-install-recommends systemd udev kmod python3 bash /packages/*.deb >/dev/null
    apt-get clean')
VM_ROOT=$tree VM_LIMIT=600 tests/vm/run.sh "$build/tests/vm/cache" tests/vm/guest/packaged.sh \
    "$build/tests/vm/uvc-camera" "$build/tests/vm/test-pictures" tests/vm/packaged_test.py

#!/bin/bash
# One of libcamera's tests in the virtual machine of tests/vm, with kernel modules of its own.
#   usage: vm_test.sh CACHE_FOLDER GUEST_SCRIPT [PROGRAM...]
# GUEST_SCRIPT gets the folder of the modules, then the PROGRAMs.
# Exit status: the script's; 77, with a word, where this computer cannot do it.
set -uo pipefail
cache=$1 script=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
skip() {
    echo "skipped: $*"
    exit 77
}

[[ $(uname -m) == x86_64 ]] || skip "the virtual machine is built for x86_64 only"
((EUID == 0)) || skip "sharing the root file system with the machine needs root"
command -v make gcc dpkg apt-get >/dev/null || skip "building kernel modules needs gcc and make"
[[ -x /lib/systemd/systemd-udevd ]] || skip "libcamera needs udev: apt-get install udev"

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
(
    flock 9
    "$here/../vm/fetch_kernel.sh" "$cache/kernel" &&
        "$here/build_kernel_modules.sh" "$cache/kernel" "$cache/libcamera-modules"
) 9>"$cache/lock" >"$cache/libcamera-modules.log" 2>&1 || {
    tail -n 5 "$cache/libcamera-modules.log"
    skip "the kernel modules of build_kernel_modules.sh cannot be built"
}
# Hundreds of starts take their time.
export VM_LIMIT=${VM_LIMIT:-280}
exec "$here/../vm/run.sh" "$cache" "$script" "$cache/libcamera-modules" "$@"

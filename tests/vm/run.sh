#!/bin/bash
# One test in the virtual machine.
#   usage: run.sh CACHE_FOLDER GUEST_SCRIPT [PROGRAM...]
# GUEST_SCRIPT runs in the machine; the PROGRAMs, by their paths on the host, are its arguments.
# Exit status: the script's; 77, with a word, where this computer cannot do it.
#   VM_ROOT=TREE  the machine has the system in that tree, and not this one's; the PROGRAMs are copied.
set -uo pipefail
cache=$1 script=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
skip() { echo "skipped: $*"; exit 77; }

[ "$(uname -m)" = x86_64 ] || skip "the virtual machine is built for x86_64 only"
[ "$(id -u)" = 0 ] || skip "sharing the root file system with the machine needs root"
for tool in qemu-system-x86_64:qemu-system-x86 busybox:busybox-static depmod:kmod cpio:cpio \
    dpkg:dpkg apt-get:apt curl:curl udevadm:udev v4l2-ctl:v4l-utils; do
    command -v "${tool%%:*}" > /dev/null ||
        skip "${tool%%:*} is missing: apt-get install --no-install-recommends ${tool##*:}"
done

# Several tests share the kernel and the first file system; the first one makes them.
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
modules=(vivid uvcvideo dummy_hcd gadgetfs)
exec 9> "$cache/lock"
flock 9
"$here/fetch_kernel.sh" "$cache/kernel" || skip "Debian's kernel package cannot be fetched"
if [ ! -f "$cache/initramfs" ] || [ "$here/guest_init.sh" -nt "$cache/initramfs" ]; then
    "$here/make_initramfs.sh" "$cache/kernel" "$cache/initramfs" "${modules[@]}" || exit 99
fi
flock -u 9

folder=$cache/$(basename "$script" .sh)
rm -rf "$folder"
mkdir -p "$folder"
# The guest's working folder is another one.
programs=()
for program; do
    if [ -n "${VM_ROOT:-}" ]; then
        cp -r "$program" "$folder"
        programs+=("/mnt/$(basename "$program")")
    else
        programs+=("$(realpath "$program")")
    fi
done
unit=${script%.sh}.service
if [ -f "$unit" ]; then
    [ -x /lib/systemd/systemd ] || skip "systemd is missing: apt-get install --no-install-recommends systemd"
    cp "$unit" "$folder/guest.service"
fi
{
    # What sanitizers are told; their files are seen in the guest by the same names.
    for name in ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS; do
        [ -z "${!name:-}" ] || printf 'export %s=%q\n' "$name" "${!name}"
    done
    echo "set -- $(printf '%q ' "${programs[@]}")"
    cat "$here/guest/common.sh" "$script"
} > "$folder/script.sh"
"$here/boot.sh" "$cache/kernel" "$cache/initramfs" "$folder"
status=$?
[ -f "$folder/output" ] && cat "$folder/output"
[ "$status" = 99 ] && tail -n 20 "$folder/console"
exit "$status"

#!/bin/bash
# Boots the virtual machine; FOLDER/script.sh runs in it, with FOLDER as /mnt.
#   usage: boot.sh KERNEL_FOLDER INITRAMFS FOLDER
# The exit status is the script's; 99 when the machine did not get that far (FOLDER/console says
# why). Its output is in FOLDER/output.
#   VM_ACCEL=kvm  on a computer whose /dev/kvm works. The default is tcg, software only: a /dev/kvm
#                 that is there may still hang, and qemu's own fallback does not notice.
#   VM_LIMIT=170  seconds, after which it is stopped.
#   VM_ROOT=/     the root file system that it has.
# The machine has no network but its own loopback.
set -uo pipefail
kernel=$1 initramfs=$2 folder=$3
accelerator=${VM_ACCEL:-tcg}
processor=max
[ "$accelerator" = kvm ] && processor=host
share=security_model=none,multidevs=remap

rm -f "$folder/status"
# no_timer_check: a kernel that finds its emulated timer late, as on a busy computer, takes it for
# broken, tries others, and at times hangs.
timeout "${VM_LIMIT:-170}" qemu-system-x86_64 \
    -accel "$accelerator" -cpu "$processor" -smp 2 -m 1024 \
    -nodefaults -no-reboot -display none -serial "file:$folder/console" \
    -kernel "$kernel"/boot/vmlinuz-* -initrd "$initramfs" \
    -append "console=ttyS0 quiet loglevel=4 panic=-1 no_timer_check" \
    -fsdev "local,id=root,path=${VM_ROOT:-/},readonly=on,$share" -device virtio-9p-pci,fsdev=root,mount_tag=host \
    -fsdev "local,id=out,path=$folder,$share" -device virtio-9p-pci,fsdev=out,mount_tag=results \
    -device virtio-rng-pci < /dev/null
ended=$?
[ -f "$folder/status" ] && exit "$(cat "$folder/status")"
echo "the virtual machine ended ($ended) before its script did" >&2
exit 99

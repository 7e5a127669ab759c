#!/bin/bash
# Makes the small first file system that the virtual machine starts from.
#   usage: make_initramfs.sh KERNEL_FOLDER OUTPUT MODULE...
# It holds busybox, guest_init.sh, and the named kernel modules with all that they depend on.
set -euo pipefail
kernel=$1 output=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
version=$(basename "$kernel"/boot/vmlinuz-*)
version=${version#vmlinuz-}

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/{bin,dev,proc,sys,host,writes,root-of-guest}
cp /bin/busybox "$tree/bin/"
install -m 755 "$here/guest_init.sh" "$tree/init"

[ -f "$kernel/lib/modules/$version/modules.dep" ] || depmod -b "$kernel" "$version"
for module in virtio_pci 9p 9pnet_virtio overlay "$@"; do
    modprobe -d "$kernel" -S "$version" --show-depends "$module"
done | awk '$1 == "insmod" { print $2 }' | sort -u | while read -r file; do
    target=$tree/lib/modules/${file##*/lib/modules/}
    mkdir -p "$(dirname "$target")"
    case $file in
        *.xz) xz -dc "$file" > "${target%.xz}" ;;
        *.zst) zstd -qdc "$file" > "${target%.zst}" ;;
        *) cp "$file" "$target" ;;
    esac
done
cp "$kernel/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$tree/lib/modules/$version/"
depmod -b "$tree" "$version"
(cd "$tree" && find . | cpio -o -H newc --quiet) | gzip -1 > "$output.new"
mv "$output.new" "$output"

#!/bin/bash
# Builds the two kernel modules that libcamera's tests need and Debian's kernel lacks: the virtual
# media controller (vimc), from Debian's kernel source, and kernel/firmware_link.c.
#   usage: build_kernel_modules.sh KERNEL_FOLDER OUTPUT
# KERNEL_FOLDER is what tests/vm/fetch_kernel.sh made. Nothing is installed; what was built for the
# same kernel is left as it is.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
kernel=$(basename "$1"/boot/vmlinuz-*) output=$2
kernel=${kernel#vmlinuz-}
series=$(cut -d. -f1,2 <<<"$kernel")
[[ $(cat "$output/complete" 2>/dev/null) != "$kernel" ]] || exit 0

work=$(mktemp -d "$(dirname "$output")/modules.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq "linux-headers-$kernel" "linux-headers-${kernel%-*}-common" \
    "linux-kbuild-$series" "linux-source-$series"
for package in linux-headers-* linux-kbuild-*; do
    dpkg -x "$package" headers
done
dpkg-deb --fsys-tarfile linux-source-* | tar -x --wildcards './usr/src/*.tar.xz'
tar -xf usr/src/*.tar.xz --strip-components=1 --wildcards '*/drivers/media/test-drivers/vimc'

# The headers' Makefile names their place once they are installed.
headers=$work/headers/usr/src/linux-headers-$kernel
sed -i "s#/usr/src/#$work/headers/usr/src/#g" "$headers/Makefile"
mkdir firmware_link
cp "$here/kernel/firmware_link.c" firmware_link/
echo 'obj-m := firmware_link.o' >firmware_link/Makefile
make -s -C "$headers" M="$work/firmware_link" modules
make -s -C "$headers" M="$work/drivers/media/test-drivers/vimc" CONFIG_VIDEO_VIMC=m modules

mkdir -p "$output"
cp firmware_link/firmware_link.ko drivers/media/test-drivers/vimc/vimc.ko "$output/"
echo "$kernel" >"$output/complete"

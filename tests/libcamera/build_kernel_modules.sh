#!/bin/bash
# Builds the kernel modules that libcamera's tests need and Debian's kernel lacks: the virtual media
# controller (vimc) and a slower dummy USB controller, from Debian's kernel source, and
# kernel/firmware_link.c.
#   usage: build_kernel_modules.sh KERNEL_FOLDER OUTPUT
# KERNEL_FOLDER is what tests/vm/fetch_kernel.sh made. Nothing is installed; what was built for the
# same kernel by the same script is left as it is.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
kernel=$(basename "$1"/boot/vmlinuz-*) output=$2
kernel=${kernel#vmlinuz-}
series=$(cut -d. -f1,2 <<<"$kernel")
made="$kernel $(cat "$0" "$here"/kernel/* | cksum)"
[[ $(cat "$output/complete" 2>/dev/null) != "$made" ]] || exit 0

work=$(mktemp -d "$(dirname "$output")/modules.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq "linux-headers-$kernel" "linux-headers-${kernel%-*}-common" \
    "linux-kbuild-$series" "linux-source-$series"
for package in linux-headers-* linux-kbuild-*; do
    dpkg -x "$package" headers
done
dpkg-deb --fsys-tarfile linux-source-* | tar -x --wildcards './usr/src/*.tar.xz'
tar -xf usr/src/*.tar.xz --strip-components=1 --wildcards \
    '*/drivers/media/test-drivers/vimc' '*/drivers/usb/gadget/udc/dummy_hcd.c'

# The headers' Makefile names their place once they are installed.
headers=$work/headers/usr/src/linux-headers-$kernel
sed -i "s#/usr/src/#$work/headers/usr/src/#g" "$headers/Makefile"
build() { make -s -C "$headers" M="$1" "${@:2}" modules; }
mkdir single
cp "$here/kernel/firmware_link.c" drivers/usb/gadget/udc/dummy_hcd.c single/
echo 'obj-m := firmware_link.o dummy_hcd.o' >single/Makefile
# The dummy controller begins the next request within a microframe. GadgetFS, which keeps one
# request and lets the host go on before the program has seen it, then loses what comes before: of
# four controls set in a row, three. A millisecond gives the emulated camera the time to answer.
sed -i -e 's/^\(#define DUMMY_TIMER_INT_NSECS\).*/\1 1000000/' \
    -e 's/ns_to_ktime(0)/ns_to_ktime(DUMMY_TIMER_INT_NSECS)/' single/dummy_hcd.c
if ! grep -q 'DUMMY_TIMER_INT_NSECS 1000000' single/dummy_hcd.c ||
    ! grep -q 'ns_to_ktime(DUMMY_TIMER_INT_NSECS)' single/dummy_hcd.c; then
    echo "this kernel's dummy_hcd is another one: its timer is not where it was" >&2
    exit 1
fi
build "$work/single"
build "$work/drivers/media/test-drivers/vimc" CONFIG_VIDEO_VIMC=m

mkdir -p "$output"
cp single/*.ko drivers/media/test-drivers/vimc/vimc.ko "$output/"
echo "$made" >"$output/complete"

# The driver on the kernel's virtual media controller.
modules=$1 test=$2 driver=$3
mkdir -p /run/udev
/lib/systemd/systemd-udevd --daemon
# vimc itself is from outside; what it stands on comes with vivid.
modprobe vivid n_devs=1 node_types=0x1
insmod "$modules/vimc.ko" || fail "no vimc"
wait_for 5 test -e /dev/media0
wait_for 5 sh -c 'ls /run/udev/data | grep -q c81:'

# What hangs, or is brought down by libcamera, leaves a core beside the output.
echo /mnt/core >/proc/sys/kernel/core_pattern
ulimit -c unlimited
timeout --signal=ABRT 220 "$test" "$driver" --test-suite=vimc

#!/bin/busybox sh
# /init of the virtual machine: puts together a root that looks like the host's, and runs one script.
#
#   host root (9p, read-only) + memory on top   ->  /            every program and library is there
#   a folder of the host (9p, writable)         ->  /mnt         script in, results out
#
# The script's exit status is left in /mnt/status, then the machine powers off. A script that comes with
# a unit, /mnt/guest.service, is run by that: systemd is process 1 then, as on other computers. It starts
# that unit and nothing else, or, where the unit is wanted by multi-user.target, all that the system has.
bb=/bin/busybox
root=/root-of-guest

$bb mount -t devtmpfs none /dev
$bb mount -t proc none /proc
$bb mount -t sysfs none /sys
for module in virtio_pci 9pnet_virtio 9p overlay; do
    $bb modprobe "$module" || echo "vm: no module $module"
done

$bb mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=512000 host /host ||
    echo "vm: the host's root is not there"
$bb mount -t tmpfs -o size=50% none /writes
$bb mkdir -p /writes/upper /writes/work
$bb mount -t overlay -o lowerdir=/host,upperdir=/writes/upper,workdir=/writes/work none "$root" ||
    echo "vm: no overlay"
for folder in dev proc sys; do
    $bb mount --move "/$folder" "$root/$folder"
done
$bb mkdir -p "$root/dev/shm" "$root/dev/pts"
$bb mount -t tmpfs none "$root/dev/shm"
$bb mount -t devpts none "$root/dev/pts"
$bb mount -t tmpfs none "$root/run"

# modprobe in the guest finds the modules that were packed, not what the host may have.
version=$($bb uname -r)
$bb mkdir -p "$root/lib/modules/$version"
$bb mount -t tmpfs none "$root/lib/modules/$version"
$bb cp -a "/lib/modules/$version/." "$root/lib/modules/$version/"

$bb mount -t 9p -o trans=virtio,version=9p2000.L,cache=none,msize=512000 results "$root/mnt" ||
    echo "vm: the folder for results is not there"
$bb ip link set lo up

if [ -f "$root/mnt/guest.service" ]; then
    units=$root/run/systemd/system
    $bb mkdir -p "$units"
    $bb cp "$root/mnt/guest.service" "$units/"
    # Nothing of the host's that takes long here: what it mounts, what it clears away (/tmp, by way of
    # the share), and what comes with a first start.
    : > "$root/etc/fstab"
    # Nor what tells of a container that the host may be: this is a computer.
    $bb rm -f "$root/.dockerenv"
    for unit in systemd-hwdb-update systemd-journal-catalog-update ldconfig systemd-update-done \
        systemd-timesyncd systemd-tmpfiles-setup systemd-tmpfiles-setup-dev; do
        $bb ln -s /dev/null "$units/$unit.service"
    done
    target=guest.service
    if $bb grep -q '^WantedBy=multi-user.target' "$units/guest.service"; then
        target=multi-user.target
        $bb mkdir -p "$units/$target.wants"
        $bb ln -s ../guest.service "$units/$target.wants/"
    fi
    exec $bb switch_root "$root" /lib/systemd/systemd --unit="$target"
fi

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8
$bb chroot "$root" /bin/sh -c 'cd /mnt && exec /bin/bash ./script.sh > /mnt/output 2>&1'
echo $? > "$root/mnt/status"
$bb sync
# At once, without the drivers' own farewells: a USB camera that a test left in a bad way would hold
# them up. qemu takes the restart for the end.
echo b > "$root/proc/sysrq-trigger"

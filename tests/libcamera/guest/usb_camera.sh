# A USB camera that libcamera finds, for the scripts beside this: played by $uvc_camera from the
# pictures of $test_pictures, with the modules of the folder $modules. $camera is its process.
mkdir -p /run/udev
/lib/systemd/systemd-udevd --daemon
# The camera has no firmware to wake up with.
modprobe usbcore autosuspend=-1
modprobe -a gadgetfs uvcvideo
insmod "$modules/dummy_hcd.ko" || fail "no USB controller"
insmod "$modules/firmware_link.ko" || fail "no firmware link"
mkdir -p /dev/gadget
mount -t gadgetfs none /dev/gadget
mkdir /run/pictures
"$test_pictures" /run/pictures 5 640x480 || fail "no pictures"
export UVC_SETTINGS=/run/settings
"$uvc_camera" 30 SERIAL1 /run/pictures/*.jpg >"$UVC_SETTINGS" &
camera=$!
wait_for 5 test -e /dev/video0
wait_for 5 sh -c 'ls /run/udev/data | grep -q c81:'

# What libcamera brings down leaves a core beside the output.
echo /mnt/core >/proc/sys/kernel/core_pattern
ulimit -c unlimited

export UVC_PICTURES=/run/pictures
export UVC_STALL="kill -USR1 $camera" UVC_RESUME="kill -USR1 $camera"
export UVC_UNPLUG="echo 0 > /sys/bus/usb/devices/1-1/authorized"
export UVC_REPLUG="echo 1 > /sys/bus/usb/devices/1-1/authorized"

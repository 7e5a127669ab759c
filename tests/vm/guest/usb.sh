# The driver on a USB camera that gives MJPEG.
tests=$1 uvc_camera=$2 test_pictures=$3
# It makes the links below /dev/v4l.
mkdir -p /run/udev
/lib/systemd/systemd-udevd --daemon || fail "no udev"
modprobe -a dummy_hcd gadgetfs uvcvideo
mkdir -p /dev/gadget
mount -t gadgetfs none /dev/gadget
export PICTURES=/run/pictures
mkdir "$PICTURES"
"$test_pictures" "$PICTURES" 5 640x480 || fail "no pictures"
"$uvc_camera" 30 SERIAL1 "$PICTURES"/*.jpg &
export CAMERA_PID=$!
wait_for 5 test -e /dev/video0
wait_for 5 sh -c 'ls /dev/v4l/by-id | grep -q SERIAL1-video-index0'
"$tests"

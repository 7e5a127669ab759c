# Cameras of the kernel by the ways that are not the driver v4l2: vivid through OpenCV, GStreamer,
# and uStreamer's stream relayed; a USB camera through OpenCV.
onlooker=$1 tests=$2 uvc_camera=$3 test_pictures=$4
modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0x0 vid_cap_nr=10
wait_for 5 test -e /dev/video10
# 100 % colour bars, with the running text above them that makes every picture another one.
v4l2-ctl -d /dev/video10 -c test_pattern=1 || fail "no colour bars"

modprobe -a dummy_hcd gadgetfs uvcvideo
mkdir -p /dev/gadget
mount -t gadgetfs none /dev/gadget
export PICTURES=/run/pictures
mkdir "$PICTURES"
"$test_pictures" "$PICTURES" 5 640x480 || fail "no pictures"
"$uvc_camera" 30 SERIAL1 "$PICTURES"/*.jpg >/run/settings &
camera=$!
wait_for 5 test -e /dev/video0

PYTHONDONTWRITEBYTECODE=1 TEST_ONLOOKER=$onlooker /usr/bin/python3 "$tests"
status=$?
kill "$camera"
exit "$status"

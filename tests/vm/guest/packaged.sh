# The service as Debian's packages bring it, on a system that has nothing else, with a USB camera.
uvc_camera=$1 test_pictures=$2 tests=$3
systemd-analyze verify --man=no onlooker.service onlooker.socket || fail "a unit is wrong"
modprobe -a dummy_hcd gadgetfs
mkdir -p /dev/gadget
mount -t gadgetfs none /dev/gadget
export PICTURES=/run/pictures UVC_CAMERA=$uvc_camera
mkdir "$PICTURES"
"$test_pictures" "$PICTURES" 5 640x480 || fail "no pictures"
PYTHONDONTWRITEBYTECODE=1 python3 "$tests"
status=$?
[ "$status" = 0 ] || journalctl --no-pager -o short-monotonic -n 150 -u onlooker.service
exit "$status"

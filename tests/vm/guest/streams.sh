# The kernel's vivid by the ways that are not the driver v4l2: OpenCV, GStreamer, and uStreamer's
# stream relayed.
onlooker=$1 tests=$2
modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0x0 vid_cap_nr=10
wait_for 5 test -e /dev/video10
# 100 % colour bars, with the running text above them that makes every picture another one.
v4l2-ctl -d /dev/video10 -c test_pattern=1 || fail "no colour bars"
PYTHONDONTWRITEBYTECODE=1 TEST_ONLOOKER=$onlooker /usr/bin/python3 "$tests"

# The whole server with a USB camera: unplug and replug while twenty watch, and what it tells.
tests=$1 onlooker=$2 probe=$3 uvc_camera=$4 test_pictures=$5
modprobe -a dummy_hcd gadgetfs uvcvideo
mkdir -p /dev/gadget
mount -t gadgetfs none /dev/gadget
export PICTURES=/run/pictures PORT=5000
mkdir "$PICTURES"
"$test_pictures" "$PICTURES" 5 640x480 || fail "no pictures"

# Started before the camera is there, it waits for it.
"$onlooker" --port "$PORT" --camera cam=v4l2:serial:SERIAL1,size=640x480 > /run/server.log 2>&1 &
server=$!
wait_for 10 curl -s -o /run/page "http://127.0.0.1:$PORT/healthz"
# Written to by the first case, once somebody waits for a picture.
export CAMERA_START=/run/start
mkfifo "$CAMERA_START"
(read -r < "$CAMERA_START" && exec "$uvc_camera" 30 SERIAL1 "$PICTURES"/*.jpg) &
export CAMERA_PID=$!
"$tests"
status=$?

"$onlooker" --list-cameras > /run/list
grep -F -q -e '--camera v4l2:serial:SERIAL1' /run/list || fail "not listed: $(cat /run/list)"
grep -q 'MJPEG: 640x480 at 30/15/10 fps' /run/list || fail "formats not listed: $(cat /run/list)"
grep -q 'brightness: 0..255' /run/list || fail "controls not listed: $(cat /run/list)"

# Another program has the camera: its name and number are told. It takes it once nobody watches
# and the server has let go.
wait_for 20 "$probe" 1 serial:SERIAL1
"$probe" 100000 serial:SERIAL1 > /run/probe.log &
other=$!
wait_for 5 grep -q jpeg /run/probe.log
curl -s --max-time 3 "http://127.0.0.1:$PORT/stream" > /dev/null
grep -q "/dev/video0 is in use by v4l2-probe (pid $other)" /run/server.log || {
    echo "FAILED: the other program is not named"
    status=1
}
kill "$other"

kill "$server"
wait "$server" || status=1
[ "$status" = 0 ] || tail -n 40 /run/server.log
exit "$status"

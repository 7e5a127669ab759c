# The whole server with twenty viewers while its USB camera is unplugged and plugged in again.
modules=$1 test=$2 driver=$3 uvc_camera=$4 test_pictures=$5 setup=$6 onlooker=$7 first_picture=$8
. "$setup"
export PORT=5000 SERVER_LOG=/run/server.log FIRST_PICTURE=$first_picture
"$onlooker" --port "$PORT" --driver-dir "$(dirname "$driver")" \
    --camera cam=libcamera,size=640x480 >"$SERVER_LOG" 2>&1 &
server=$!
wait_for 10 curl -s -o /run/page "http://127.0.0.1:$PORT/healthz"
"$test"
status=$?
kill "$server"
wait "$server" || status=1
kill $camera
cat "$SERVER_LOG"
exit "$status"

# The whole server with twenty viewers while its USB camera is unplugged and plugged in again.
modules=$1 test=$2 driver=$3 uvc_camera=$4 test_pictures=$5 setup=$6 onlooker=$7 hotplug=$8
first_picture=$9
. "$setup"
TEST_ONLOOKER=$onlooker python3 "$hotplug" "$driver" "$first_picture"
status=$?
kill $camera
exit $status

# The driver on a USB camera.
modules=$1 test=$2 driver=$3 uvc_camera=$4 test_pictures=$5 setup=$6
. "$setup"
"$test" "$driver" --test-suite=uvc
status=$?
kill $camera
exit $status

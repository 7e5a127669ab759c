# The driver on the kernel's vivid: formats, faults, HDMI, controls.
tests=$1
# Two devices: /dev/video10 single-planar with inputs webcam, TV, S-Video and HDMI; /dev/video11
# multi-planar.
modprobe vivid n_devs=2 node_types=0x1,0x1 num_inputs=4,1 input_types=0xe4,0x0 \
    vid_cap_nr=10,11 multiplanar=1,2
wait_for 5 test -e /dev/video11
"$tests"

"""The whole server with twenty viewers on a libcamera camera that is unplugged and plugged in again.

usage: hotplug_test.py MODULE FIRST_PICTURE; UVC_UNPLUG and UVC_REPLUG are the commands that play
the hand.

The promise is: the picture is back within a second of the device. This machine is emulated, many
times slower than a real one, and what goes by before libcamera itself can show anything (udev's
rules, looking at the device, negotiating with it) is not ours. So FIRST_PICTURE, the shortest
program that does the same with libcamera alone, is measured first, here and now: from the moment at
which udev tells of the device (libcamera knows nothing of it before) to its first picture. From the
same moment on, all twenty viewers must have a picture

  - at the median within a second, or, where libcamera alone leaves no room for that, within half a
    second of its median;
  - each time within a second of the slowest of libcamera alone.

The test camera, a program that plays one, at times answers a request too late, which the kernel
takes for a fault of the camera. What is measured then is the kernel's patience and our back-off:
neither libcamera's turns nor ours count when that happens, and ours are then made again.
"""
import os
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system"))
import server as system  # noqa: E402

VIEWERS = 20
ROUNDS = 5


def fed_pictures():
    folder = os.environ["UVC_PICTURES"]
    return [open(os.path.join(folder, name), "rb").read() for name in os.listdir(folder)]


class Viewer(threading.Thread):
    """Reads a stream and remembers when it last saw a picture of the camera, or a card."""

    def __init__(self, port, pictures):
        super().__init__(daemon=True)
        self.pictures = {p[-200:] for p in pictures}
        self.connection = system.socket.create_connection(("127.0.0.1", port), timeout=60)
        self.last_picture = self.last_card = 0.0
        self.broken = None
        self.start()

    def run(self):
        try:
            self.connection.sendall(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
            stream = self.connection.makefile("rb")
            while True:
                length = None
                while True:
                    line = stream.readline()
                    if not line:
                        raise EOFError("the server closed the stream")
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                    if line == b"\r\n" and length is not None:
                        break
                jpeg = stream.read(length)
                if jpeg[-200:] in self.pictures:
                    self.last_picture = time.monotonic()
                else:
                    self.last_card = time.monotonic()
        except Exception as error:  # told at the end, by the main thread
            self.broken = error


def act(name):
    subprocess.run(os.environ[name], shell=True, check=True)


def nodes():
    folder = "/sys/class/video4linux"
    return [os.path.join(folder, name, "dev") for name in os.listdir(folder)]


def announced():
    """Whether udev has done with all nodes of the camera."""
    try:
        there = nodes()
        return there and all(
            os.path.exists("/run/udev/data/c" + open(node).read().strip()) for node in there)
    except OSError:
        return False


def plug_in():
    """Plugs the camera in, and gives the moments of its node and of udev's word of it.

    The kernel may give the test camera up before there is any node: then it is plugged in again.
    """
    for _ in range(5):
        act("UVC_REPLUG")
        try:
            system.wait_until(nodes, 4, "a node", every=0.005)
            node = time.monotonic()
            system.wait_until(announced, 20, "udev's word of the device", every=0.005)
            return node, time.monotonic()
        except AssertionError as error:
            print("plugged in once more:", error)
            act("UVC_UNPLUG")
            time.sleep(0.5)
    raise AssertionError("the test camera does not start")


def libcamera_alone(program):
    """How long libcamera itself needs for its first picture once udev has told of the device."""
    act("UVC_UNPLUG")
    system.wait_until(lambda: not nodes(), 5, "the camera's end")
    with subprocess.Popen([program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True) as alone:
        assert alone.stdout.readline() == "ready\n"
        node, told = plug_in()
        shown = alone.stdout.readline()
        now = time.monotonic()
    if shown != "picture\n":
        return None  # a fault of the test camera
    print("libcamera alone: %.2f s after udev told, %.2f s after the node" % (now - told, now - node))
    return now - told


def main():
    module = os.path.abspath(sys.argv[1])
    pictures = fed_pictures()
    turns = [libcamera_alone(sys.argv[2]) for _ in range(ROUNDS)]
    alone = [seconds for seconds in turns if seconds is not None]
    assert alone, "libcamera alone never got a picture"
    floor = statistics.median(alone)
    arguments = ["--driver-dir", os.path.dirname(module), "--camera", "cam=libcamera,size=640x480"]
    with system.Server(*arguments) as server:
        took = []
        viewers = [Viewer(server.port, pictures) for _ in range(VIEWERS)]

        def check():
            for viewer in viewers:
                assert viewer.broken is None, viewer.broken

        def all_since(field, moment):
            check()
            return all(getattr(viewer, field) > moment for viewer in viewers)

        try:
            system.wait_until(lambda: all_since("last_picture", 0), 20, "pictures for everybody")
            for turn in range(2 * ROUNDS):
                if len(took) == ROUNDS:
                    break
                act("UVC_UNPLUG")
                gone = time.monotonic()
                system.wait_until(lambda: all_since("last_card", gone), 10, "a card for everybody")
                print("round %d: card after %.2f s" % (turn, time.monotonic() - gone))
                time.sleep(1 + turn % ROUNDS)  # longer, so that the retries have backed off
                faults = server.log().count("camera cam: failed: ")
                node, told = plug_in()
                system.wait_until(lambda: all_since("last_picture", node), 30, "pictures again")
                now = time.monotonic()
                counts = server.log().count("camera cam: failed: ") == faults
                print("round %d: everybody has pictures %.2f s after udev told of the device, "
                      "%.2f s after its node%s" % (turn, now - told, now - node,
                                                   "" if counts else "; the camera had faults"))
                if counts:
                    took.append(now - told)
            check()
            assert len(took) == ROUNDS, took
            assert statistics.median(took) < max(1, floor + 0.5), (took, alone)
            assert max(took) < max(alone) + 1, (took, alone)
        except AssertionError:
            print(server.log())
            raise
    print("none of %d viewers was dropped" % VIEWERS)


main()

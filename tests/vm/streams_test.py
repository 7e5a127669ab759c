"""Cameras of the kernel: vivid through OpenCV, through GStreamer and from uStreamer, and a USB camera
through OpenCV.

Run in the virtual machine by guest/streams.sh, with the tools of the system tests.
"""
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system"))
import system_test  # noqa: E402
from mjpeg import Connection, request  # noqa: E402
from pictures import decode  # noqa: E402
from server import free_port, wait_until  # noqa: E402
from system_test import SystemTest  # noqa: E402

DEVICE = "/dev/video10"
# Seconds, those of the program: a camera may need so long to begin.
FIRST_PICTURE_WITHIN = 10
# From left to right.
BARS = [(255, 255, 255), (255, 255, 0), (0, 255, 255), (0, 255, 0),
        (255, 0, 255), (255, 0, 0), (0, 0, 255), (0, 0, 0)]


def worst_bar(pixels):
    """The largest distance of any bar, in its middle and below the text, to what it should be."""
    height, width = pixels.shape[:2]
    return max(abs(int(seen) - wanted)
               for number, colour in enumerate(BARS)
               for seen, wanted in zip(pixels[height * 7 // 8, (2 * number + 1) * width // 16],
                                       colour))


def plug(how):
    """`how` is "unbind" or "bind"."""
    with open("/sys/bus/platform/drivers/vivid/" + how, "w") as file:
        file.write("vivid.0")


class RealCamera(SystemTest):
    def sees_bars(self, stream, tolerance):
        """The machine is slow: the camera may take its time to open."""
        def seen():
            pixels = decode(stream.part().jpeg)
            return pixels.shape == (480, 640, 3) and worst_bar(pixels) <= tolerance
        wait_until(seen, 30, "the camera's bars")

    def fault(self, server):
        return server.state()["onlooker"].get("fault") or {}

    def live(self, server):
        return server.state()["onlooker"]["state"] == "live"


class OpenCv(RealCamera):
    def test_by_number_it_gives_the_cameras_picture_and_its_unplugging_is_survived(self):
        server = self.serve("--camera", "cam=opencv:10,size=640x480")
        stream = self.watch(server, "/stream", timeout=30)
        self.sees_bars(stream, 30)
        stamps = {part.headers["X-Timestamp"] for part in stream.parts(20)}
        self.assertGreater(len(stamps), 15)
        plug("unbind")
        fault = wait_until(lambda: self.fault(server), 20, "a fault")
        self.assertTrue(fault["words"])
        plug("bind")
        wait_until(lambda: os.path.exists(DEVICE), 5, "the device")
        subprocess.run(["v4l2-ctl", "-d", DEVICE, "-c", "test_pattern=1"], check=True)
        # What is still on its way to the viewer is from before.
        wait_until(lambda: self.live(server), 30, "pictures")
        self.sees_bars(stream, 30)

    def test_a_pipeline_of_gstreamer_on_it(self):
        pipeline = ("v4l2src device=%s ! video/x-raw,format=YUY2,width=640,height=480 "
                    "! videoconvert ! video/x-raw,format=BGR ! appsink" % DEVICE)
        server = self.serve("--camera", "cam=opencv:" + pipeline.replace(",", "\\,"))
        self.sees_bars(self.watch(server, "/stream", timeout=30), 30)


class Silent(RealCamera):
    def send_nothing(self, percentage):
        subprocess.run(["v4l2-ctl", "-d", DEVICE, "-c",
                        "percentage_of_dropped_buffers=%d" % percentage], check=True)

    def test_a_device_that_starts_without_a_picture_or_an_error_is_told_of_and_waited_for(self):
        self.send_nothing(100)
        self.addCleanup(self.send_nothing, 0)
        server = self.serve("--camera", "cam=v4l2:%s,size=640x480" % DEVICE)
        stream = self.watch(server, "/stream", timeout=30)
        begin = time.monotonic()
        fault = wait_until(lambda: self.fault(server), 20, "a fault")
        took = time.monotonic() - begin
        self.assertEqual(fault["words"], "it is open, but sends no picture")
        self.assertLess(took, FIRST_PICTURE_WITHIN + 1)
        print("noticed after %.2f s" % took)
        self.send_nothing(0)
        self.sees_bars(stream, 30)
        self.assertFalse(self.fault(server))


class UsbCamera(RealCamera):
    """Played by uvc_camera/; it sends the pictures of the folder PICTURES as they are."""

    def setUp(self):
        folder = os.environ["PICTURES"]
        self.sent = set()
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as file:
                self.sent.add(file.read())
        self.addCleanup(self.authorize, True)

    def authorize(self, there):
        """The kernel's way to pull the plug, and to put it in again."""
        with open("/sys/bus/usb/devices/1-1/authorized", "w") as file:
            file.write("1" if there else "0")

    def as_sent(self, stream):
        return stream.part().jpeg in self.sent

    def test_its_jpeg_goes_through_opencv_undecoded(self):
        server = self.serve("--camera", "cam=opencv:0,size=640x480")
        stream = self.watch(server, "/stream", timeout=60)
        wait_until(lambda: self.as_sent(stream), 60, "a picture of the camera")
        seen = {part.jpeg for part in stream.parts(20)}
        self.assertGreater(len(seen), 2)
        self.assertEqual(seen - self.sent, set())

    def test_it_is_decoded_where_that_is_asked_for(self):
        server = self.serve("--camera", "cam=opencv:0,size=640x480,mjpeg=0")
        stream = self.watch(server, "/stream", timeout=60)
        wait_until(lambda: self.live(server), 60, "pictures")
        parts = stream.parts(3)
        self.assertEqual(decode(parts[-1].jpeg).shape, (480, 640, 3))
        self.assertFalse(self.as_sent(stream))

    def test_unplugged_it_is_missed_and_plugged_in_it_is_back(self):
        server = self.serve("--camera", "cam=opencv:0,size=640x480")
        stream = self.watch(server, "/stream", timeout=60)
        wait_until(lambda: self.as_sent(stream), 60, "a picture of the camera")
        self.authorize(False)
        fault = wait_until(lambda: self.fault(server), 20, "a fault")
        self.assertTrue(fault["words"])
        self.authorize(True)
        begin = time.monotonic()
        # What is still on its way to the viewer is from before.
        wait_until(lambda: self.live(server), 60, "pictures")
        wait_until(lambda: self.as_sent(stream), 60, "the camera's picture again")
        print("pictures again %.2f s after it was plugged in" % (time.monotonic() - begin))


class UStreamer(RealCamera):
    def setUp(self):
        if not shutil.which("ustreamer"):
            self.skipTest("ustreamer is not installed")
        self.port = free_port()

    def ustreamer(self):
        process = subprocess.Popen(
            ["ustreamer", "--device", DEVICE, "--resolution", "640x480", "--format", "YUYV",
             "--desired-fps", "10", "--host", "127.0.0.1", "--port", str(self.port)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def end():
            process.kill()
            process.wait()
        self.addCleanup(end)
        wait_until(lambda: self.state(), 10, "uStreamer")
        return process

    def state(self):
        try:
            with urllib.request.urlopen("http://127.0.0.1:%d/state" % self.port) as answer:
                return json.load(answer)["result"]
        except OSError:
            return None

    def own_parts(self, count):
        """{stamp: JPEG} as uStreamer itself sends them."""
        parts = {}
        with Connection(self.port, timeout=30) as connection:
            connection.send(request("/stream"))
            connection.take_until(b"\r\n\r\n")
            while len(parts) < count:
                head = connection.take_until(b"\r\n\r\n").decode()
                length = int(re.search(r"Content-Length: (\d+)", head).group(1))
                stamp = re.search(r"X-Timestamp: (\S+)", head).group(1)
                parts[stamp] = connection.take(length)
        return parts

    def test_its_stream_is_relayed_octet_for_octet_with_its_stamps(self):
        self.ustreamer()
        edge = self.serve("--camera", "far=relay:http://127.0.0.1:%d/stream" % self.port)
        stream = self.watch(edge, "/stream", timeout=30)
        # uStreamer leaves the camera's video range as it is.
        self.sees_bars(stream, 45)
        with concurrent.futures.ThreadPoolExecutor() as beside:
            reading = beside.submit(self.own_parts, 40)
            relayed = {part.headers["X-Timestamp"]: part.jpeg for part in stream.parts(40)}
            own = reading.result()
        both = set(own) & set(relayed)
        self.assertGreater(len(both), 10)
        for stamp in both:
            self.assertEqual(own[stamp], relayed[stamp])

    def test_it_sees_one_client_however_many_watch_and_its_end_costs_nobody(self):
        ustreamer = self.ustreamer()
        edge = self.serve("--camera", "far=relay:http://127.0.0.1:%d/stream" % self.port)
        streams = [self.watch(edge, "/stream", timeout=30) for _ in range(20)]
        for stream in streams:
            self.sees_bars(stream, 45)
        self.assertEqual(self.state()["stream"]["clients"], 1)
        ustreamer.kill()
        ustreamer.wait()
        wait_until(lambda: self.fault(edge), 10, "a fault")
        self.ustreamer()
        begin = time.monotonic()
        for stream in streams:
            self.sees_bars(stream, 45)
        print("pictures again after %.2f s" % (time.monotonic() - begin))


if __name__ == "__main__":
    system_test.main()

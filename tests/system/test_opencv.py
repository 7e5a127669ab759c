"""OpenCV as a camera: films, and the article's way to name one."""
import os
import shutil
import socket
import subprocess
import sys
import time

import system_test
from mjpeg import Stream
from pictures import COLOURS, colour_of, decode
from server import free_port, wait_until
from system_test import SLOWNESS, SystemTest

ORDER = ["red", "green", "blue", "yellow"]


class Films(SystemTest):
    def setUp(self):
        if not shutil.which("ffmpeg"):
            self.skipTest("ffmpeg is not installed")

    def film(self, name, *encoder, fps=10):
        """A second of each colour, one after the other."""
        path = os.path.join(self.folder(), name)
        inputs = []
        for colour in ORDER:
            inputs += ["-f", "lavfi", "-i", "color=0x%02x%02x%02x:size=320x240:rate=%d:duration=1"
                       % (*COLOURS[colour], fps)]
        subprocess.run(["ffmpeg", "-v", "error", *inputs, "-filter_complex",
                        "concat=n=%d" % len(ORDER), *encoder, path], check=True,
                       stdin=subprocess.DEVNULL)
        return path

    def colours_of(self, stream, seconds):
        parts = [stream.part()]
        while parts[-1].arrived - parts[0].arrived < seconds:
            parts.append(stream.part())
        return [colour_of(part.jpeg) for part in parts]

    def test_a_film_loops_at_its_own_rate_in_its_own_colours(self):
        for name, encoder in {"film.mp4": ["-c:v", "mpeg4", "-q:v", "2"],
                              "film.avi": ["-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "2"],
                              }.items():
            with self.subTest(name):
                server = self.serve("--camera", "film=opencv:%s,loop=1" % self.film(name, *encoder))
                stream = self.watch(server, "/stream")
                wait_until(lambda: colour_of(stream.part().jpeg) in ORDER, 10, "a picture")
                colours = self.colours_of(stream, 5)
                order = [a for a, b in zip(colours, colours[1:]) if a != b]
                self.assertNotIn(None, colours)
                steps = {(ORDER.index(b) - ORDER.index(a)) % 4 for a, b in zip(order, order[1:])}
                self.assertEqual(steps, {1}, order)
                self.assertGreaterEqual(len(order), 4)
                self.assertLessEqual(len(order), 6)
                self.assertGreater(server.state()["source"]["captured_fps"], 10 / (1 + SLOWNESS))

    def test_the_articles_variables_name_it(self):
        film = self.film("film.mp4", "-c:v", "mpeg4")
        server = self.serve(env={"CAMERA": "opencv", "OPENCV_CAMERA_SOURCE": film})
        stream = self.watch(server, "/video_feed")
        wait_until(lambda: colour_of(stream.part().jpeg) in ORDER, 10, "a picture")

    def test_a_film_that_is_over_is_told_and_begins_again_by_supervision(self):
        film = self.film("film.avi", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p")
        server = self.serve("--camera", "film=opencv:%s,fps=50" % film)
        self.watch(server, "/stream")
        wait_until(lambda: server.state()["onlooker"]["faults"] > 0, 10, "its end")


def inspected(*elements):
    """Whether GStreamer has them all."""
    return shutil.which("gst-inspect-1.0") and all(
        subprocess.run(["gst-inspect-1.0", "--exists", name]).returncode == 0 for name in elements)


class Pipelines(SystemTest):
    def test_a_pipeline_of_gstreamer_gives_its_picture_at_its_rate(self):
        if not inspected("videotestsrc", "videoconvert", "appsink"):
            self.skipTest("gstreamer1.0-plugins-base is not installed")
        red, green, blue = COLOURS["blue"]
        pipeline = ("videotestsrc is-live=1 pattern=solid-color foreground-color=%d "
                    "! video/x-raw,width=320,height=240,framerate=20/1 ! videoconvert "
                    "! video/x-raw,format=BGR ! appsink"
                    % (0xFF << 24 | red << 16 | green << 8 | blue))
        for how in ({"env": {"CAMERA": "opencv", "OPENCV_CAMERA_SOURCE": pipeline}},
                    {"camera": "gst=opencv:" + pipeline.replace(",", "\\,")}):
            with self.subTest(*how):
                arguments = ["--camera", how["camera"]] if "camera" in how else []
                server = self.serve(*arguments, env=how.get("env"))
                stream = self.watch(server, "/stream")
                wait_until(lambda: colour_of(stream.part().jpeg) == "blue", 20, "its colour")
                parts = stream.parts(40)
                self.assertEqual({colour_of(part.jpeg) for part in parts}, {"blue"})
                self.assertEqual(decode(parts[0].jpeg).shape, (240, 320, 3))
                seconds = parts[-1].arrived - parts[0].arrived
                self.assertGreater(39 / seconds, 20 / (1 + SLOWNESS))
                self.assertLess(39 / seconds, 25)

    def test_one_that_cannot_run_is_told(self):
        server = self.serve("--camera", "gst=opencv:nosuchsource ! appsink")
        self.watch(server, "/stream")
        fault = wait_until(lambda: server.state()["onlooker"].get("fault"), 20, "a fault")
        self.assertIn("GStreamer cannot run the pipeline", fault["words"])


RTSP_SERVER = """
import sys, gi
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server = GstRtspServer.RTSPServer.new()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory.new()
factory.set_launch("( %s )" % sys.argv[2])
factory.set_shared(True)
server.get_mount_points().add_factory("/live", factory)
if not server.attach(None):
    sys.exit(1)
GLib.MainLoop().run()
"""


class Rtsp(SystemTest):
    def rtsp_server(self, port):
        """GStreamer's RTSP server with a green picture; its process."""
        red, green, blue = COLOURS["green"]
        launch = ("videotestsrc is-live=1 pattern=solid-color foreground-color=%d "
                  "! video/x-raw,format=I420,width=320,height=240,framerate=15/1 ! jpegenc "
                  "! rtpjpegpay name=pay0"
                  % (0xFF << 24 | red << 16 | green << 8 | blue))
        process = subprocess.Popen([sys.executable, "-c", RTSP_SERVER, str(port), launch],
                                   stdin=subprocess.DEVNULL)

        def listens():
            if process.poll() is not None:
                raise AssertionError("the RTSP server ended with status %d" % process.returncode)
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        def end():
            process.kill()
            process.wait()
        self.addCleanup(end)
        wait_until(listens, 20, "an RTSP server that listens")
        return process

    def setUp(self):
        if subprocess.run([sys.executable, "-c", "import gi\n"
                           "gi.require_version('GstRtspServer', '1.0')"],
                          stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("gir1.2-gst-rtsp-server-1.0 is not installed")
        if not inspected("jpegenc", "rtpjpegpay"):
            self.skipTest("gstreamer1.0-plugins-good is not installed")

    def test_its_picture_comes_and_comes_again_after_a_restart(self):
        port = free_port()
        upstream = self.rtsp_server(port)
        server = self.serve("--camera", "far=opencv:rtsp://127.0.0.1:%d/live" % port,
                            env={"OPENCV_FFMPEG_CAPTURE_OPTIONS": "rtsp_transport;tcp"})
        stream = self.watch(server, "/stream", timeout=30)
        wait_until(lambda: colour_of(stream.part().jpeg) == "green", 30, "its colour")
        parts = stream.parts(30)
        self.assertEqual({colour_of(part.jpeg) for part in parts}, {"green"})
        upstream.kill()
        upstream.wait()
        wait_until(lambda: server.state()["onlooker"].get("fault"), 20, "a fault")
        self.rtsp_server(port)
        wait_until(lambda: not server.state()["onlooker"].get("fault") and
                   colour_of(stream.part().jpeg) == "green", 30, "its colour again")


class Hanging(SystemTest):
    def test_the_program_ends_in_time_while_a_server_does_not_answer(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            server = self.serve("--camera", "far=opencv:rtsp://127.0.0.1:%d/live"
                                % silent.getsockname()[1])
            stream = Stream(server.port, "/stream")
            self.addCleanup(stream.close)
            time.sleep(0.5)
            begin = time.monotonic()
            server.stop()
            self.assertLess(time.monotonic() - begin, 2 * SLOWNESS)

    def test_no_camera_is_told_in_words(self):
        server = self.serve("--camera", "none=opencv:4321")
        stream = Stream(server.port, "/stream")
        self.addCleanup(stream.close)
        fault = wait_until(lambda: server.state()["onlooker"].get("fault"), 10, "a fault")
        self.assertEqual(fault["kind"], "not found")
        self.assertIn("/dev/video4321", fault["words"])


if __name__ == "__main__":
    system_test.main()

"""OpenCV as a camera: films, and the article's way to name one."""
import os
import shutil
import socket
import subprocess
import time

import system_test
from mjpeg import Stream
from pictures import COLOURS, colour_of
from server import wait_until
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

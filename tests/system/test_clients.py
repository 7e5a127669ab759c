"""The programs that people point at a camera server, each decoding pictures and comparing them.

The camera is a folder of pictures of one colour each, so what a client decoded tells which picture
it got; all of them must come, in their order.
"""
import http.client
import os
import shutil
import subprocess

import system_test
from pictures import colour_of, make_folder
from system_test import SystemTest, full

ORDER = ["red", "green", "blue", "yellow", "magenta", "cyan"]


@full
class Clients(SystemTest):
    def setUp(self):
        self.pictures = self.folder()
        make_folder(self.pictures, ORDER)
        self.server = self.serve("--camera", "emulated:%s,fps=10" % self.pictures)
        self.out = self.folder()

    def need(self, program):
        if not shutil.which(program):
            self.skipTest("%s is not installed" % program)

    def in_order(self, colours, at_least):
        """Each colour is the one that follows the one before (or the same, sent once more)."""
        self.assertNotIn(None, colours, colours)
        self.assertGreaterEqual(len(colours), at_least, colours)
        self.assertGreaterEqual(len(set(colours)), min(at_least, len(ORDER)), colours)
        for before, after in zip(colours, colours[1:]):
            step = (ORDER.index(after) - ORDER.index(before)) % len(ORDER)
            self.assertIn(step, (0, 1), colours)

    def decoded_files(self):
        names = sorted(name for name in os.listdir(self.out))
        colours = []
        for name in names:
            with open(os.path.join(self.out, name), "rb") as file:
                colours.append(colour_of(file.read()))
        return colours

    def test_curl_saves_the_stream(self):
        self.need("curl")
        done = subprocess.run(["curl", "-sN", "--max-time", "2", self.server.url + "/video_feed"],
                              stdout=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 28, "curl's time-out ends it")
        parts = done.stdout.split(b"--frame\r\n")
        self.assertEqual(parts[0], b"")
        colours = []
        for part in parts[1:-1]:
            head, body = part.split(b"\r\n\r\n", 1)
            self.assertTrue(body.endswith(b"\xff\xd9\r\n"), body[-8:])
            self.assertIn(b"Content-Length: %d" % (len(body) - 2), head)
            colours.append(colour_of(body[:-2]))
        self.in_order(colours, 12)

    def test_curl_saves_a_snapshot(self):
        self.need("curl")
        done = subprocess.run(["curl", "-sf", self.server.url + "/snapshot"],
                              stdout=subprocess.PIPE, check=True)
        self.assertIn(colour_of(done.stdout), ORDER)

    def test_ffmpeg_reads_mpjpeg(self):
        self.need("ffmpeg")
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "mpjpeg", "-i",
                        self.server.url + "/stream", "-frames:v", "12", "-fps_mode", "passthrough",
                        self.out + "/%03d.png"], check=True, timeout=30)
        self.in_order(self.decoded_files(), 12)

    def test_ffmpeg_finds_out_by_itself_at_a_name_that_says_mjpg(self):
        self.need("ffmpeg")
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i",
                        self.server.url + "/stream.mjpg", "-frames:v", "8", "-fps_mode",
                        "passthrough", self.out + "/%03d.png"], check=True, timeout=30)
        self.in_order(self.decoded_files(), 8)

    def test_gstreamer_demultiplexes_it(self):
        self.need("gst-launch-1.0")
        subprocess.run(["gst-launch-1.0", "-q", "souphttpsrc", "location=" + self.server.url +
                        "/stream", "!", "multipartdemux", "!", "jpegdec", "!", "videoconvert", "!",
                        "jpegenc", "!", "identity", "eos-after=13", "!", "multifilesink",
                        "location=" + self.out + "/%03d.jpg"], check=True, timeout=30)
        self.in_order(self.decoded_files(), 12)

    def test_opencv_captures_it(self):
        try:
            import cv2
        except ImportError:
            self.skipTest("python3-opencv is not installed")
        capture = cv2.VideoCapture(self.server.url + "/stream.mjpg", cv2.CAP_FFMPEG)
        self.addCleanup(capture.release)
        self.assertTrue(capture.isOpened())
        colours = []
        for _ in range(12):
            good, frame = capture.read()
            self.assertTrue(good, "after %d frames" % len(colours))
            colours.append(colour_of(frame[:, :, ::-1]))
        self.in_order(colours, 12)

    def test_pythons_http_client_reads_parts_by_their_length(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        self.addCleanup(connection.close)
        connection.request("GET", "/stream")
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.getheader("Content-Type"),
                         "multipart/x-mixed-replace;boundary=boundarydonotcross")
        colours = []
        while len(colours) < 12:
            self.assertEqual(answer.readline(), b"--boundarydonotcross\r\n")
            fields = http.client.parse_headers(answer)
            jpeg = answer.read(int(fields["Content-Length"]))
            self.assertEqual(answer.readline(), b"\r\n")
            colours.append(colour_of(jpeg))
        self.in_order(colours, 12)

    def test_a_mainsail_style_parser_renders_at_the_first_octet_behind_the_picture(self):
        # Mainsail draws as soon as anything follows the announced length.
        stream = self.watch(self.server, "/webcam/?action=stream", {"Accept": "*/*"})
        colours = [colour_of(part.jpeg) for part in stream.parts(12)]
        self.in_order(colours, 12)

    def test_each_client_that_left_is_forgotten(self):
        self.watch(self.server).part()
        self.assertEqual(self.server.state()["stream"]["clients"], 1)


if __name__ == "__main__":
    system_test.main()

"""Pictures of another kind, as real clients meet them: smaller, turned, fewer, on each kind of route."""
import json
import shutil
import subprocess

import system_test
from mjpeg import Stream
from pictures import colour_of, decode, make_folder
from system_test import SystemTest

SIZE = (320, 240)


def size_of(jpeg):
    height, width = decode(jpeg).shape[:2]
    return width, height


class Variants(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.server = system_test.Server("--camera", "yard=testcard:,fps=20,size=%dx%d" % SIZE,
                                        "--max-variants", "12")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def test_streams_of_each_kind_of_route_have_the_size_that_is_asked_for(self):
        for target, size in (("/stream?scale=1/2", (160, 120)),
                             ("/stream.mjpg?w=160", (160, 120)),
                             ("/video_feed?rotate=90", (240, 320)),
                             ("/?action=stream&resolution=80x60", (80, 60)),
                             ("/cameras/yard/stream?crop=0,0,64,48", (64, 48)),
                             ("/webcam/stream?rotate=-90&scale=50", (120, 160)),
                             ("/stream?topic=/yard/image&type=mjpeg&width=160&quality=50",
                              (160, 120)),
                             ("/stream?width=5000&height=5000", SIZE)):
            with self.subTest(target), Stream(self.server.port, target) as stream:
                self.assertEqual(size_of(stream.part().jpeg), size)

    def test_snapshots_do_too(self):
        for target, size in (("/snapshot?width=160", (160, 120)),
                             ("/snapshot.jpg?rotate=270", (240, 320)),
                             ("/?action=snapshot&scale=1/4&fps=5", (80, 60)),
                             ("/cameras/yard/snapshot?lossless=1&rotate=90", (240, 320)),
                             ("/snapshot?scale=1/2&max_delay=0", (160, 120)),
                             ("/snapshot?overlay=1&grey=1", SIZE), ("/snapshot", SIZE)):
            with self.subTest(target):
                status, _, body = self.server.get(target)
                self.assertEqual(status, 200, body)
                self.assertEqual(size_of(body), size)

    def test_a_word_that_makes_no_sense_is_told(self):
        status, _, body = self.server.get("/stream?width=wide")
        self.assertEqual(status, 400)
        self.assertIn(b"width is a number of pixels", body)

    def test_fewer_frames(self):
        with Stream(self.server.port, "/stream?fps=5") as stream:
            stream.part()
            begin = stream.part().arrived
            for _ in range(5):
                last = stream.part().arrived
            self.assertAlmostEqual(last - begin, 1.0, delta=0.4)

    def test_state_tells_what_is_made_and_for_how_many(self):
        with Stream(self.server.port, "/stream?quality=30&key=a") as first, \
                Stream(self.server.port, "/stream?q=30") as second:
            first.part()
            second.part()
            result = self.server.state()
            made = [each for each in result["onlooker"]["variants"]
                    if each["query"] == "quality=30"]
            self.assertEqual([each["viewers"] for each in made], [2], result)
            self.assertEqual([client["variant"] for client in
                              result["stream"]["clients_stat"].values()
                              if client["key"] == "a"], ["quality=30"])

    def test_curl_ffmpeg_and_opencv_read_them(self):
        folder = self.folder()
        if shutil.which("curl"):
            subprocess.run(["curl", "-sf", "-o", folder + "/now.jpg",
                            self.server.url + "/snapshot?height=160&rotate=90"], check=True,
                           timeout=20)
            with open(folder + "/now.jpg", "rb") as picture:
                self.assertEqual(size_of(picture.read()), (120, 160))
        if shutil.which("ffprobe"):
            told = subprocess.run(
                ["ffprobe", "-v", "error", "-f", "mpjpeg", "-show_entries", "stream=width,height",
                 "-of", "json", self.server.url + "/stream?scale=1/2&rotate=90"], check=True,
                timeout=30, stdout=subprocess.PIPE)
            stream = json.loads(told.stdout)["streams"][0]
            self.assertEqual((stream["width"], stream["height"]), (120, 160))
        try:
            import cv2
        except ImportError:
            return
        capture = cv2.VideoCapture(self.server.url + "/stream.mjpg?scale=1/2")
        good, picture = capture.read()
        capture.release()
        self.assertTrue(good)
        self.assertEqual(picture.shape[:2], (120, 160))


class Turned(SystemTest):
    def test_a_colour_stays_what_it_is(self):
        folder = self.folder()
        make_folder(folder, ["red"])
        server = self.serve("--camera", "emulated:" + folder)
        for target in ("/snapshot?scale=1/2", "/snapshot?flip=v&quality=80",
                       "/snapshot?rotate=180&lossless=1"):
            self.assertEqual(colour_of(server.get(target)[2]), "red", target)
        self.assertEqual(colour_of(server.get("/snapshot?grey=1")[2]), None)


if __name__ == "__main__":
    system_test.main()

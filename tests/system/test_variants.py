"""Pictures of another kind, as real clients meet them: smaller, turned, fewer, on each kind of route."""
import json
import os
import shutil
import subprocess
import tempfile

import system_test
from mjpeg import Stream
from pictures import colour_of, decode, make_folder, make_quarters, quarters_of
from system_test import SystemTest

# Behind the import of pictures, which skips where they are missing.
import numpy
from PIL import Image, ImageOps

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


class ChangeOfSize(SystemTest):
    """While a client looks: a camera that is set to another size, or a step of auto=1."""
    LARGE, SMALL = ("red", "green", "blue", "yellow"), ("green", "blue", "yellow", "red")

    def setUp(self):
        folder = self.folder()
        make_quarters(folder + "/1.jpg", self.LARGE, (400, 300))
        make_quarters(folder + "/2.jpg", self.SMALL, (200, 160))
        self.server = self.serve("--camera", "emulated:%s,fps=4" % folder)

    def test_a_recipe_is_made_of_the_new_size(self):
        with Stream(self.server.port, "/stream?scale=1/2&rotate=90") as stream:
            self.assertEqual({size_of(part.jpeg) for part in stream.parts(6)}, {(150, 200), (80, 100)})

    def test_ffmpeg_goes_on_and_scales_to_the_first_size(self):
        if not shutil.which("ffmpeg"):
            self.skipTest("ffmpeg is not installed")
        folder = self.folder()
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "mpjpeg", "-i",
                        self.server.url + "/stream", "-frames:v", "6", "-fps_mode", "passthrough",
                        folder + "/%d.png"], check=True, timeout=30)
        shown = []
        for number in range(1, 7):
            with open(folder + "/%d.png" % number, "rb") as picture:
                shown.append(picture.read())
        self.assertEqual({quarters_of(png) for png in shown}, {self.LARGE, self.SMALL})
        self.assertEqual(len({size_of(png) for png in shown}), 1)

    def test_opencv_follows_it_through_gstreamer(self):
        # Not through FFmpeg: there it keeps the first size (README.md).
        try:
            import cv2
        except ImportError:
            self.skipTest("python3-opencv is not installed")
        if not shutil.which("gst-launch-1.0"):
            self.skipTest("gstreamer1.0-tools is not installed")
        capture = cv2.VideoCapture(
            "souphttpsrc location=%s/stream ! multipartdemux ! jpegdec ! videoconvert "
            "! video/x-raw,format=BGR ! appsink" % self.server.url, cv2.CAP_GSTREAMER)
        self.addCleanup(capture.release)
        shown = set()
        for _ in range(8):
            good, picture = capture.read()
            self.assertTrue(good)
            shown.add((picture.shape[:2], quarters_of(picture[:, :, ::-1])))
        self.assertEqual(shown, {((300, 400), self.LARGE), ((160, 200), self.SMALL)})


def scene(size):
    """Slopes and waves that differ in each direction, and no way to lay them looks like another."""
    y, x = numpy.mgrid[0:size[1], 0:size[0]]
    red = 40 + 160 * x / size[0]
    green = 128 + 80 * numpy.sin(x / 23 + y / 41)
    blue = 220 - 180 * y / size[1]
    return Image.fromarray(numpy.dstack([red, green, blue]).astype(numpy.uint8))


def psnr(jpeg, wanted):
    """In dB, of a JPEG and the picture that Pillow makes of the same pixels; 0: another size."""
    pixels = decode(jpeg).astype(float)
    wanted = numpy.asarray(wanted.convert("RGB")).astype(float)
    if pixels.shape != wanted.shape:
        return 0
    return 10 * numpy.log10(255 ** 2 / max(((pixels - wanted) ** 2).mean(), 1e-9))


class Pixels(SystemTest):
    """What is turned, flipped and cut is what Pillow makes of the decoded picture."""
    CAMERAS = {"even": ((320, 240), {}), "odd": ((333, 241), {}),
               "full": ((333, 241), {"subsampling": 0}), "progressive": ((160, 96), {"progressive": True}),
               "thin": ((1, 133), {}), "turned": ((333, 241), {"orientation": 6})}

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="onlooker-test-")
        cls.sources = {}
        arguments = []
        for name, (size, options) in cls.CAMERAS.items():
            folder = os.path.join(cls.folder.name, name)
            os.mkdir(folder)
            options = dict(options)
            exif = Image.Exif()
            if "orientation" in options:
                exif[0x0112] = options.pop("orientation")
            path = os.path.join(folder, "1.jpg")
            scene(size).save(path, quality=95, exif=exif, **options)
            cls.sources[name] = ImageOps.exif_transpose(Image.open(path))
            arguments += ["--camera", "%s=emulated:%s" % (name, folder)]
        cls.server = system_test.Server(*arguments)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.folder.cleanup()

    def picture(self, name, query):
        status, _, body = self.server.get("/cameras/%s/snapshot?%s" % (name, query))
        self.assertEqual(status, 200, body)
        return body

    def test_by_pixels(self):
        for name, source in self.sources.items():
            part = source.crop((source.width // 3, 21, source.width // 3 + 1 + source.width // 5, 90))
            crop = "crop=%d,21,%d,69" % (source.width // 3, part.width)
            for query, wanted in (
                    ("rotate=90", source.transpose(Image.ROTATE_270)),
                    ("rotate=180", source.transpose(Image.ROTATE_180)),
                    ("rotate=270", source.transpose(Image.ROTATE_90)),
                    ("flip=h", source.transpose(Image.FLIP_LEFT_RIGHT)),
                    ("flip=v", source.transpose(Image.FLIP_TOP_BOTTOM)),
                    ("rotate=90&flip=h", source.transpose(Image.TRANSPOSE)),
                    ("rotate=90&flip=v", source.transpose(Image.TRANSVERSE)),
                    (crop, part),
                    (crop + "&rotate=270&flip=v",
                     part.transpose(Image.ROTATE_90).transpose(Image.FLIP_TOP_BOTTOM)),
                    ("grey=1", source.convert("L"))):
                with self.subTest(name + " " + query):
                    self.assertGreaterEqual(psnr(self.picture(name, query + "&quality=95"), wanted), 40)

    def test_without_loss(self):
        # Two decoders of the same coefficients differ by how they round.
        source = self.sources["even"]
        for query, wanted in (("rotate=90", source.transpose(Image.ROTATE_270)),
                              ("rotate=180", source.transpose(Image.ROTATE_180)),
                              ("flip=h", source.transpose(Image.FLIP_LEFT_RIGHT)),
                              ("crop=32,48,64,80&rotate=270",
                               source.crop((32, 48, 96, 128)).transpose(Image.ROTATE_90))):
            with self.subTest(query):
                self.assertGreaterEqual(psnr(self.picture("even", query + "&lossless=1"), wanted), 48)


if __name__ == "__main__":
    system_test.main()

"""The formats of a stream, octet by octet, and which viewer gets which."""
import time

import system_test
from mjpeg import Connection, request
from pictures import decode, make_folder
from system_test import SLOWNESS, SystemTest, full

CHROMIUM = ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/156.0.0.0 Safari/537.36")
SAFARI = ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
          "(KHTML, like Gecko) Version/17.0 Safari/605.1.15")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"
IMAGE = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def format_of(connection):
    """Which format a stream has, told from its first part head."""
    connection.take_until(b"\r\n")
    lines = connection.take_until(b"\r\n\r\n", 400).decode().split("\r\n")
    names = [line.split(":")[0] for line in lines]
    if names == ["Content-Type"]:
        return "ahead"
    if names == ["Content-Type", "Content-Length"]:
        return "padded"
    return "length" if names[:3] == ["Content-Type", "Content-Length", "X-Timestamp"] else names


class Formats(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.server = system_test.Server("--camera", "testcard:,fps=30,size=320x240",
                                        "--camera", "slow=emulated")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def chosen(self, target="/stream", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        with Connection(self.server.port) as client:
            client.send(request(target, headers))
            status, _ = client.head()
            self.assertEqual(status, "HTTP/1.0 200 OK")
            return format_of(client)

    def test_each_format_holds_for_a_hundred_parts(self):
        for name in ("length", "ahead", "padded"):
            with self.subTest(format=name):
                stream = self.watch(self.server, "/stream?format=" + name, format=name)
                parts = stream.parts(100 // SLOWNESS)
                for part in parts[::10]:
                    self.assertEqual(decode(part.jpeg).shape, (240, 320, 3))
                self.assertGreater(len({part.jpeg for part in parts}), len(parts) * 3 // 4)

    def test_length_tells_when_the_picture_was_taken(self):
        part = self.watch(self.server, "/stream").part()
        self.assertAlmostEqual(float(part.headers["X-Timestamp"]), time.time(), delta=1.5)

    def test_padding_is_little(self):
        stream = self.watch(self.server, "/stream?format=padded", format="padded")
        parts = stream.parts(60)[30:]
        added = sum(part.padding for part in parts) / sum(len(part.jpeg) for part in parts)
        self.assertLess(added, 0.4, "share of octets added")

    def test_advance_headers_is_understood_as_uStreamer_does(self):
        self.assertEqual(self.chosen("/stream?advance_headers=1"), "ahead")
        self.assertEqual(self.chosen("/stream?advance_headers=0", User_Agent=CHROMIUM,
                                     Accept=IMAGE), "length")

    def test_extra_headers_tell_what_uStreamers_tell(self):
        stream = self.watch(self.server, "/stream?extra_headers=1")
        for part in stream.parts(90):
            told = {name[len("X-UStreamer-"):]: value for name, value in part.headers.items()
                    if name.startswith("X-UStreamer-")}
            self.assertEqual(set(told), {"Online", "Width", "Height", "Client-FPS", "Grab-Time",
                                         "Encode-End-Time", "Send-Time"})
            times = [float(part.headers["X-Timestamp"])] + [
                float(told[name]) for name in ("Grab-Time", "Encode-End-Time", "Send-Time")]
            self.assertEqual(times, sorted(times))
        self.assertEqual([told[name] for name in ("Online", "Width", "Height")],
                         ["true", "320", "240"])
        self.assertGreater(int(told["Client-FPS"]), 0)

    def test_zero_data_gives_heads_without_pictures(self):
        # uStreamer's way to measure a stream without its weight.
        with Connection(self.server.port) as client:
            client.send(request("/stream?zero_data=1"))
            client.head()
            client.take_until(b"\r\n")
            for _ in range(10):
                head = client.take_until(b"\r\n\r\n", 400)
                self.assertIn(b"\r\nContent-Length: 0\r\n", head)
                self.assertIn(b"\r\nX-Timestamp: ", head)
                self.assertEqual(client.take_until(b"\r\n"), b"")
                self.assertTrue(client.take_until(b"\r\n").startswith(b"--"))

    def test_an_img_in_chromium_or_safari_gets_the_head_ahead(self):
        self.assertEqual(self.chosen(User_Agent=CHROMIUM, Accept=IMAGE), "ahead")
        self.assertEqual(self.chosen(User_Agent=SAFARI, Accept="image/webp,*/*"), "ahead")

    def test_a_stream_opened_in_a_tab_of_chromium_gets_the_head_ahead(self):
        self.assertEqual(self.chosen(User_Agent=CHROMIUM, Accept=PAGE), "ahead")

    def test_fetch_in_chromium_gets_lengths(self):
        self.assertEqual(self.chosen(User_Agent=CHROMIUM, Accept="*/*"), "length")

    def test_firefox_gets_lengths(self):
        self.assertEqual(self.chosen(User_Agent=FIREFOX, Accept=IMAGE), "length")
        self.assertEqual(self.chosen(User_Agent=FIREFOX, Accept=PAGE), "length")

    def test_home_assistant_gets_the_head_ahead(self):
        self.assertEqual(self.chosen(User_Agent="HomeAssistant/2025.1 aiohttp/3.11"), "ahead")

    def test_everyone_else_gets_lengths(self):
        self.assertEqual(self.chosen(), "length")
        self.assertEqual(self.chosen(User_Agent="curl/8.0", Accept="*/*"), "length")
        self.assertEqual(self.chosen(User_Agent="Lavf/60.3.100", Accept="*/*"), "length")

    def test_a_format_that_does_not_exist_is_refused_or_ignored_but_never_odd(self):
        with Connection(self.server.port) as client:
            client.send(request("/stream?format=gif"))
            line, _ = client.head()
            self.assertIn(line.split()[1], ("200", "400"))

    def test_the_head_comes_at_once_and_with_the_first_delimiter(self):
        with Connection(self.server.port) as client:
            started = time.monotonic()
            client.send(request("/cameras/slow/stream"))
            client.head()
            client.take_until(b"\r\n")
            self.assertLess(time.monotonic() - started, 0.3 * SLOWNESS)

    def test_a_frame_of_a_slow_camera_is_sent_once_more_after_a_quarter_second(self):
        stream = self.watch(self.server, "/cameras/slow/stream")
        new = stream.next_new(stream.part().jpeg)
        again = stream.part()
        self.assertEqual(again.jpeg, new.jpeg)
        self.assertEqual(again.headers["X-Timestamp"], new.headers["X-Timestamp"])
        self.assertAlmostEqual(again.arrived - new.arrived, 0.25, delta=0.1 * SLOWNESS)
        self.assertNotEqual(stream.part().jpeg, new.jpeg, "not more than once")


class Repeats(SystemTest):
    @full
    def test_the_last_picture_is_repeated_at_least_every_five_seconds(self):
        folder = self.folder()
        make_folder(folder)
        server = self.serve("--stall-seconds", "60", "--camera", "emulated:%s,fps=0.05" % folder)
        stream = self.watch(server, timeout=12)
        arrivals = [part.arrived for part in stream.parts(4)]
        gaps = [b - a for a, b in zip(arrivals, arrivals[1:])]
        self.assertLess(max(gaps), 5.5, "seconds between parts: %r" % gaps)


if __name__ == "__main__":
    system_test.main()

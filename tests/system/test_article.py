"""The article, line by line: what its Flask program does, this one does, byte-compatibly."""
import html.parser
import time
import urllib.parse

import system_test
from mjpeg import Connection, request
from pictures import decode
from server import run_once, wait_until
from system_test import SystemTest, full


class Images(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.sources = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.sources.append(dict(attributes).get("src"))


def capture_threads(server):
    """How many threads there are beside those of a server that nobody watches."""
    return len(server.threads()) - server.quiet_threads


class TheArticle(SystemTest):
    def serve(self, *arguments, **options):
        server = super().serve(*arguments, **options)
        server.quiet_threads = len(server.threads())
        return server

    def test_the_page_at_the_root_shows_the_stream_in_an_img(self):
        server = self.serve()
        status, headers, body = server.get("/")
        self.assertEqual(status, 200)
        self.assertIn("text/html", headers["Content-Type"])
        shown = [urllib.parse.urljoin("/", source) for source in Images(body.decode()).sources]
        self.assertIn("/video_feed", shown)

    def test_video_feed_is_a_multipart_response_whose_parts_replace_each_other(self):
        server = self.serve()
        with Connection(server.port) as client:
            client.send(request("/video_feed"))
            status, fields = client.head()
            self.assertEqual(status, "HTTP/1.0 200 OK")
            self.assertEqual(fields["content-type"], "multipart/x-mixed-replace;boundary=frame")
            self.assertEqual(fields["connection"], "close")
            self.assertIn("no-store", fields["cache-control"])
            self.assertEqual(fields["pragma"], "no-cache")
            self.assertEqual(fields["x-accel-buffering"], "no")
            self.assertNotIn("transfer-encoding", fields)
            self.assertNotIn("content-length", fields)
            self.assertEqual(client.take(9), b"--frame\r\n")
            self.assertEqual(client.take(26), b"Content-Type: image/jpeg\r\n")

    def test_the_emulated_camera_shows_three_pictures_one_per_second_by_the_clock(self):
        server = self.serve()
        stream = self.watch(server)
        first = stream.part()
        changes = []
        while len(changes) < 4:
            changes.append(stream.next_new((changes or [first])[-1].jpeg))
        gaps = [b.arrived - a.arrived for a, b in zip(changes, changes[1:])]
        for gap in gaps:
            self.assertAlmostEqual(gap, 1.0, delta=0.25, msg="seconds between pictures: %r" % gaps)
        order = [first.jpeg] + [part.jpeg for part in changes]
        self.assertEqual(len(set(order)), 3, "three different pictures")
        self.assertEqual(order[0], order[3], "the first comes again after three")
        self.assertEqual(order[1], order[4], "the second comes again after three")
        # Picked by the clock: within one second of the wall clock it is always the same one.
        stamps = {int(float(part.headers["X-Timestamp"])) % 3: part.jpeg for part in changes}
        self.assertEqual(len(stamps), 3, "one picture for each of three seconds")
        for part in changes:
            decode(part.jpeg)

    def test_state_counts_each_picture_once_though_it_is_sent_again(self):
        server = self.serve()
        with Connection(server.port) as client:
            client.send(request("/stream"))
            client.head()

            def seen():
                return next(iter(server.state()["stream"]["clients_stat"].values()))
            wait_until(lambda: seen()["frames"] >= 3, 10, "three pictures")
            self.assertEqual(seen()["fps"], 1)

    def test_a_second_viewer_in_a_second_window_sees_the_same(self):
        server = self.serve()
        one, two = self.watch(server), self.watch(server)
        for _ in range(2):
            first = one.next_new(None)
            self.assertEqual(first.jpeg, two.next_new(None).jpeg)
            one.next_new(first.jpeg)
            two.next_new(first.jpeg)
        self.assertEqual(server.state()["stream"]["clients"], 2)

    def _goes_off_and_on_again(self, server, idle):
        self.assertEqual(capture_threads(server), 0, server.threads())
        stream = self.watch(server)
        stream.part()
        self.assertEqual(capture_threads(server), 1, server.threads())
        stream.close()
        left = time.monotonic()
        wait_until(lambda: capture_threads(server) == 0, idle + 2, "a camera that is off")
        took = time.monotonic() - left
        self.assertTrue(idle - 0.3 < took < idle + 0.6, "%.2f s" % took)
        # On again with the next viewer, and at once.
        again = time.monotonic()
        self.watch(server).part()
        self.assertLess(time.monotonic() - again, 1.5)
        self.assertEqual(capture_threads(server), 1, server.threads())

    def test_the_camera_goes_off_after_its_last_viewer_and_on_with_the_next(self):
        self._goes_off_and_on_again(self.serve("--idle-seconds", "1"), 1)

    @full
    def test_the_camera_goes_off_ten_seconds_after_its_last_viewer_by_default(self):
        self._goes_off_and_on_again(self.serve(), 10)

    def test_a_viewer_who_comes_back_in_time_keeps_the_camera_on(self):
        server = self.serve("--idle-seconds", "1")
        self.watch(server).part()
        for _ in range(4):
            stream = self.watch(server)
            stream.part()
            stream.close()
            time.sleep(0.5)
            self.assertEqual(capture_threads(server), 1, server.threads())

    def test_CAMERA_picks_the_driver(self):
        server = self.serve(env={"CAMERA": "testcard"})
        stream = self.watch(server)
        stream.parts(30)
        # The rate is of whole seconds, and 0 in the first.
        wait_until(lambda: server.state()["source"]["captured_fps"] > 5, 10,
                   "more than the emulated")

    def test_CAMERA_picks_a_module_of_that_name(self):
        modules = self.need_modules()
        server = self.serve(*modules, env={"CAMERA": "faulty"})
        self.watch(server).part()

    def test_CAMERA_that_is_not_known_is_an_error_in_words(self):
        status, output = run_once(env={"CAMERA": "nonesuch"})
        self.assertNotEqual(status, 0)
        self.assertIn("nonesuch", output)
        self.assertIn("camera_nonesuch.so", output)


if __name__ == "__main__":
    system_test.main()

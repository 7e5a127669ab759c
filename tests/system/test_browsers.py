"""Chromium and Firefox, headless: what an <img> paints is the picture that was sent last, and a page
of the same host may show and read pictures, one of another host only where it is allowed.

Both start to paint a part only when they see what follows it, each in its own way; a server that
does not know is one picture late in one of them. The camera is slow (one picture in two seconds),
so being late shows: the colour of a screenshot is compared with that of the frame sent last, which a
second, plain viewer reports.
"""
import base64
import http.server
import json
import os
import re
import shutil
import subprocess
import threading
import time

import system_test
from mjpeg import Closed, NotTheFormat
from pictures import NAMES, colour_of, decode, make_folder, make_quarters, quarters_of
from server import wait_until
from system_test import SystemTest, full

HERE = os.path.dirname(os.path.abspath(__file__))


class Browser:
    def __init__(self, which, url, *options):
        environment = dict(os.environ)
        environment.setdefault("NODE_PATH", os.path.join(HERE, "node_modules"))
        self.process = subprocess.Popen(
            ["node", os.path.join(HERE, "browser.cjs"), which, url, *options], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ready = self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "it ended"}
        if "error" in answer:
            self.close()
            raise AssertionError("browser: " + answer["error"])
        return answer

    def ask(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return self._answer()

    def close(self):
        if self.process.stdin.closed:
            return
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Witness(threading.Thread):
    """A plain viewer that remembers which picture was sent last, and when."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream = stream
        self.last = (None, 0.0)
        self.start()

    def run(self):
        shown = None
        try:
            while True:
                part = self.stream.part()
                if part.jpeg != shown:
                    shown = part.jpeg
                    self.last = (colour_of(shown), time.time())
        except (OSError, ValueError, NotTheFormat, Closed):
            pass  # the test closed it

    def next_new(self):
        before = self.last
        wait_until(lambda: self.last != before, 10, "the next picture")
        return self.last


# A page as OctoPrint's: its pictures come from another address. It finds out what it may show and
# read, also out of a canvas, and makes that its title.
FOREIGN_PAGE = """<!doctype html>
<meta charset="utf-8">
<img src="%(server)s/?action=stream" width="40" height="30">
<img src="%(server)s/snapshot" width="40" height="30">
<iframe width="400" height="300" style="border: 0"></iframe>
<script>
const images = [...document.images];
async function find(read) {
    // A refused one is complete and empty, whether it was refused before this script began or later.
    while (!images.every(image => image.naturalWidth > 0 || image.complete)) {
        await new Promise(resolve => setTimeout(resolve, 50));
    }
    document.title = JSON.stringify({
        shown: images.map(image => image.naturalWidth > 0), read: await read,
        canvas: await canvas });
    // Each part of a stream is a new document there: such a visit never ends, so it comes last.
    document.querySelector("iframe").src = "%(server)s/?action=stream";
}
async function readCanvas() {
    const image = new Image();
    image.crossOrigin = "anonymous";
    image.src = "%(server)s/snapshot.jpg";
    try {
        await image.decode();
        const context = document.createElement("canvas").getContext("2d");
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, 1, 1).data[0] > 128;
    } catch (error) {
        return false;
    }
}
const canvas = readCanvas();
find(fetch("%(server)s/state").then(answer => answer.ok, () => false));
</script>
"""


class ForeignPage:
    """Serves FOREIGN_PAGE from another port than the server it shows: by the same name, 127.0.0.1, or
    by another, localhost, which makes it a page of another host."""

    def __init__(self, host):
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(owner.page.encode())

            def log_message(self, *words):
                pass

        self.page = ""
        self.web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = "http://%s:%d" % (host, self.web.server_address[1])
        threading.Thread(target=self.web.serve_forever, daemon=True).start()

    def show(self, server):
        self.page = FOREIGN_PAGE % {"server": server.url}

    def close(self):
        self.web.shutdown()
        self.web.server_close()


class BrowserTest(SystemTest):
    def need(self, program):
        path = os.environ.get("NODE_PATH", os.path.join(HERE, "node_modules"))
        if not shutil.which("node") or not os.path.isdir(os.path.join(path, "puppeteer-core")):
            self.skipTest("puppeteer-core is not installed: npm ci in tests/system")
        if not os.access(program, os.X_OK):
            self.skipTest(program + " is not installed")


@full
class Browsers(BrowserTest):
    def paints_the_frame_sent_last(self, which, path, format, *options):
        """In an <img> of a page elsewhere, or at a path of the server."""
        pictures = self.folder()
        make_folder(pictures, NAMES[:6], size=(400, 300))
        server = self.serve("--stall-seconds", "60", "--camera", "emulated:%s,fps=0.5" % pictures)
        page = ForeignPage("127.0.0.1")
        self.addCleanup(page.close)
        page.page = '<!doctype html><img src="%s/stream">' % server.url
        browser = Browser(which, server.url + path if path else page.origin + "/", *options)
        self.addCleanup(browser.close)
        clients = server.state()["stream"]["clients_stat"].values()
        self.assertEqual([client["advance_headers"] for client in clients],
                         [format == "ahead"], "the format that the server chose: %r" % clients)
        witness = Witness(self.watch(server, "/stream"))
        witness.next_new()  # the picture that was there when it came
        in_time = 0
        for _ in range(3):
            colour, sent = witness.next_new()
            # Before the server sends the same frame once more, which would end the part anyway...
            time.sleep(0.08)
            early = browser.ask("shot")
            # ... and when everything has settled.
            time.sleep(max(0, sent + 0.7 - time.time()))
            late = browser.ask("shot")
            self.assertEqual(colour_of(base64.b64decode(late["png"])), colour,
                             "painted 0.7 s after the picture was sent")
            if early["ended"] / 1000 - sent < 0.25:
                in_time += 1
                self.assertEqual(colour_of(base64.b64decode(early["png"])), colour,
                                 "painted before the picture was sent again")
        print("%s: %d of 3 screenshots came before the resend" % (browser.ready["ready"], in_time))
        browser.close()
        wait_until(lambda: server.state()["stream"]["clients"] == 1, 8, "the browser's stream ends")

    def seen_by_a_page_elsewhere(self, which, host, *options):
        """(what it could show and read, the colour in its frame, the server) of a page on this host."""
        pictures = self.folder()
        make_folder(pictures, ["red"], size=(400, 300))
        page = ForeignPage(host)
        self.addCleanup(page.close)
        options = [word.replace("THAT", page.origin) for word in options]
        server = self.serve("--stall-seconds", "60", "--camera", "emulated:%s,fps=2" % pictures, *options)
        page.show(server)
        browser = Browser(which, page.origin + "/", "verdict")
        self.addCleanup(browser.close)
        frame = None
        for _ in range(4):  # the <iframe> paints when it likes
            time.sleep(0.5)
            frame = colour_of(base64.b64decode(browser.ask("shot")["png"]))
            if frame == "red":
                break
        browser.close()
        return json.loads(browser.ready["verdict"]), frame, server, page.origin

    def shows_pictures_only_where_allowed(self, which, *rows):
        for host, allowed, expected in rows:
            options = [word for origin in allowed for word in ("--allow-origin", origin)]
            with self.subTest(host=host, allowed=allowed):
                verdict, frame, server, origin = self.seen_by_a_page_elsewhere(which, host, *options)
                self.assertEqual(verdict, {"shown": [expected] * 2, "read": expected, "canvas": expected})
                self.assertEqual(frame == "red", expected, "in the <iframe>: %s" % frame)
                told = re.findall(r"to allow it: --allow-origin (\S+)\n", server.log())
                self.assertEqual(told, [] if expected else [origin])
                if not expected:
                    self.assertEqual(server.state()["onlooker"]["state"], "idle", "the camera")

    def test_chromium_shows_pictures_elsewhere_only_where_allowed(self):
        self.need("/usr/bin/chromium")
        self.shows_pictures_only_where_allowed(
            "chromium", ("127.0.0.1", (), True), ("127.0.0.1", ("none",), False), ("localhost", (), False),
            ("localhost", ("http://octopi.local", "THAT"), True), ("localhost", ("*",), True))

    def test_firefox_shows_pictures_elsewhere_only_where_allowed(self):
        self.need("/usr/bin/firefox-esr")
        self.shows_pictures_only_where_allowed(
            "firefox", ("127.0.0.1", (), True), ("localhost", (), False), ("localhost", ("THAT",), True))

    def shows_a_turned_picture_turned(self, which):
        """Whether the pixels are turned, or an EXIF orientation says that they are to be: both at once,
        or neither, would show here."""
        pictures = self.folder()
        make_quarters(os.path.join(pictures, "1.jpg"), ("red", "green", "blue", "yellow"), size=(400, 300))
        page = ForeignPage("127.0.0.1")
        self.addCleanup(page.close)
        server = self.serve("--stall-seconds", "60", "--camera", "emulated:%s,fps=2" % pictures)
        for words, quarters in (("rotate=90", ("blue", "red", "yellow", "green")),
                                ("flip=h", ("green", "red", "yellow", "blue"))):
            with self.subTest(words):
                page.page = '<!doctype html><img src="%s/stream?%s">' % (server.url, words)
                browser = Browser(which, page.origin + "/")
                self.addCleanup(browser.close)
                size = browser.ready["clip"]["width"], browser.ready["clip"]["height"]
                self.assertEqual(size, (300, 400) if words == "rotate=90" else (400, 300))
                shown = None
                for _ in range(4):  # it paints a part when it sees what follows it
                    time.sleep(0.5)
                    shown = quarters_of(base64.b64decode(browser.ask("shot")["png"]))
                    if shown == quarters:
                        break
                self.assertEqual(shown, quarters)
                browser.close()

    def follows_a_change_of_size(self, which):
        """As a camera that is set to another size makes it, and auto=1."""
        large, small = ("red", "green", "blue", "yellow"), ("green", "blue", "yellow", "red")
        pictures = self.folder()
        make_quarters(os.path.join(pictures, "1.jpg"), large, size=(400, 300))
        make_quarters(os.path.join(pictures, "2.jpg"), small, size=(200, 150))
        page = ForeignPage("127.0.0.1")
        self.addCleanup(page.close)
        server = self.serve("--stall-seconds", "60", "--camera", "emulated:%s,fps=1" % pictures)
        # A place of its own size, in which the picture is as large as it came.
        page.page = ('<!doctype html><img src="%s/stream" style="width: 400px; height: 300px; '
                     'object-fit: none; object-position: 0 0">' % server.url)
        browser = Browser(which, page.origin + "/")
        self.addCleanup(browser.close)
        shown = []

        def back_at_the_first():
            pixels = decode(base64.b64decode(browser.ask("shot")["png"]))
            size = None
            if quarters_of(pixels) == large:
                size = "large"
            elif quarters_of(pixels)[1:] == ("white",) * 3 and quarters_of(pixels[:150, :200]) == small:
                size = "small"
            if size and shown[-1:] != [size]:
                shown.append(size)
            return len(shown) >= 3
        wait_until(back_at_the_first, 15, "both sizes, one after the other", every=0.1)

    def test_chromium_follows_a_change_of_size(self):
        self.need("/usr/bin/chromium")
        self.follows_a_change_of_size("chromium")

    def test_firefox_follows_a_change_of_size(self):
        self.need("/usr/bin/firefox-esr")
        self.follows_a_change_of_size("firefox")

    def test_chromium_shows_a_turned_picture_turned(self):
        self.need("/usr/bin/chromium")
        self.shows_a_turned_picture_turned("chromium")

    def test_firefox_shows_a_turned_picture_turned(self):
        self.need("/usr/bin/firefox-esr")
        self.shows_a_turned_picture_turned("firefox")

    def test_chromium_paints_the_frame_sent_last(self):
        self.need("/usr/bin/chromium")
        self.paints_the_frame_sent_last("chromium", None, "ahead")

    def test_firefox_paints_the_frame_sent_last(self):
        self.need("/usr/bin/firefox-esr")
        self.paints_the_frame_sent_last("firefox", None, "length")

    def test_chromium_paints_it_when_the_stream_is_the_page(self):
        self.need("/usr/bin/chromium")
        self.paints_the_frame_sent_last("chromium", "/video_feed", "ahead", "whole")


if __name__ == "__main__":
    system_test.main()

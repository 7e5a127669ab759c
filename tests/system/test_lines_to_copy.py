"""The lines of the manual, copied from it: what they record lasts as long as they say, whatever
the camera's rate; and every address in docs/. How late players are that need a screen is tried by hand."""
import html
import os
import re
import shlex
import shutil
import subprocess

import system_test
from mjpeg import Connection, request
from system_test import SLOWNESS, SystemTest


def lines_of_page(server):
    """The commands that the manual gives, with its address in them as the script puts it there."""
    _, _, body = server.get("/manual")
    page = body.decode().replace('<span class="base">http://HOST:5000</span>', server.url)
    return [html.unescape(line) for line in re.findall(r'<code class="copy">([^<]*)</code>', page)]


def line_of(server, program):
    found = [line for line in lines_of_page(server) if line.split()[0] == program]
    assert len(found) >= 1, "the page has no line for %s: %r" % (program, lines_of_page(server))
    return shlex.split(found[0])


class LinesToCopy(SystemTest):
    RATES = (5, 15, 30)

    def test_ffmpegs_ten_seconds_are_ten_seconds(self):
        for program in ("ffmpeg", "ffprobe"):
            if not shutil.which(program):
                self.skipTest(program + " is not installed")
        running = []
        for rate in self.RATES:
            server = self.serve("--camera", "testcard:,fps=%d,size=320x240" % rate)
            folder = self.folder()
            command = line_of(server, "ffmpeg")
            self.assertEqual(command[-1], "out.mkv", command)
            process = subprocess.Popen([command[0], "-v", "error", "-nostdin", *command[1:]],
                                       cwd=folder, stdin=subprocess.DEVNULL)
            self.addCleanup(process.kill)
            running.append((rate, os.path.join(folder, "out.mkv"), process))
        for rate, file, process in running:
            self.assertEqual(process.wait(timeout=60), 0)
            times = self.times_in(file)
            lasts = times[-1] - times[0] + 1 / rate
            self.assertAlmostEqual(lasts, 10, delta=0.6 * SLOWNESS, msg="at %d fps" % rate)
            self.assertAlmostEqual(len(times), 10 * rate, delta=1.5 * rate, msg="at %d fps" % rate)

    def times_in(self, file):
        told = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
                               "packet=pts_time", "-of", "csv=p=0", file],
                              stdout=subprocess.PIPE, check=True, timeout=30)
        return [float(line.strip(b",")) for line in told.stdout.split()]

    def test_curls_picture_is_one_that_was_taken_after_it_asked(self):
        if not shutil.which("curl"):
            self.skipTest("curl is not installed")
        server = self.serve("--camera", "testcard:,fps=5,size=320x240")
        folder = self.folder()
        command = line_of(server, "curl")
        subprocess.run([command[0], "-sf", *command[1:]], cwd=folder, check=True, timeout=20)
        with open(os.path.join(folder, "now.jpg"), "rb") as picture:
            self.assertEqual(picture.read(2), b"\xff\xd8")

    def test_players_are_told_not_to_wait(self):
        server = self.serve()
        # mpv assumes 25 pictures a second; VLC keeps a second of them.
        self.assertIn("--untimed", line_of(server, "mpv"))
        self.assertIn("--network-caching=100", line_of(server, "vlc"))

    def test_every_address_in_the_docs_answers(self):
        server = self.serve("--camera", "yard=testcard:,size=320x240")
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs")
        tried = set()
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".md"):
                continue
            with open(os.path.join(folder, name), encoding="utf-8") as page:
                text = page.read()
            for place in re.findall(r"http://(?:NAME:PASSWORD@)?onlooker\.local:5000(/[^\s`]*)", text):
                if place in tried:
                    continue
                tried.add(place)
                with self.subTest(page=name, place=place), Connection(server.port) as client:
                    client.send(request(place, method="HEAD"))
                    self.assertEqual(client.head()[0].split()[1], "200")
            for target in re.findall(r"\]\(([^)#]+\.(?:md|json))", text):
                self.assertTrue(os.path.exists(os.path.join(folder, target)), target)
        self.assertGreater(len(tried), 6)


if __name__ == "__main__":
    system_test.main()

"""Configurations of other programs, from their documentation: made into ours, started, and watched at
the address where they were watched before. A test card takes the place of their devices."""
import os
import re
import shlex
import subprocess
import urllib.request

import system_test
from server import PROGRAM, clean_environment, run_once
from system_test import SystemTest

SOURCES = os.environ.get("TEST_SOURCES",
                         os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
MOVING = os.path.join(SOURCES, "docs", "moving")

# (peer, its words, what is watched, settings that must be among the printed ones). The words are facts
# of uStreamer's README, mjpg-streamer's README and start.sh, the docs and units of camera-streamer,
# Debian's motion.conf, and the lines by which Crowsnest and OctoPi start them.
LINES = [
    ("ustreamer", "./ustreamer --device=/dev/video1 --host=0.0.0.0 --port=80", ["/stream"],
     ["host = 0.0.0.0", "port = 80", "public = true"]),
    ("ustreamer", "$ ./ustreamer \\\n --format=uyvy \\ # input\n --encoder=m2m-image \\ # hardware\n"
                  " --workers=3 \\\n --persistent \\\n --dv-timings \\\n --drop-same-frames=30",
     ["/stream?extra_headers=1", "/snapshot"], ["host = 127.0.0.1"]),
    ("ustreamer", "ustreamer --host :: -m jpeg --device-timeout=5 --buffers=3 -r 2592x1944",
     ["/?action=stream"], ["host = ::", "stall-seconds = 5"]),
    ("ustreamer", "--host 127.0.0.1 -p 8080 -d /dev/video0 --device-timeout=2 -m MJPEG --encoder=HW "
                  "-r 640x480 -f 15 --allow-origin=\\* --static /home/pi/crowsnest/ustreamer-www",
     ["/?action=stream", "/?action=snapshot"], ["allow-origin = *"]),
    ("mjpg-streamer", "mjpg_streamer -i input_uvc.so -o output_http.so", ["/?action=stream"],
     ["host = 0.0.0.0", "port = 8080", "public = true"]),
    ("mjpg-streamer", './mjpg_streamer -i "./input_uvc.so -n -f 30 -r 640x480 -d /dev/video0" '
                      '-o "./output_http.so -w ./www"', ["/?action=snapshot"], []),
    ("mjpg-streamer", './mjpg_streamer -i "./input_uvc.so -d /dev/video0" -i "./input_uvc.so -d '
                      '/dev/video1" -o "./output_http.so -w ./www"',
     ["/?action=stream_0", "/?action=stream_1"], []),
    ("mjpg-streamer", './mjpg_streamer -o "output_http.so -w ./www" -i "input_raspicam.so -x 1280 '
                      '-y 720 -fps 15 -ex night"', ["/webcam/?action=stream"], []),
    ("mjpg-streamer", "./mjpg_streamer -o 'output_http.so -w ./www' -o 'output_file.so -f pics -d "
                      "15000'", ["/?action=stream"], []),
    ("mjpg-streamer", './mjpg_streamer -i "input_testpicture.so -r 320x240 -d 500" -o '
                      '"output_http.so -w www"', ["/?action=stream"], []),
    ("mjpg-streamer", './mjpg_streamer -o "output_http.so -w ./www-octopi -n --listen 127.0.0.1" -i '
                      '"input_uvc.so -r 640x480 -f 10 -d /dev/video0"', ["/?action=stream"],
     ["host = 127.0.0.1"]),
    ("camera-streamer", "camera-streamer --camera-path=/dev/video0 --camera-format=JPEG "
                        "--camera-width=1920 --camera-height=1080 --camera-fps=30 --camera-nbufs=3 "
                        "--http-listen=0.0.0.0 --http-port=8080 --camera-video.disabled",
     ["/stream", "/snapshot.jpg"], ["host = 0.0.0.0"]),
    ("camera-streamer", "--camera-path=/base/soc/i2c0mux/i2c@1/imx219@10 --camera-type=libcamera "
                        "--camera-format=YUYV --camera-width=2304 --camera-height=1296 "
                        "--camera-snapshot.height=1080 --camera-video.height=720 "
                        "--camera-stream.height=480 --camera-options=brightness=0.1 --rtsp-port",
     ["/stream?height=240", "/?action=snapshot"], ["host = 127.0.0.1"]),
    ("motion", "video_device /dev/video0\nwidth 640\nheight 480\nframerate 15\ntext_left CAMERA1\n"
               "threshold 1500\nmovie_output on\nwebcontrol_port 8080\nstream_port 8081\n"
               "stream_localhost on\n", ["/stream", "/101/stream"],
     ["host = 127.0.0.1", "port = 8081"]),
]

FOR_TESTCARD = ("fps", "quality", "title", "workers")


def imported(peer, words):
    status, text = run_once("--import-" + peer, words)
    assert status == 0, text
    return text


def settings_of(text):
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def with_testcard(line):
    """A line `camera = ...` with the test card, small, in the place of the device."""
    if not line.startswith("camera = "):
        return line
    spec = line[len("camera = "):]
    name = re.match(r"[\w-]+=", spec)
    keys = [key for key in re.findall(r",([\w.]+=[^,]*)", spec)
            if key.split("=")[0] in FOR_TESTCARD]
    return "camera = %stestcard,%s" % (name.group() if name else "",
                                       ",".join([*keys, "size=320x240"]))


class Import(SystemTest):
    def start(self, text):
        file = os.path.join(self.folder(), "onlooker.conf")
        with open(file, "w", encoding="utf-8") as config:
            config.write("\n".join(map(with_testcard, text.splitlines())) + "\n")
        return self.serve("--config", file)

    def watch_jpegs(self, server, place, count=2):
        with urllib.request.urlopen(server.url + place, timeout=10) as answer:
            self.assertEqual(answer.status, 200)
            seen = b""
            while seen.count(b"\xff\xd8\xff") < (1 if "snapshot" in place else count):
                data = answer.read1(65536)
                self.assertTrue(data, "%s ended" % place)
                seen += data

    def test_each_line_of_their_documentation_is_served_where_it_was_watched(self):
        for peer, words, places, expected in LINES:
            with self.subTest(peer=peer, words=words):
                text = imported(peer, words)
                for setting in expected:
                    self.assertIn(setting, settings_of(text))
                server = self.start(text)
                for place in places:
                    self.watch_jpegs(server, place)
                server.stop()

    def test_a_unit_is_read_from_standard_input(self):
        unit = "[Service]\nExecStart=/usr/bin/ustreamer --port 8081 \\\n  ; why\n  -r 800x600\n"
        done = subprocess.run([PROGRAM, "--import-ustreamer", "-"], input=unit.encode(), check=True,
                              env=clean_environment(), stdout=subprocess.PIPE, timeout=10)
        self.assertEqual(settings_of(done.stdout.decode()),
                         ["camera = v4l2:/dev/video0,size=800x600", "host = 127.0.0.1",
                          "port = 8081"])

    def test_a_password_is_not_printed_and_the_camera_stays_behind_one(self):
        text = imported("mjpg-streamer", "-i input_uvc.so -o 'output_http.so -c anna:hush'")
        self.assertNotIn("hush", text)
        self.assertIn("users = /var/lib/onlooker/users", settings_of(text))
        self.assertNotIn("public = true", settings_of(text))
        self.assertIn("onlooker user add anna --users /var/lib/onlooker/users", text)

    def test_what_cannot_be_is_refused_with_the_word(self):
        for words, told in (("-p 99999", "-p: '99999': expected a whole number from 1 to 65535"),
                            ("-d 'x", "word 2 has a ' without a second one"),
                            ("--port", "--port needs a value behind it")):
            self.assertEqual(run_once("--import-ustreamer", words), (2, "onlooker: %s\n" % told))
        self.assertEqual(run_once("--import-motion", "/nonesuch")[0], 2)
        # A broken configuration of ours is no hindrance.
        self.assertEqual(run_once("--import-motion", "width 320\n",
                                  env={"ONLOOKER_CONFIG": "/nonesuch", "ONLOOKER_PORT": "x"})[0], 0)


class Pages(SystemTest):
    """docs/moving."""

    def pages(self):
        for name in sorted(os.listdir(MOVING)):
            with open(os.path.join(MOVING, name), encoding="utf-8") as page:
                yield name, page.read()

    def test_what_a_page_says_is_printed_is_printed(self):
        tried = 0
        for name, text in self.pages():
            for line, block in re.findall(r"^ +(onlooker --import-.*)\n\nprints\n\n```\n(.*?)```", text,
                                          re.S | re.M):
                _, peer, words = shlex.split(line)
                with self.subTest(page=name):
                    self.assertEqual(settings_of(imported(peer[len("--import-"):], words)),
                                     block.splitlines())
                tried += 1
        self.assertEqual(tried, 3)

    def test_the_lines_of_the_first_page_convert(self):
        lines = re.findall(r"^onlooker (--import-\S+) '(.*)'$", dict(self.pages())["README.md"], re.M)
        self.assertEqual(len(lines), 3)
        for option, words in lines:
            status, text = run_once(option, words)
            self.assertEqual(status, 0, text)

    def test_every_setting_of_the_tables_is_one_of_ours(self):
        tried = 0
        for name, text in self.pages():
            for row in re.findall(r"^\| .* \| `([a-z-]+ = [^`]+)` \|", text, re.M):
                file = os.path.join(self.folder(), "onlooker.conf")
                with open(file, "w", encoding="utf-8") as config:
                    config.write(row + "\npublic = true\n")
                # A module may bring hundreds of libraries.
                status, told = run_once("--config", file, "--check-config", timeout=60)
                if "is not installed" in told:  # a module
                    continue
                with self.subTest(page=name, row=row):
                    self.assertEqual(status, 0, told)
                tried += 1
        self.assertGreater(tried, 40)


if __name__ == "__main__":
    system_test.main()

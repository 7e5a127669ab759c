"""Clips: every picture's octets and time, compared with a stream, by ffmpeg; files that were cut."""
import hashlib
import http.client
import json
import os
import re
import subprocess
import threading
import time

import system_test
from mjpeg import Connection, Stream, request
from system_test import SLOWNESS, SystemTest

CAMERA = "yard=testcard:,fps=20,size=320x240"
EXTENSIONS = ("mkv", "mp4", "avi")


def framemd5(*paths):
    """[[(seconds, md5), ...] of each file], the packets as ffmpeg copies them, in one process."""
    command = ["ffmpeg", "-v", "quiet", "-nostdin"]
    for path in paths:
        command += ["-i", path]
    for number, path in enumerate(paths):
        command += ["-map", str(number), "-c", "copy", "-f", "framemd5", path + ".md5"]
    subprocess.run(command, timeout=60, check=False)
    found = []
    for path in paths:
        packets = []
        base = 0.0
        with open(path + ".md5", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("#tb"):
                    over, under = line.split(":")[1].split("/")
                    base = int(over) / int(under)
                elif not line.startswith("#"):
                    fields = [field.strip() for field in line.split(",")]
                    packets.append((int(fields[2]) * base, fields[5]))
        found.append(packets)
    return found


def md5(data):
    return hashlib.md5(data).hexdigest()


class Recording(threading.Thread):
    """What a stream shows beside the clips, until it is told to end: {md5: time}, in order."""

    def __init__(self, port, target):
        super().__init__(daemon=True)
        self.stream = Stream(port, target)
        self.parts = {}
        self.ended = False
        self.start()

    def run(self):
        while not self.ended:
            part = self.stream.part()
            self.parts.setdefault(md5(part.jpeg), float(part.headers["X-Timestamp"]))

    def end(self):
        self.ended = True
        self.join(10)
        self.stream.close()
        return self.parts


class Clips(SystemTest):
    def serve_clips(self, *arguments):
        server = self.serve("--camera", CAMERA, *arguments)
        formats = json.loads(server.get("/api/v1/server")[2])["features"]["clips"]
        if not formats:
            self.skipTest("this build has no module for clips")
        self.assertEqual(formats, list(EXTENSIONS))
        return server

    def download(self, server, folder, query, pause=0):
        """The path of the file; with a pause in which nothing of it is read."""
        path = os.path.join(folder, re.sub(r"\W", "-", query))
        with Connection(server.port, receive_buffer=4096 if pause else None, timeout=30) as client:
            client.send(request("/cameras/yard/clip" + query, {"Connection": "close"},
                                version="1.0"))
            line, fields = client.head()
            self.assertIn(" 200 ", line)
            self.assertTrue(fields["content-disposition"].startswith("attachment; "))
            time.sleep(pause)
            with open(path, "wb") as file:
                file.write(client.rest())
        return path

    def together(self, *downloads):
        paths = [None] * len(downloads)

        def run(place, arguments):
            paths[place] = self.download(*arguments)

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(downloads)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertNotIn(None, paths)
        return paths

    def compare(self, packets, parts):
        """They are parts of the stream, none left out, at the times of their capture."""
        sums = [packet[1] for packet in packets]
        shown = list(parts)
        begin = shown.index(sums[0])
        self.assertEqual(sums, shown[begin:begin + len(sums)])
        self.assertEqual(packets[0][0], 0)
        for seconds, name in packets:
            self.assertAlmostEqual(seconds, parts[name] - parts[sums[0]], delta=0.001)

    def test_every_picture_of_every_format_is_that_of_the_stream_at_its_time(self):
        server = self.serve_clips()
        folder = self.folder()
        recording = Recording(server.port, "/cameras/yard/video_feed")
        paths = self.together(*[(server, folder, "?seconds=2.5&format=" + format)
                                for format in EXTENSIONS],
                              # A hiccup loses nothing.
                              (server, folder, "?seconds=2.5&format=mkv&slow=1", 1.5))
        parts = recording.end()
        for path, packets in zip(paths, framemd5(*paths)):
            with self.subTest(path):
                self.assertGreater(len(packets), 20)
                self.compare(packets, parts)
        server.wait_for_log(r"clip of camera yard: \d+ frames of 2\.\d s as mp4, \d+ octets\n")
        self.assertNotIn("skipped", server.log())

    def test_a_file_that_was_cut_plays_up_to_the_cut(self):
        server = self.serve_clips()
        folder = self.folder()
        paths = self.together(*[(server, folder, "?seconds=1.5&width=96&format=" + format)
                                for format in EXTENSIONS])
        for path in paths:
            with open(path, "rb") as file:
                octets = file.read()
            packets = [name for _, name in framemd5(path)[0]]
            # Where each picture ends in the file.
            ends = [match.end() for match in re.finditer(b"\xff\xd8\xff.*?\xff\xd9", octets, re.S)]
            self.assertEqual([md5(octets[m.start():m.end()]) for m in
                              re.finditer(b"\xff\xd8\xff.*?\xff\xd9", octets, re.S)], packets)
            cuts = [ends[0] + (len(octets) - ends[0]) * i // 100 for i in range(100)]
            pieces = []
            for cut in cuts:
                pieces.append("%s-%d" % (path, cut))
                with open(pieces[-1], "wb") as piece:
                    piece.write(octets[:cut])
            for cut, played in zip(cuts, framemd5(*pieces)):
                with self.subTest(path=path, cut=cut, of=len(octets)):
                    whole = sum(end <= cut for end in ends)
                    self.assertEqual([name for _, name in played][:whole], packets[:whole])

    def test_a_time_lapse_is_one_picture_in_so_long_played_at_25_a_second(self):
        server = self.serve_clips()
        folder = self.folder()
        paths = self.together(*[(server, folder, "?seconds=2&every=0.3&format=" + format)
                                for format in EXTENSIONS])
        for path, packets in zip(paths, framemd5(*paths)):
            with self.subTest(path):
                self.assertIn(len(packets), (6, 7))
                self.assertEqual(len({name for _, name in packets}), len(packets))
                for place, (seconds, _) in enumerate(packets):
                    self.assertAlmostEqual(seconds, place * 0.04, delta=0.0001)

    def test_a_clip_begins_before_it_was_asked_for(self):
        server = self.serve_clips("--pre-roll", "2")
        folder = self.folder()
        recording = Recording(server.port, "/cameras/yard/video_feed")
        time.sleep(2.5)
        paths = self.together((server, folder, "?seconds=1"),
                              (server, folder, "?seconds=1&pre_roll=1"),
                              (server, folder, "?seconds=1&pre_roll=0"))
        parts = recording.end()
        for seconds, packets in zip((3, 2, 1), framemd5(*paths)):
            self.compare(packets, parts)
            self.assertAlmostEqual(packets[-1][0], seconds, delta=0.2 * SLOWNESS)
        # Nobody looks, and the camera runs.
        self.assertTrue(server.state()["source"]["online"])

    def test_what_cannot_be_had_is_refused_in_words(self):
        server = self.serve_clips()
        for query, words in (("format=webm", "mkv, mp4, avi"), ("seconds=4000", "0.1 to 3600"),
                             ("every=0", "0.1 to 3600"), ("pre_roll=1", "--pre-roll"),
                             ("width=wide", "width"), ("auto=1", "auto")):
            status, _, body = server.get("/clip?" + query)
            self.assertEqual(status, 400, query)
            self.assertIn(words, body.decode())
        self.assertEqual(server.get("/cameras/cellar/clip")[0], 404)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("HEAD", "/clip?format=mp4")
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.getheader("Content-Type")), (200, "video/mp4"))
        connection.close()
        # None of this has loaded the module.
        with open("/proc/%d/maps" % server.pid) as maps:
            self.assertNotIn("avformat", maps.read())

    def test_the_file_is_finished_when_the_server_ends(self):
        server = self.serve_clips()
        folder = self.folder()
        with Connection(server.port) as client:
            client.send(request("/clip?seconds=60&format=mp4", version="1.0"))
            client.head()
            client.take_until(b"moof")
            server.stop()
            rest = client.rest()
        self.assertIn(b"mfro", rest[-20:])


if __name__ == "__main__":
    system_test.main()

"""The relay: other onlookers, many viewers, other people's servers."""
import os
import resource
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import time

import system_test
from mjpeg import request
from misbehaving_upstream import Upstream, torn_between, without_multipart, wrong_lengths
from pictures import COLOURS, colour_of
from relay_test import RelayTest
from server import free_port, wait_until
from system_test import SLOWNESS, full


class OnlookersInARow(RelayTest):
    def test_every_format_is_passed_on_octet_by_octet(self):
        origin = self.origin()
        for query in "", "?format=ahead", "?format=padded":
            with self.subTest(query):
                edge = self.relay(origin.url + "/stream" + query)
                stream = self.watch(edge, "/stream")
                known = set(self.pictures.values())
                jpegs = [part.jpeg for part in stream.parts(12)]
                pictures = [jpeg for jpeg in jpegs if colour_of(jpeg)]
                self.assertGreaterEqual(len(pictures), 10)
                self.assertLessEqual(set(pictures), known)
                self.assertGreaterEqual(len(set(pictures)), 5)

    def test_the_capture_stamp_is_the_origins_and_the_way_is_shorter_than_a_frame(self):
        fps = 20
        origin = self.origin(fps)
        first = self.relay(origin.url + "/stream")
        second = self.relay(first.url + "/stream")
        streams = [self.watch(server, "/stream") for server in (origin, first, second)]
        arrivals = [{}, {}, {}]
        with selectors.DefaultSelector() as selector:
            for number, stream in enumerate(streams):
                selector.register(stream.socket, selectors.EVENT_READ, number)
            end = time.monotonic() + 4
            while time.monotonic() < end:
                for key, _ in selector.select(1):
                    part = streams[key.data].part()
                    arrivals[key.data].setdefault(part.headers["X-Timestamp"], part.arrived)
        common = sorted(set(arrivals[0]) & set(arrivals[1]) & set(arrivals[2]))
        self.assertGreater(len(common), 2 * fps, "pictures with the same stamp everywhere")
        for link in 1, 2:
            delays = [arrivals[link][stamp] - arrivals[link - 1][stamp] for stamp in common]
            self.assertLess(statistics.median(delays), SLOWNESS * 0.5 / fps, "link %d" % link)

    def test_a_pause_of_the_process_is_not_the_upstreams_silence(self):
        origin = self.origin()
        edge = self.relay(origin.url + "/stream", options=",timeout=2")
        stream = self.watch(edge, "/stream")
        stream.parts(3)
        edge.pause(2.5)
        end = time.monotonic() + 1
        while time.monotonic() < end:
            self.assertIsNotNone(colour_of(stream.part().jpeg), "a card was shown")
        self.assertEqual(edge.log().count("opening"), 1, edge.log())
        self.assertNotIn("no signal", edge.log())

    def test_one_connection_however_many_watch_and_none_when_nobody_does(self):
        origin = self.origin()
        edge = self.relay(origin.url + "/stream", "--idle-seconds", "1")
        time.sleep(0.3)
        self.assertEqual(origin.state()["stream"]["clients"], 0)
        watching = [self.watch(edge, "/stream") for _ in range(20)]
        for stream in watching:
            stream.parts(3)
        self.assertEqual(origin.state()["stream"]["clients"], 1)
        for stream in watching:
            stream.close()
        wait_until(lambda: origin.state()["stream"]["clients"] == 0, 5, "the upstream let go")

    def test_an_origin_that_restarts_costs_no_viewer(self):
        port = free_port()
        script = (lambda visit: visit.stream(list(self.pictures.values())))
        upstream = Upstream(script, port=port)
        edge = self.relay(upstream.url())
        stream = self.sees_all_colours(edge)
        upstream.close()
        wait_until(lambda: self.fault(edge), 5, "a fault")
        again = self.upstream(script, port=port)
        for _ in range(200):
            part = stream.part()
            if again.visits and colour_of(part.jpeg):
                break
        else:
            self.fail("no picture came back")

    def test_who_relays_itself_is_told(self):
        port = free_port()
        server = self.serve("--camera", "self=relay:http://localhost:%d/stream" % port, port=port)
        self.watch(server, "/stream")
        wait_until(lambda: "this server itself" in self.fault(server).get("words", ""), 5,
                   "the words")

    def ring(self, size):
        """Servers of which each relays the next, and the last the first."""
        ports = [free_port() for _ in range(size)]
        return [self.serve("--camera", "far=relay:http://127.0.0.1:%d/stream" % following,
                           port=port)
                for port, following in zip(ports, ports[1:] + ports[:1])]

    def test_a_ring_of_relays_is_refused_where_it_closes_and_told(self):
        for size in 2, 3:
            with self.subTest(size):
                servers = self.ring(size)
                stream = self.watch(servers[0], "/stream")
                last = servers[-1]
                fault = wait_until(lambda: self.fault(last), 10, "a fault of the last")
                self.assertIn("loop of relays", fault["words"])
                # It came round once, and stays refused: the only guest is the one who watches.
                time.sleep(1)
                self.assertEqual(servers[0].state()["stream"]["clients"], 1)
                self.assertIn("loop of relays", self.fault(last)["words"])
                stream.part()  # the card that says so comes through
                status, _, _ = servers[0].get("/healthz")
                self.assertEqual(status, 200)

    def test_a_row_of_relays_has_an_end(self):
        row = [self.origin()]
        for _ in range(4):
            row.append(self.relay(row[-1].url + "/stream"))
        self.sees_all_colours(row[-1])
        # Those who share the way to the camera share what was asked for it: a new way.
        row = [self.origin()]
        for _ in range(5):
            row.append(self.relay(row[-1].url + "/stream"))
        self.watch(row[-1], "/stream")
        fault = wait_until(lambda: self.fault(row[1]), 10, "a fault of the one beside the camera")
        self.assertIn("than are allowed", fault["words"])
        self.assertEqual(row[0].state()["stream"]["clients"], 0)


@full
class ManyViewers(RelayTest):
    def test_five_hundred_viewers_on_one_connection(self):
        viewers, fps, seconds = 500, 10, 4
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < 2 * viewers:
            self.skipTest("only %d descriptors" % hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        upstream = self.upstream(lambda visit: visit.stream(list(self.pictures.values()), fps))
        edge = self.relay(upstream.url())
        counts = {}
        with selectors.DefaultSelector() as selector:
            for _ in range(viewers):
                viewer = socket.create_connection(("127.0.0.1", edge.port))
                self.addCleanup(viewer.close)
                viewer.sendall(request("/stream").encode())
                selector.register(viewer, selectors.EVENT_READ)
                counts[viewer] = 0
            wait_until(lambda: edge.state()["onlooker"]["state"] == "live", 5, "a live camera")
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                for key, _ in selector.select(1):
                    data = key.fileobj.recv(262144)
                    self.assertTrue(data, "a viewer was dropped")
                    counts[key.fileobj] += data.count(b"Content-Length: ")
            self.assertEqual(edge.state()["stream"]["clients"], viewers)
        self.assertEqual(upstream.visits, 1)
        self.assertGreater(min(counts.values()), seconds * fps / 2, "pictures of the last viewer")


class OtherServers(RelayTest):
    @full
    def test_ffmpegs(self):
        if not shutil.which("ffmpeg"):
            self.skipTest("ffmpeg is not installed")
        port = free_port()
        ffmpeg = subprocess.Popen(
            ["ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i",
             "color=0x%02x%02x%02x:size=320x240:rate=20,format=yuvj420p" % COLOURS["red"],
             "-t", "60", "-f", "mpjpeg", "-listen", "1", "http://127.0.0.1:%d/feed" % port], stdin=subprocess.DEVNULL)
        self.addCleanup(ffmpeg.wait)
        self.addCleanup(ffmpeg.kill)
        edge = self.relay("http://127.0.0.1:%d/feed" % port)
        stream = self.watch(edge, "/stream")
        colours = [colour_of(part.jpeg) for part in stream.parts(40)]
        self.assertGreater(colours.count("red"), 20, colours)

    def test_pythons_file_server_is_polled_conditionally(self):
        folder = self.folder()
        picture = os.path.join(folder, "now.jpg")

        # A date that is younger than a second names no version, and is not asked with.
        def put(colour, age):
            with open(picture + ".new", "wb") as file:
                file.write(self.pictures[colour])
            os.utime(picture + ".new", (time.time() - age,) * 2)
            os.replace(picture + ".new", picture)

        put("red", 20)
        port = free_port()
        log = open(os.path.join(folder, "log"), "w+b")
        self.addCleanup(log.close)
        files = subprocess.Popen([sys.executable, "-m", "http.server", "--bind", "127.0.0.1",
                                  "--directory", folder, str(port)], stdin=subprocess.DEVNULL,
                                 stdout=log, stderr=log)
        self.addCleanup(files.wait)
        self.addCleanup(files.kill)

        def listens():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0
        wait_until(listens, 10, "python's server")
        edge = self.relay("http://127.0.0.1:%d/now.jpg" % port, options=",fps=10")
        stream = self.watch(edge, "/stream")
        wait_until(lambda: colour_of(stream.part().jpeg) == "red", 5, "red")
        time.sleep(2.5)  # an unchanged picture is no stall
        self.assertEqual(edge.state()["onlooker"]["faults"], 0)
        put("blue", 10)
        wait_until(lambda: colour_of(stream.part().jpeg) == "blue", 5, "blue")
        log.seek(0)
        lines = log.read().decode().splitlines()
        self.assertGreater(sum('" 304 ' in line for line in lines), 10, lines[:5])
        self.assertLess(sum('" 200 ' in line for line in lines), 6)

    def test_ones_that_cannot_count_or_tear_or_know_no_multipart(self):
        for wrong in wrong_lengths, torn_between, without_multipart:
            with self.subTest(wrong.__name__):
                upstream = self.upstream(wrong(list(self.pictures.values())))
                edge = self.relay(upstream.url())
                self.sees_all_colours(edge)
                self.assertEqual(upstream.visits, 1)


if __name__ == "__main__":
    system_test.main()

"""The relay: other people's servers, other onlookers, and upstreams that misbehave."""
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
from misbehaving_upstream import (WRONG, Upstream, redirect, saying, torn_between,
                                  without_multipart, wrong_lengths)
from pictures import COLOURS, colour_of, make_folder
from server import free_port, wait_until
from system_test import SLOWNESS, SystemTest, full

ORDER = ["red", "green", "blue", "yellow", "magenta", "cyan"]


class RelayTest(SystemTest):
    def setUp(self):
        self.pictures_folder = self.folder()
        self.pictures = make_folder(self.pictures_folder, ORDER)

    def origin(self, fps=20, *arguments):
        return self.serve("--camera", "emulated:%s,fps=%d" % (self.pictures_folder, fps),
                          *arguments)

    def relay(self, url, *arguments, options=""):
        return self.serve("--camera", "far=relay:%s%s" % (url, options), *arguments)

    def upstream(self, script, **options):
        upstream = Upstream(script, **options)
        self.addCleanup(upstream.close)
        return upstream

    def fault(self, server, camera=None):
        return server.state(camera)["onlooker"].get("fault") or {}

    def sees_all_colours(self, server, target="/stream", limit=100):
        seen = set()
        stream = self.watch(server, target)
        for _ in range(limit):
            seen.add(colour_of(stream.part().jpeg))
            if seen >= set(ORDER):
                return stream
        self.fail("only %s in %d pictures" % (seen, limit))


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

    def test_one_connection_however_many_watch_and_none_when_nobody_does(self):
        origin = self.origin()
        edge = self.relay(origin.url + "/stream", "--idle-time", "1")
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
             "color=0x%02x%02x%02x:size=320x240:rate=20,format=yuvj420p" % COLOURS["red"], "-t", "60", "-f", "mpjpeg",
             "-listen", "1", "http://127.0.0.1:%d/feed" % port], stdin=subprocess.DEVNULL)
        self.addCleanup(ffmpeg.wait)
        self.addCleanup(ffmpeg.kill)
        edge = self.relay("http://127.0.0.1:%d/feed" % port)
        stream = self.watch(edge, "/stream")
        colours = [colour_of(part.jpeg) for part in stream.parts(40)]
        self.assertGreater(colours.count("red"), 20, colours)

    def test_pythons_file_server_is_polled_conditionally(self):
        folder = self.folder()
        picture = os.path.join(folder, "now.jpg")

        def put(colour):
            with open(picture + ".new", "wb") as file:
                file.write(self.pictures[colour])
            os.replace(picture + ".new", picture)

        put("red")
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
        time.sleep(2.5)  # Last-Modified counts in seconds; and an unchanged picture is no stall
        self.assertEqual(edge.state()["onlooker"]["faults"], 0)
        put("blue")
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


class Logins(RelayTest):
    def test_a_password_in_the_url_is_used_and_shown_nowhere(self):
        def script(visit):
            while True:
                head = visit.request()
                if head is None:
                    return
                if "Authorization: Basic bWU6aHVzaGh1c2g=" in head:
                    break
                visit.send(b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                           b"Content-Length: 0\r\n\r\n")
            visit.send(b"HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\n\r\n")
            while not visit.upstream.closing.wait(0.05):
                visit.send(self.pictures["red"])
        upstream = self.upstream(script)
        edge = self.relay(upstream.url(login="me:hushhush@"))
        stream = self.watch(edge, "/stream")
        wait_until(lambda: colour_of(stream.part().jpeg) == "red", 5, "red")
        status, _, body = edge.get("/state")
        self.assertEqual(status, 200)
        self.assertNotIn(b"hushhush", body)
        upstream.close()
        wait_until(lambda: self.fault(edge), 5, "a fault")
        self.assertNotIn("hushhush", edge.log())

    def test_a_wrong_password_is_told(self):
        upstream = self.upstream(saying(b"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"x\","
                                        b" nonce=\"n\", qop=\"auth\"\r\nContent-Length: 0\r\n\r\n"))
        edge = self.relay(upstream.url(login="me:hushhush@"))
        self.watch(edge, "/stream")
        fault = wait_until(lambda: self.fault(edge), 5, "a fault")
        self.assertEqual(fault["kind"], "no permission")
        self.assertNotIn("hushhush", edge.log())


class Tls(RelayTest):
    def setUp(self):
        super().setUp()
        if not shutil.which("openssl"):
            self.skipTest("openssl is not installed")
        folder = self.folder()
        self.certificate = os.path.join(folder, "both.pem")
        key = os.path.join(folder, "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=upstream", "-addext",
             "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", self.certificate],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(self.certificate, "ab") as both, open(key, "rb") as secret:
            both.write(secret.read())

    def test_a_certificate_nobody_vouches_for_is_refused_unless_it_is_given(self):
        upstream = self.upstream(lambda visit: visit.stream(list(self.pictures.values())),
                                 certificate=self.certificate)
        edge = self.relay(upstream.url(scheme="https"))
        self.watch(edge, "/stream")
        fault = wait_until(lambda: self.fault(edge), 5, "a fault")
        self.assertEqual(fault["kind"], "no permission")
        self.assertRegex(fault["words"], "certificate.*ca=FILE")
        trusting = self.relay(upstream.url(scheme="https"), options=",ca=" + self.certificate)
        self.sees_all_colours(trusting)

    def test_https_does_not_lead_to_http(self):
        plain = self.upstream(lambda visit: visit.stream(list(self.pictures.values())))
        upstream = self.upstream(saying(redirect(plain.url())), certificate=self.certificate)
        edge = self.relay(upstream.url(scheme="https"), options=",ca=" + self.certificate)
        self.watch(edge, "/stream")
        fault = wait_until(lambda: self.fault(edge), 5, "a fault")
        self.assertIn("scheme that is not allowed", fault["words"])
        self.assertEqual(plain.visits, 0)


class Misbehaviour(RelayTest):
    def test_each_is_told_in_words_and_harms_nobody_beside_it(self):
        cameras = ["--camera", "good=emulated:%s,fps=20" % self.pictures_folder]
        for name, (script, _) in WRONG.items():
            cameras += ["--camera", "%s=relay:%s,timeout=0.5"
                        % (name.replace(".", "-"), self.upstream(script).url())]
        server = self.serve(*cameras)
        good = self.watch(server, "/cameras/good/stream")
        good.parts(3)
        before = server.resident_kib()
        for name in WRONG:
            self.watch(server, "/cameras/%s/stream" % name.replace(".", "-"))
        parts = [good.part()]
        while parts[-1].arrived - parts[0].arrived < 4:
            parts.append(good.part())
        gaps = [b.arrived - a.arrived for a, b in zip(parts, parts[1:])]
        self.assertLess(max(gaps), 6 * SLOWNESS / 20, "the longest gap beside them")
        for name, (_, words) in WRONG.items():
            with self.subTest(name):
                fault = wait_until(lambda: self.fault(server, name.replace(".", "-")), 10,
                                   "a fault of " + name)
                self.assertRegex(fault["words"], words)
        if SLOWNESS == 1:  # a sanitizer's own memory would be measured
            # What 32 MiB of a picture without end took is given back, each time.
            wait_until(lambda: server.resident_kib() - before < 64 * 1024, 10, "its memory back")

    def test_one_that_never_ends_to_fail_is_not_asked_all_the_time(self):
        upstream = self.upstream(saying(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"))
        server = self.relay(upstream.url())
        self.watch(server, "/stream")
        time.sleep(3)
        self.assertGreaterEqual(upstream.visits, 2)
        self.assertLessEqual(upstream.visits, 4, "visits within 3 s")


if __name__ == "__main__":
    system_test.main()

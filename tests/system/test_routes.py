"""Every URL that an existing client calls, and the habits of those clients."""
import html
import json
import os
import re
import socket
import tempfile
import time

import system_test
from mjpeg import Connection, Stream, request
from pictures import colour_of, make_folder
from server import wait_until
from system_test import SystemTest


class Routes(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        make_folder(cls.temporary.name, ["red"])
        other = os.path.join(cls.temporary.name, "other")
        os.mkdir(other)
        make_folder(other, ["blue"])
        cls.server = system_test.Server("--camera", "front=emulated:" + cls.temporary.name,
                                        "--camera", "back=emulated:" + other)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.temporary.cleanup()

    def stream_shows(self, target, colour, boundary, **options):
        with self.subTest(target=target, **{k: v for k, v in options.items() if k != "raw"}):
            with Stream(self.server.port, target, **options) as stream:
                self.assertEqual(stream.boundary, boundary)
                self.assertEqual(colour_of(stream.part().jpeg), colour)

    def test_streams_of_the_first_camera(self):
        for target in ("/stream", "/stream.mjpg", "/stream.mjpeg", "/video.mjpg",
                       "/api/stream.mjpeg", "/api/stream.mjpeg?src=front", "/cameras/front/stream"):
            with Stream(self.server.port, target) as stream:
                self.assertEqual(colour_of(stream.part().jpeg), "red", target)
        self.stream_shows("/video_feed", "red", "frame")
        self.stream_shows("/stream", "red", "boundarydonotcross")
        self.stream_shows("/?action=stream", "red", "boundarydonotcross")
        self.stream_shows("/?action=stream_0", "red", "boundarydonotcross")

    def test_streams_of_the_second_camera(self):
        self.stream_shows("/?action=stream_1", "blue", "boundarydonotcross")
        for path, boundary in (("stream", "boundarydonotcross"), ("video_feed", "frame"),
                               ("stream.mjpg", "boundarydonotcross")):
            self.stream_shows("/cameras/back/" + path, "blue", boundary)

    def test_below_a_prefix_that_a_proxy_left(self):
        for target in ("/webcam/?action=stream", "/webcam?action=stream",
                       "/a/b/webcam/?action=stream"):
            self.stream_shows(target, "red", "boundarydonotcross")
        self.stream_shows("/webcam/?action=stream_1", "blue", "boundarydonotcross")
        self.stream_shows("/webcam/stream", "red", "boundarydonotcross")
        self.stream_shows("/webcam/stream.mjpg", "red", "boundarydonotcross")
        self.stream_shows("/webcam/video_feed", "red", "frame")
        self.stream_shows("/webcam/cameras/back/stream", "blue", "boundarydonotcross")
        status, headers, body = self.server.get("/webcam/")
        self.assertEqual(status, 200)
        self.assertIn(b"<img", body)

    def test_parameters_of_front_ends_are_ignored(self):
        for target in ("/?action=stream&1700000000000", "/?1700000000000&action=stream",
                       "/webcam/?action=stream&timestamp=17&bypassCache=18",
                       "/?action=stream&cacheBust=5&&=&x", "/?x=%41&action=stream",
                       "/?action=stream?nonce=1", "/?action=stream%3F1700000000000"):
            self.stream_shows(target, "red", "boundarydonotcross")
        for target in ("/stream?key=K&extra_headers=1&advance_headers=0&dual_final_frames=1"
                       "&zero_data=0", "/stream?1700000000000"):
            self.stream_shows(target, "red", "boundarydonotcross")

    def test_a_post_to_stream_is_a_stream(self):
        self.stream_shows("/stream", "red", "boundarydonotcross", method="POST",
                          headers={"Content-Length": "0"})

    def test_http_1_0_without_host_and_a_stray_nul_as_mjpg_streamer_sends_it(self):
        self.stream_shows("/?action=stream", "red", "boundarydonotcross",
                          raw=b"GET /?action=stream HTTP/1.0\r\n\r\n\0")

    def test_head_of_a_stream_has_the_head_and_ends(self):
        for target in ("/video_feed", "/stream", "/?action=stream"):
            with self.subTest(target=target), Connection(self.server.port) as client:
                client.send(request(target, method="HEAD"))
                status, fields = client.head()
                self.assertEqual(status.split()[1], "200")
                self.assertIn("multipart/x-mixed-replace;boundary=", fields["content-type"])
                self.assertEqual(client.rest(), b"")

    def test_pictures(self):
        for target, colour in (("/snapshot", "red"), ("/snapshot.jpg", "red"),
                               ("/?action=snapshot", "red"), ("/?action=snapshot_0", "red"),
                               ("/?action=snapshot_1", "blue"), ("/snapshot?1700000000000", "red"),
                               ("/webcam/?action=snapshot", "red"),
                               ("/webcam?action=snapshot&1700000000", "red"),
                               ("/webcam/snapshot", "red"), ("/webcam/snapshot.jpg", "red"),
                               ("/cameras/front/snapshot", "red"),
                               ("/cameras/back/snapshot", "blue"), ("/api/frame.jpeg", "red"),
                               ("/api/frame.jpeg?src=back", "blue"),
                               ("/cameras/back/snapshot.jpg", "blue"),
                               ("/webcam/cameras/back/snapshot", "blue")):
            with self.subTest(target=target):
                status, headers, body = self.server.get(target)
                self.assertEqual(status, 200, body[:200])
                self.assertEqual(headers["Content-Type"], "image/jpeg")
                self.assertEqual(colour_of(body), colour)

    def test_what_is_not_there_is_404(self):
        for target in ("/nonesuch", "/cameras/nonesuch/stream", "/?action=stream_7",
                       "/?action=snapshot_2", "/cameras/front/nonesuch", "/..%2f..%2fetc/passwd",
                       "/stream/", "/webcam", "/cameras/nonesuch/stream.mjpg",
                       "/cameras/back?action=snapshot", "/webcam/cameras/nonesuch/snapshot",
                       "/cameras/cameras/back/snapshot", "/any/thing/snapshot",
                       "/any/snapshot/stream", "/back/stream", "/a/b/c/d?action=stream",
                       "/state/?action=snapshot"):
            with self.subTest(target=target):
                self.assertEqual(self.server.get(target)[0], 404)

    def test_a_method_that_a_route_does_not_take_is_405_and_says_which_it_does(self):
        for target in ("/", "/snapshot", "/?action=stream", "/video_feed", "/frames.csv"):
            with self.subTest(target=target), Connection(self.server.port) as client:
                client.send(request(target, {"Content-Length": "0"}, method="POST"))
                status, fields = client.head()
                self.assertEqual(status.split()[1], "405")
                self.assertEqual(fields["allow"], "GET, HEAD, OPTIONS")

    def test_state_is_uStreamers_json(self):
        with Stream(self.server.port, "/stream?key=me&advance_headers=1", format="ahead") as one, \
                Stream(self.server.port, "/stream") as two:
            one.part(), two.part()
            wait_until(lambda: self.server.state()["stream"]["clients"] == 2, 4,
                       "only these two viewers")
            state = self.server.state()
            self.assertIsInstance(state["instance_id"], str)
            self.assertIn("type", state["encoder"])
            self.assertIsInstance(state["encoder"]["quality"], int)
            source = state["source"]
            self.assertEqual(source["resolution"], {"width": 320, "height": 240})
            self.assertIs(source["online"], True)
            self.assertIsInstance(source["desired_fps"], (int, float))
            self.assertIsInstance(source["captured_fps"], (int, float))
            stream = state["stream"]
            self.assertEqual(stream["clients"], 2)
            clients = list(stream["clients_stat"].values())
            self.assertEqual(len(clients), 2)
            for client in clients:
                self.assertLessEqual({"fps", "extra_headers", "advance_headers",
                                      "dual_final_frames", "zero_data", "key"}, set(client))
            self.assertEqual(sorted(c["key"] for c in clients), ["0", "me"])
            self.assertEqual(sorted(c["advance_headers"] for c in clients), [False, True])

    def test_healthz_tells_that_the_server_is_well_and_the_state_of_each_camera(self):
        with Stream(self.server.port, "/stream") as viewer:
            viewer.part()
            status, headers, body = self.server.get("/healthz")
        self.assertEqual(status, 200, body)
        self.assertEqual(headers["Content-Type"], "application/json")
        health = json.loads(body)
        self.assertIs(health["ok"], True)
        self.assertEqual(set(health["cameras"]), {"front", "back"})
        self.assertEqual(health["cameras"]["front"], "live")
        self.assertIn(health["cameras"]["back"],
                      ("idle", "starting", "live", "lingering", "faulted"))

    def test_a_viewer_with_a_key_finds_itself_in_the_state_by_its_cookie(self):
        with Stream(self.server.port, "/stream?key=page-7") as viewer:
            found = re.fullmatch(r"stream_client=page-7/([0-9a-f]+); Path=/; Max-Age=30",
                                 viewer.head_fields["set-cookie"])
            self.assertTrue(found, viewer.head_fields)
            clients = self.server.state()["stream"]["clients_stat"]
            self.assertEqual(clients[found.group(1)]["key"], "page-7")
        with Stream(self.server.port, "/stream?key=a%3B%20Domain=b") as viewer:
            self.assertRegex(viewer.head_fields["set-cookie"], r"^stream_client=0/[0-9a-f]+; Path=/;")
        with Stream(self.server.port, "/stream") as viewer:
            self.assertNotIn("set-cookie", viewer.head_fields)

    def test_a_name_that_is_not_ours_is_421_and_opens_no_camera(self):
        server = self.serve("--camera", "emulated:" + self.temporary.name, "--allow-host", "cam.example.org")
        for target, host in (("/stream", "attacker.example"), ("/?action=snapshot", "127.0.0.1.x.example:80"),
                             ("http://attacker.example/snapshot", "localhost"), ("/healthz", "attacker.example")):
            with self.subTest(target=target, host=host), Connection(server.port) as client:
                client.send(request(target, host=host))
                self.assertEqual(client.head()[0].split(" ", 1)[1], "421 Misdirected Request")
        self.assertEqual(server.state()["onlooker"]["state"], "idle")
        self.assertEqual(server.log().count("--allow-host attacker.example"), 1)
        for host in ("cam.example.org:8080", socket.gethostname() + ".local", "[::1]", "10.0.0.1:1"):
            with self.subTest(host=host), Connection(server.port) as client:
                client.send(request("/snapshot", host=host))
                self.assertEqual(client.head()[0].split()[1], "200")

    def test_options_tells_the_methods_of_each_address(self):
        for target, methods in (("/", "GET, HEAD, OPTIONS"), ("/video_feed", "GET, HEAD, OPTIONS"),
                                ("/snapshot", "GET, HEAD, OPTIONS"),
                                ("/state", "GET, HEAD, OPTIONS"),
                                ("/frames.csv", "GET, HEAD, OPTIONS"),
                                ("/stream", "GET, HEAD, POST, OPTIONS"),
                                ("/cameras/back/stream", "GET, HEAD, POST, OPTIONS"),
                                ("/webcam/stream", "GET, HEAD, POST, OPTIONS")):
            with self.subTest(target=target), Connection(self.server.port) as client:
                client.send(request(target, method="OPTIONS"))
                status, fields = client.head()
                self.assertEqual(status.split()[1], "204")
                self.assertEqual(fields["allow"], methods)
        with Connection(self.server.port) as client:
            client.send(request("/nonesuch", method="OPTIONS"))
            self.assertEqual(client.head()[0].split()[1], "404")

    def test_a_command_of_mjpg_streamer_for_a_control_that_is_not_there_is_minus_one(self):
        for prefix in ("/", "/webcam/"):
            status, headers, body = self.server.get(
                prefix + "?action=command&dest=0&plugin=0&id=-1&group=1&value=0")
            self.assertEqual(status, 200, body)
            self.assertTrue(headers["Server"].startswith("MJPG-Streamer"))
            self.assertTrue(body.startswith(b"-1: -1\n"), body)

    def test_every_address_that_the_manual_names_answers(self):
        page = self.server.get("/manual")[2].decode()
        manual = page[page.index('id="manual"'):]
        addresses = re.findall(r"<code>(/[^<]*)</code>", manual)
        links = re.findall(r'href="\.(/[^"]*)"', page)
        self.assertGreater(len(addresses), 15)
        self.assertIn("/cameras/NAME/frames.csv", addresses)
        # There only on a server with users: test_access.py.
        for address in ("/login", "/logout", "/cameras/NAME/link"):
            addresses.remove(address)
        # There are two cameras.
        addresses = [each for each in addresses if not re.search("_[2-9][.]json$", each)]
        addresses.remove("/wall/ID")  # POST, and only while there is such a wall
        for address in sorted(set(addresses + links)):
            target = html.unescape(address).replace("NAME", "back")
            with self.subTest(target=target), Connection(self.server.port) as client:
                client.send(request(target, method="HEAD"))
                self.assertEqual(client.head()[0].split()[1], "200")

    def test_the_real_rate_of_a_slow_camera_stands_beside_uStreamers_whole_number(self):
        server = self.serve("--stall-seconds", "60",
                            "--camera", "emulated:%s,fps=0.4" % self.temporary.name)
        self.watch(server).part()
        # Pictures come by the clock, so the first one lasts shorter than the others.
        state = wait_until(
            lambda: 0.3 < (state := server.state())["onlooker"]["captured_fps"] < 0.5 and state,
            15, "a rate of 0.4 pictures a second")
        self.assertEqual(state["source"]["captured_fps"], 0)

    def test_a_client_on_one_connection_gets_its_answers_in_order(self):
        with Connection(self.server.port) as client:
            client.send(request("/healthz") + request("/nonesuch") + request("/snapshot"))
            answers = []
            for _ in range(3):
                status, fields = client.head()
                body = client.take(int(fields["content-length"]))
                answers.append((status.split()[1], fields["content-type"].split(";")[0]))
            self.assertEqual([status for status, _ in answers], ["200", "404", "200"])
            self.assertEqual(answers[2][1], "image/jpeg")
            self.assertEqual(colour_of(body), "red")

    def test_a_request_behind_a_stream_request_is_never_looked_at(self):
        with Connection(self.server.port) as client:
            client.send(request("/stream") + request("/nonesuch"))
            client.head()
            end = time.monotonic() + 1
            while time.monotonic() < end:
                client.fill()
            self.assertNotIn(b"404", client.buffer)

    def test_a_hostile_request_is_answered_by_its_fault(self):
        for raw, status in ((b"GET / HTTP/1.1\r\n\r\n", "400"),
                            (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"),
                            (b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", "505"),
                            (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", "414"),
                            (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20000 + b"\r\n\r\n", "431"),
                            (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400")):
            with self.subTest(raw=raw[:40]), Connection(self.server.port) as client:
                client.send(raw)
                self.assertEqual(client.head()[0].split()[1], status)

    def test_the_log_escapes_what_comes_from_outside(self):
        with Connection(self.server.port) as client:
            client.send(b"GET /%0d%0aforged HTTP/1.0\r\nUser-Agent: a\x1b[2Jb\r\n\r\n")
            client.head()
        log = self.server.log()
        self.assertNotIn("\x1b[2J", log)
        self.assertFalse([line for line in log.splitlines() if line.startswith("forged")])


if __name__ == "__main__":
    system_test.main()

"""The calls of other programs as they send them, without logins (test_programs.py has those with):
OctoPrint, Octolapse, Mainsail, Fluidd, Moonraker, moonraker-timelapse, Obico, Home Assistant and the
pages of mjpg-streamer, camera-streamer, go2rtc and ROS. None of them runs here."""
import json
import re

import system_test
from mjpeg import Connection, Stream, request
from system_test import SystemTest

PAGE = "http://mainsail.local"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
IMG = {"User-Agent": CHROME, "Accept": "image/avif,image/webp,image/*,*/*;q=0.8",
       "Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "same-site",
       "Referer": "http://localhost/"}
FETCH = {"User-Agent": CHROME, "Accept": "*/*", "Origin": PAGE, "Referer": PAGE + "/",
         "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "cross-site"}
REQUESTS = {"User-Agent": "python-requests/2.32.3", "Accept-Encoding": "gzip, deflate", "Accept": "*/*",
            "Connection": "keep-alive"}
WGET = {"User-Agent": "Wget/1.21.3", "Accept": "*/*", "Accept-Encoding": "identity",
        "Connection": "Keep-Alive"}
AIOHTTP = {"User-Agent": "HomeAssistant/2025.11.0 aiohttp/3.13.2 Python/3.13", "Accept": "*/*",
           "Accept-Encoding": "gzip, deflate"}
HTTPX = {"User-Agent": "python-httpx/0.28.1", "Accept": "*/*", "Accept-Encoding": "gzip, deflate",
         "Connection": "keep-alive"}


class FrontEnds(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.server = system_test.Server("--camera", "front=testcard:,fps=20,size=160x120",
                                        "--camera", "back=testcard:,fps=20,size=320x240",
                                        "--allow-origin", PAGE, "--allow-host", "printer.local")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def ask(self, target, headers):
        with Connection(self.server.port) as client:
            return self.answer(client, target, headers)

    def answer(self, client, target, headers, **options):
        """(status, fields, body) over a connection that goes on."""
        client.send(request(target, headers, **options))
        status, fields = client.head()
        return int(status.split()[1]), fields, client.take(int(fields["content-length"]))

    def is_picture(self, target, headers, client=None, **options):
        with self.subTest(target=target, agent=headers["User-Agent"].split("/")[0]):
            if client is None:
                client = Connection(self.server.port)
                self.addCleanup(client.close)
            status, fields, body = self.answer(client, target, headers, **options)
            self.assertEqual((status, fields["content-type"]), (200, "image/jpeg"), body[:200])
            self.assertNotIn("content-encoding", fields)
            self.assertEqual((body[:2], body[-2:]), (b"\xff\xd8", b"\xff\xd9"))
            self.assertEqual(fields.get("access-control-allow-origin"), headers.get("Origin"))

    def is_stream(self, target, headers, **options):
        with self.subTest(target=target, agent=headers["User-Agent"].split("/")[0]):
            # Home Assistant hands on to browsers what it gets, octet for octet.
            for_img = headers in (IMG, AIOHTTP)
            with Stream(self.server.port, target, headers, **options,
                        format="ahead" if for_img else "length") as stream:
                self.assertEqual(stream.boundary, "boundarydonotcross")
                self.assertEqual(stream.head_fields.get("access-control-allow-origin"),
                                 headers.get("Origin"))
                stream.parts(2)

    def test_octoprint(self):
        for target in ("/?action=stream", "/webcam/?action=stream", "/?action=stream&1795950000000",
                       "/cameras/back/stream?1795950000000"):
            self.is_stream(target, IMG)
        # octoprint/plugins/classicwebcam: requests.get, whole
        for target in ("/?action=snapshot", "/webcam/?action=snapshot", "/cameras/back/snapshot"):
            self.is_picture(target, REQUESTS)

    def test_octolapse(self):
        # octolapse/camera.py: what it is, its controls, one picture that is not old
        for target in ("/?action=command&id=-1", "/input.json", "/input_0.json"):
            status, fields, _ = self.ask(target, REQUESTS)
            self.assertEqual(status, 200, target)
            self.assertTrue(fields["server"].startswith("MJPG-Streamer"), fields)
        self.is_picture("/?action=snapshot", REQUESTS)
        self.is_picture("/snapshot?max_delay=0", REQUESTS)

    def test_mainsail_and_fluidd(self):
        for target in ("/webcam/?action=stream&timestamp=1795950000000&bypassCache=1795950000001",
                       "/webcam/?action=stream&cacheBust=1795950000000"):
            self.is_stream(target, FETCH)
        # "adaptive": one request for each picture
        with Connection(self.server.port) as client:
            for number in range(3):
                self.is_picture("/webcam/?action=snapshot&bypassCache=179595000000%d" % number, FETCH,
                                client)
                self.is_picture("/webcam/?action=snapshot&cacheBust=179595000000%d" % number, FETCH,
                                client)
        status, fields, _ = self.ask("/cameras/none/stream", FETCH)
        self.assertEqual((status, fields["access-control-allow-origin"]), (404, PAGE))
        # Crowsnest's own page
        self.is_picture("/snapshot?1795950000000", IMG)

    def test_moonraker_and_its_timelapse(self):
        self.is_picture("/webcam/?action=snapshot", WGET, host="printer.local")
        self.is_picture("/?action=snapshot", HTTPX)
        # Obico makes the one address of the other.
        self.is_picture("/?action=stream".replace("?action=stream", "?action=snapshot"), REQUESTS)

    def test_home_assistant(self):
        # homeassistant/components/mjpeg/config_flow.py reads the head of each and closes.
        for target in ("/stream", "/cameras/back/stream?width=160&fps=10"):
            with Connection(self.server.port) as client:
                client.send(request(target, AIOHTTP))
                status, fields = client.head()
                self.assertEqual(status.split()[1], "200")
                self.assertTrue(fields["content-type"].startswith("multipart/x-mixed-replace"))
            self.is_stream(target, AIOHTTP)
        self.is_picture("/snapshot", HTTPX)
        self.is_picture("/cameras/back/snapshot", HTTPX)
        status, _, body = self.ask("/api/v1/cameras/back", AIOHTTP)
        self.assertEqual((status, json.loads(body)["name"]), (200, "back"))

    def test_mjpg_streamers_own_pages(self):
        for target, names in (("/input.json", {"controls", "formats"}),
                              ("/input_1.json", {"controls", "formats"}),
                              ("/output.json", {"controls"}), ("/output_0.json", {"controls"}),
                              ("/program.json", {"inputs", "outputs"})):
            with self.subTest(target=target):
                status, fields, body = self.ask(target, IMG)
                self.assertEqual((status, fields["content-type"]), (200, "application/json"))
                self.assertEqual(set(json.loads(body)), names)
        inputs = json.loads(self.ask("/program.json", IMG)[2])["inputs"]
        self.assertEqual([each["name"] for each in inputs], ["front", "back"])
        self.is_stream("/?action=stream_1", IMG)
        self.is_picture("/?action=snapshot_1", IMG)

    def test_camera_streamer(self):
        status, _, body = self.ask("/status", HTTPX)
        document = json.loads(body)
        self.assertEqual(status, 200)
        self.assertLessEqual({"version", "outputs", "devices", "endpoints"}, set(document))
        for name, check in (("stream", self.is_stream), ("snapshot", self.is_picture)):
            self.assertIs(document["endpoints"][name]["enabled"], True)
            address = re.fullmatch("http://localhost(/.*)", document["endpoints"][name]["uri"])
            check(address.group(1), HTTPX)
        self.assertIs(document["endpoints"]["webrtc"]["enabled"], False)
        self.is_picture("/snapshot.jpg", HTTPX)
        self.assertEqual(self.ask("/option", HTTPX)[0], 200)
        status, fields, body = self.ask("/option?device=CAMERA&key=Brightness&value=1", HTTPX)
        self.assertEqual((status, fields["content-type"].split(";")[0]), (500, "text/plain"))
        self.assertIn(b"Brightness", body)

    def test_go2rtc_and_ros(self):
        for target in ("/api/stream.mjpeg?src=back",
                       "/stream?topic=/back/image_raw&type=mjpeg&quality=&width=&height=",
                       "/stream?topic=/back/image_raw&type=mjpeg&quality=50&width=160&height=120",
                       "/stream.mjpg"):
            self.is_stream(target, HTTPX)
        for target in ("/api/frame.jpeg?src=back", "/snapshot?topic=/back/image_raw"):
            self.is_picture(target, HTTPX)


if __name__ == "__main__":
    system_test.main()

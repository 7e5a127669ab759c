"""Still pictures: headers, freshness, and what happens when there is no picture."""
import time

import system_test
from mjpeg import Connection, request
from pictures import decode
from system_test import SLOWNESS, SystemTest


class Snapshots(SystemTest):
    def test_a_snapshot_is_a_whole_picture_with_its_headers(self):
        server = self.serve("--camera", "testcard:,fps=30")
        status, headers, body = server.get("/snapshot")
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"], "image/jpeg")
        self.assertEqual(int(headers["Content-Length"]), len(body))
        self.assertIn("no-store", headers["Cache-Control"])
        self.assertTrue(headers["ETag"].startswith('"'), headers["ETag"])
        self.assertAlmostEqual(float(headers["X-Timestamp"]), time.time(), delta=3)
        decode(body)

    def test_a_cold_camera_answers_within_its_bounded_wait(self):
        server = self.serve()
        started = time.monotonic()
        status, _, _ = server.get("/snapshot")
        self.assertEqual(status, 200)
        self.assertLess(time.monotonic() - started, 1.9 * SLOWNESS)

    def test_the_same_picture_is_not_sent_twice_to_who_has_it(self):
        server = self.serve("--stall-seconds", "60", "--camera", "emulated")
        self.watch(server).part()
        status, headers, _ = server.get("/snapshot")
        with Connection(server.port) as client:
            client.send(request("/snapshot", {"If-None-Match": headers["ETag"]}))
            line, fields = client.head()
            # The picture may just have changed: then it is another one.
            if line.split()[1] == "200":
                self.assertNotEqual(fields["etag"], headers["ETag"])
                client.take(int(fields["content-length"]))
                client.send(request("/snapshot", {"If-None-Match": fields["etag"]}))
                line, fields = client.head()
            self.assertEqual(line.split()[1], "304")
            client.send(request("/snapshot", {"If-None-Match": "*"}))
            self.assertEqual(client.head()[0].split()[1], "304")

    def test_max_delay_0_gives_a_picture_taken_after_the_request(self):
        server = self.serve("--camera", "testcard:,fps=5")
        self.watch(server).part()
        for _ in range(5):
            asked = time.time()
            status, headers, _ = server.get("/snapshot?max_delay=0")
            self.assertEqual(status, 200)
            self.assertGreaterEqual(float(headers["X-Timestamp"]), asked - 0.001)

    def test_the_age_is_told_and_only_an_old_picture_is_called_old(self):
        server = self.serve("--camera", "testcard:,fps=5")
        self.watch(server).part()
        status, headers, _ = server.get("/snapshot?max_delay=2000")
        self.assertEqual(status, 200)
        self.assertLess(float(headers["X-Picture-Age"]), 2.0 * SLOWNESS)
        self.assertIsNone(headers["X-Picture-Old"])

    def test_a_max_delay_that_is_no_number_is_400_and_says_what_is(self):
        server = self.serve()
        for value in ("soon", "-1", "1.5", ""):
            status, _, body = server.get("/snapshot?max_delay=" + value)
            self.assertEqual(status, 400, value)
            self.assertIn(b"max_delay=500", body)

    def test_head_of_a_snapshot_has_no_body(self):
        server = self.serve()
        with Connection(server.port) as client:
            client.send(request("/snapshot", {"Connection": "close"}, method="HEAD"))
            line, fields = client.head()
            self.assertEqual(line.split()[1], "200")
            self.assertEqual(fields["content-type"], "image/jpeg")
            self.assertEqual(client.rest(), b"")

    def test_a_dead_camera_is_503_with_retry_after(self):
        server = self.serve("--camera", "emulated:/nonesuch")
        started = time.monotonic()
        status, headers, body = server.get("/snapshot")
        self.assertEqual(status, 503)
        self.assertTrue(int(headers["Retry-After"]) >= 1)
        self.assertLess(time.monotonic() - started, 2.5 * SLOWNESS)
        self.assertIn(b"/nonesuch", body)

    def test_twenty_snapshots_at_a_time_open_the_camera_once(self):
        server = self.serve("--camera", "testcard:,fps=10")
        clients = [Connection(server.port) for _ in range(20)]
        for client in clients:
            client.send(request("/snapshot"))
        for client in clients:
            line, fields = client.head()
            self.assertEqual(line.split()[1], "200")
            decode(client.take(int(fields["content-length"])))
            client.close()


if __name__ == "__main__":
    system_test.main()

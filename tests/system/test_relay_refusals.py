"""The relay: logins, certificates, and upstreams that misbehave."""
import os
import shutil
import subprocess
import time

import system_test
from misbehaving_upstream import WRONG, redirect, saying
from pictures import colour_of
from relay_test import RelayTest
from server import wait_until
from system_test import SLOWNESS


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

    def test_a_certificate_that_is_given_holds_under_any_name_and_what_it_issued_does_not(self):
        folder = self.folder()

        def make(name, *more):
            key, certificate = (os.path.join(folder, name + end) for end in (".key", ".pem"))
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes", "-days", "2", "-subj", "/CN=" + name, "-keyout", key, "-out",
                 certificate, *more],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            both = certificate + ".both"
            with open(both, "wb") as file:
                for part in certificate, key:
                    with open(part, "rb") as piece:
                        file.write(piece.read())
            return certificate, key, both

        own, key, both = make("IPCamera")
        _, _, issued = make("other", "-CA", own, "-CAkey", key)
        right, wrong = (
            self.upstream(lambda visit: visit.stream(list(self.pictures.values())), certificate=one)
            for one in (both, issued))
        edge = self.serve(*("--camera=%s=relay:%s,ca=%s" % (name, one.url(scheme="https"), own)
                            for name, one in (("right", right), ("wrong", wrong))))
        self.sees_all_colours(edge, "/cameras/right/stream")
        self.watch(edge, "/cameras/wrong/stream")
        fault = wait_until(lambda: self.fault(edge, "wrong"), 5, "a fault")
        self.assertEqual(fault["kind"], "no permission")
        self.assertIn("does not match", fault["words"])

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

"""Who may look: logins as people and programs do them, and what happens to a stream whose login ends.

The users are made by `onlooker user` and `onlooker token`, as their owner makes them, with the
password on standard input.
"""
import base64
import http.client
import os
import re
import socket
import subprocess
import time
import urllib.parse

import system_test
from mjpeg import Connection, request
from pictures import make_folder
from server import PROGRAM, clean_environment, wait_until
from system_test import SLOWNESS, SystemTest

PASSWORD = "Zitrone & 7 Äpfel?"


def onlooker(*arguments, stdin=""):
    """What it prints on standard output."""
    done = subprocess.run([PROGRAM, *arguments], input=stdin.encode(), env=clean_environment(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20, check=False)
    if done.returncode != 0:
        raise AssertionError("onlooker %s: %s" % (" ".join(arguments), done.stderr.decode()))
    return done.stdout.decode()


def basic(name, password=PASSWORD):
    return {"Authorization": "Basic " + base64.b64encode(("%s:%s" % (name, password)).encode())
            .decode()}


class AccessTest(SystemTest):
    def setUp(self):
        pictures = self.folder()
        make_folder(pictures, ["red"])
        self.users = os.path.join(self.folder(), "users")
        self.add_user("anna", "--scope", "admin")
        self.add_user("guest", "--cameras", "door")
        self.server = self.serve(
            "--camera", "yard=emulated:%s,fps=20" % pictures,
            "--camera", "door=emulated:%s,fps=20" % pictures, "--users", self.users)

    def add_user(self, name, *options, password=PASSWORD):
        onlooker("user", "add", name, "--users", self.users, *options, stdin=password + "\n")

    def ask(self, method, path, headers=None, form=None):
        """(status, headers, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        self.addCleanup(connection.close)
        body = urllib.parse.urlencode(form) if form is not None else None
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def log_in(self, name):
        status, headers, _ = self.ask("POST", "/login", form={"user": name, "password": PASSWORD})
        self.assertEqual(status, 303)
        return {"Cookie": headers["Set-Cookie"].split(";")[0]}

    def open_stream(self, path, headers):
        """The socket of a stream that runs."""
        stream = socket.create_connection(("127.0.0.1", self.server.port), timeout=10)
        self.addCleanup(stream.close)
        fields = "".join("%s: %s\r\n" % field for field in headers.items())
        stream.sendall(("GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n" % (path, fields)).encode())
        head = b""
        while b"\xff\xd9" not in head:
            octets = stream.recv(65536)
            self.assertTrue(octets, head[:200])
            head += octets
        self.assertTrue(re.match(rb"HTTP/1\.[01] 200 ", head), head[:200])
        return stream

    def ends_within(self, stream, seconds):
        """How long the stream still ran."""
        begun = time.monotonic()
        stream.settimeout(seconds)
        try:
            while stream.recv(65536):
                self.assertLess(time.monotonic() - begun, seconds, "the stream goes on")
        except ConnectionResetError:
            pass
        except TimeoutError:
            self.fail("the stream goes on")

    def goes_on(self, stream):
        self.assertTrue(stream.recv(65536))


class Access(AccessTest):
    def test_whoever_has_no_login_sees_nothing(self):
        for path in ("/", "/stream", "/snapshot", "/state", "/frames", "/?action=stream",
                     "/cameras/door/stream", "/cameras/nonesuch/stream", "/video_feed"):
            status, headers, body = self.ask("GET", path)
            self.assertEqual(status, 401, path)
            self.assertIn("Basic", headers["WWW-Authenticate"])
            self.assertNotIn(b"yard", body)
        self.assertEqual(self.ask("GET", "/healthz")[0], 200)
        self.assertNotIn(b"yard", self.ask("GET", "/healthz")[2])
        self.assertIn("idle", self.ask("GET", "/healthz", basic("anna"))[2].decode())
        self.assertNotIn("opening", self.server.log())

    def test_a_guest_sees_its_camera_and_no_other(self):
        self.assertEqual(self.ask("GET", "/cameras/door/snapshot", basic("guest"))[0], 200)
        status, _, body = self.ask("GET", "/cameras/yard/snapshot", basic("guest"))
        self.assertEqual(status, 403)
        self.assertIn(b"guest may not do this: it needs view for the camera yard", body)
        page = self.ask("GET", "/", basic("guest"))[2].decode()
        self.assertIn("./cameras/door/stream", page)
        self.assertNotIn("yard", page)

    def test_a_session_ends_with_its_streams(self):
        first, second = self.log_in("anna"), self.log_in("guest")
        hers, guests = (self.open_stream("/cameras/door/stream", who) for who in (first, second))
        self.assertEqual(self.ask("POST", "/logout", first)[0], 303)
        self.ends_within(hers, 1 * SLOWNESS)
        self.goes_on(guests)
        # Taken out of the file, by the command, while the server runs.
        onlooker("user", "remove", "guest", "--users", self.users)
        self.ends_within(guests, 1.5 * SLOWNESS)
        self.assertEqual(self.ask("GET", "/cameras/door/snapshot", second)[0], 401)

    def test_a_new_user_is_in_within_a_second(self):
        self.add_user("bob")
        wait_until(lambda: self.ask("GET", "/cameras/yard/state", basic("bob"))[0] == 200,
                   1 * SLOWNESS, "bob is let in")

    def test_a_token_works_until_it_is_revoked(self):
        token = re.search(r"onl_\S+", onlooker("token", "add", "printer", "--users", self.users))
        carrier = {"Authorization": "Bearer " + token.group()}
        wait_until(lambda: self.ask("GET", "/snapshot", carrier)[0] == 200, 1 * SLOWNESS,
                   "the token is known")
        stream = self.open_stream("/stream", carrier)
        onlooker("token", "revoke", "printer", "--users", self.users)
        self.ends_within(stream, 1.5 * SLOWNESS)
        self.assertEqual(self.ask("GET", "/snapshot", carrier)[0], 401)

    def test_a_link_shows_one_camera_to_any_page_until_its_time_is_over(self):
        link = onlooker("link", "door", "--users", self.users, "--for", "10m").split()[-1]
        query = link[link.index("?"):]
        foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors",
                   "Sec-Fetch-Dest": "image"}
        status, headers, _ = self.ask("GET", "/cameras/door/snapshot" + query, foreign)
        self.assertEqual(status, 200)
        self.assertEqual(headers["Cross-Origin-Resource-Policy"], "cross-origin")
        self.assertEqual(self.ask("GET", "/cameras/door/snapshot", foreign)[0], 403)
        self.assertEqual(self.ask("GET", "/cameras/yard/snapshot" + query)[0], 403)
        self.assertEqual(self.ask("GET", "/" + query)[0], 403)
        status, _, answer = self.ask("POST", "/cameras/door/link", basic("anna"), {"seconds": 1})
        self.assertEqual(status, 200)
        stream = self.open_stream(re.search(r'"stream":"([^"]+)"', answer.decode()).group(1), {})
        self.ends_within(stream, 3 * SLOWNESS)
        self.assertNotIn(query[-20:], self.server.log())

    def test_a_file_that_is_broken_changes_nothing_and_the_log_says_why(self):
        with open(self.users, encoding="utf-8") as file:
            good = file.read()
        with open(self.users, "w", encoding="utf-8") as file:
            file.write(good + "bob:secret\n")
        self.server.wait_for_log(r"users:\d+: ", 2 * SLOWNESS)
        self.assertEqual(self.ask("GET", "/cameras/yard/state", basic("anna"))[0], 200)
        self.assertNotIn("secret", self.server.log())

    def test_a_login_that_comes_many_times_at_once_is_checked_once(self):
        """A wall of cameras: each of its streams is opened by name and password."""
        wall = [Connection(self.server.port) for _ in range(20)]
        for connection in wall:
            self.addCleanup(connection.close)
            connection.send(request("/cameras/door/snapshot", basic("anna")))
        statuses = {connection.head()[0].split()[1] for connection in wall}
        self.assertEqual(statuses, {"200"})

    def test_no_secret_is_in_the_log_or_the_process_list(self):
        self.log_in("anna")
        self.ask("GET", "/state", basic("anna"))
        self.ask("POST", "/login", form={"user": "anna", "password": "hush-hush"})
        with open("/proc/%d/cmdline" % self.server.pid, encoding="utf-8") as line:
            seen = self.server.log() + line.read()
        for secret in (PASSWORD, "hush-hush", "$y$"):
            self.assertNotIn(secret, seen)


if __name__ == "__main__":
    system_test.main()

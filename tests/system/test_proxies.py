"""nginx, HAProxy and Caddy in front, as docs/ sets them up: its own lines are what is run here, plain
and with TLS of the proxy's. Logins, streams, links, and whose guesses are counted.

This machine's other addresses (127.0.0.2, ...) are the clients, and 127.0.0.1 is the proxy.
"""
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import urllib.parse

import system_test
from pictures import make_folder
from server import free_port, wait_until
from system_test import SystemTest
from test_access import PASSWORD, onlooker

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs")
PERSON = {"User-Agent": "Mozilla/5.0", "Accept": "text/html,*/*"}
NGINX = """daemon off; error_log %(folder)s/log; pid %(folder)s/pid; user root; events {}
http {
    access_log off; client_body_temp_path %(folder)s/body; proxy_temp_path %(folder)s/proxy;
    fastcgi_temp_path %(folder)s/f; uwsgi_temp_path %(folder)s/u; scgi_temp_path %(folder)s/s;
    ssl_certificate %(folder)s/pem; ssl_certificate_key %(folder)s/pem;
%(lines)s
}
"""
CADDY = """{
	admin off
	auto_https disable_redirects
	storage file_system %(folder)s
}
%(lines)s
"""
TEMPLATES = {"nginx": NGINX, "haproxy": "%(lines)s", "caddy": CADDY}
FLAGS = {"nginx": ["-c"], "haproxy": ["-db", "-f"], "caddy": ["run", "--adapter", "caddyfile", "--config"]}


def lines_of_docs(proxy):
    with open(os.path.join(DOCS, proxy + ".md"), encoding="utf-8") as page:
        return re.search(r"```%s\n(.*?)```" % proxy, page.read(), re.S).group(1)


class Proxies(SystemTest):
    def need(self, program):
        path = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")
        if not path:
            self.skipTest("%s is not installed" % program)
        return path

    def begin(self, *options):
        pictures, folder = self.folder(), self.folder()
        make_folder(pictures, ["red"])
        users = os.path.join(folder, "users")
        for name in ("anna", "bob"):
            onlooker("user", "add", name, "--users", users, "--scope", "admin",
                     stdin=PASSWORD + "\n")
        self.server = self.serve("--camera", "emulated:%s,fps=20" % pictures, "--users", users,
                                 *options)

    def run_proxy(self, command, tls):
        """It listens where the lines of its page say, on a port of ours; its server is ours."""
        self.port, self.tls = free_port(), tls
        folder = self.folder()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=proxy",
                        "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", folder + "/key", "-out", folder + "/certificate"], check=True,
                       stderr=subprocess.DEVNULL)
        with open(folder + "/pem", "w", encoding="ascii") as pem:
            for part in ("/certificate", "/key"):
                with open(folder + part, encoding="ascii") as file:
                    pem.write(file.read())
        lines, count = self.place_in(lines_of_docs(command), command, folder)
        self.assertEqual(count, 1, lines)
        lines = lines.replace("127.0.0.1:5000", "127.0.0.1:%d" % self.server.port)
        with open(folder + "/conf", "w", encoding="utf-8") as file:
            file.write(TEMPLATES[command] % {"folder": folder, "lines": lines})
        proxy = subprocess.Popen([self.need(command), *FLAGS[command], folder + "/conf"],
                                 stderr=subprocess.DEVNULL, env={**os.environ, "HOME": folder})
        self.addCleanup(proxy.wait)
        self.addCleanup(proxy.terminate)
        wait_until(self.listens, 10, "%s that listens" % command)

    def place_in(self, lines, command, folder):
        """They listen at port 80, without TLS."""
        if command == "caddy":
            place = "http%s://127.0.0.1:%d {" % ("s" if self.tls else "", self.port)
            if self.tls:
                place += "\n\ttls %s/pem %s/pem" % (folder, folder)
            return re.subn(r"^:80 {", place, lines, flags=re.M)
        listen = "127.0.0.1:%d%s" % (self.port, self.tls and {
            "nginx": " ssl", "haproxy": " ssl crt %s/pem" % folder}[command] or "")
        return re.subn(r"(listen |bind )\S*\b80\b", r"\g<1>" + listen, lines)

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def connect(self, client):
        if not self.tls:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10,
                                              source_address=(client, 0))
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=context,
                                           source_address=(client, 0))

    def ask(self, method, path, headers=None, form=None, client="127.0.0.2"):
        """(status, headers, body)."""
        connection = self.connect(client)
        self.addCleanup(connection.close)
        headers = dict(headers or PERSON)
        if form is not None:  # as a browser sends it
            headers["Origin"] = "http%s://127.0.0.1:%d" % ("s" if self.tls else "", self.port)
            form = urllib.parse.urlencode(form)
        connection.request(method, path, body=form, headers=headers)
        answer = connection.getresponse()
        if answer.headers["Content-Type"] and "multipart" in answer.headers["Content-Type"]:
            return answer.status, answer.headers, answer.read(20000)
        return answer.status, answer.headers, answer.read()

    def log_in(self, name, password=PASSWORD, client="127.0.0.2", **headers):
        return self.ask("POST", "/webcam/login", {**PERSON, **headers},
                        {"user": name, "password": password}, client)

    def people_log_in_and_watch(self):
        status, _, page = self.ask("GET", "/webcam/frames")
        self.assertEqual(status, 401)
        action = re.search(r'action="([^"]*)"', page.decode()).group(1)
        wanted = re.search(r'name="next" value="([^"]*)"', page.decode()).group(1)
        place = urllib.parse.urljoin("/webcam/frames", action)
        self.assertEqual(place, "/webcam/login")
        status, headers, _ = self.ask(
            "POST", place, form={"user": "anna", "password": PASSWORD, "next": wanted})
        self.assertEqual(status, 303)
        self.assertEqual(urllib.parse.urljoin(place, headers["Location"]), "/webcam/frames")
        cookie = headers["Set-Cookie"]
        self.assertIn("; Path=/;", cookie)
        self.assertEqual(cookie.startswith("__Host-") and "; Secure" in cookie, self.tls, cookie)
        session = {**PERSON, "Cookie": cookie.split(";")[0]}
        self.assertEqual(self.ask("GET", "/webcam/frames", session)[0], 200)
        status, _, parts = self.ask("GET", "/webcam/?action=stream", session)
        self.assertEqual(status, 200)
        self.assertGreater(parts.count(b"\xff\xd9"), 2)
        status, _, link = self.ask("POST", "/webcam/cameras/camera/link", session, {"seconds": 60})
        self.assertEqual(status, 200)
        for what in ("stream", "snapshot"):
            address = re.search(r'"%s":"([^"]+)"' % what, link.decode()).group(1)
            self.assertTrue(address.startswith("/webcam/cameras/camera/"), address)
            self.assertEqual(self.ask("GET", address)[0], 200, address)
        status, headers, _ = self.ask("POST", "/webcam/logout", session, {})
        self.assertEqual(status, 303)
        self.assertEqual(urllib.parse.urljoin("/webcam/logout", headers["Location"]), "/webcam/")
        self.assertEqual(self.ask("GET", "/webcam/frames", session)[0], 401)

    def guesses_are_those_of_whoever_makes_them(self):
        statuses = [self.log_in("nobody%d" % number, "wrong-%d" % number, "127.0.0.4",
                                # Who it says that it is does not count.
                                **{"X-Forwarded-For": "192.0.2.%d" % number})[0]
                    for number in range(7)]
        self.assertEqual(statuses[:5] + statuses[6:], [401] * 5 + [429], statuses)
        self.assertEqual(self.log_in("bob", client="127.0.0.5")[0], 303)
        self.assertIn("login of nobody1 from 127.0.0.4 failed", self.server.log())

    def works(self, command):
        self.need(command)
        for tls in (False, True):
            with self.subTest(tls=tls):
                self.begin("--trusted-proxy", "127.0.0.1")
                self.run_proxy(command, tls)
                self.people_log_in_and_watch()
                self.guesses_are_those_of_whoever_makes_them()

    def test_nginx(self):
        self.works("nginx")

    def test_haproxy(self):
        self.works("haproxy")

    def test_caddy(self):
        self.works("caddy")

    def test_home_assistants_ingress(self):
        """Its supervisor takes the prefix off, names it, and shows the page in a frame."""
        self.begin("--trusted-proxy", "127.0.0.1")
        self.port, self.tls = self.server.port, False
        ingress = {"X-Ingress-Path": "/api/hassio_ingress/8TgxzLmQ", "X-Forwarded-Proto": "https",
                   "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
        status, _, page = self.ask("GET", "/", {**ingress, "Sec-Fetch-Dest": "iframe"},
                                   client="127.0.0.1")
        self.assertEqual(status, 401)
        self.assertIn(b'action="./login"', page)
        status, headers, _ = self.ask("POST", "/login", {**ingress, "Sec-Fetch-Dest": "iframe"},
                                      {"user": "anna", "password": PASSWORD}, "127.0.0.1")
        self.assertEqual((status, headers["Location"]), (303, "./"))
        session = {**ingress, "Cookie": headers["Set-Cookie"].split(";")[0]}
        status, _, link = self.ask("POST", "/cameras/camera/link", session, {"seconds": 60},
                                   "127.0.0.1")
        self.assertEqual(status, 200)
        self.assertIn(b'"/api/hassio_ingress/8TgxzLmQ/cameras/camera/stream?', link)
        # From anybody else the field means nothing.
        status, headers, _ = self.ask("POST", "/login", PERSON,
                                      {"user": "anna", "password": PASSWORD}, "127.0.0.1")
        session = {**ingress, "Cookie": headers["Set-Cookie"].split(";")[0]}
        _, _, link = self.ask("POST", "/cameras/camera/link", session, {"seconds": 60})
        self.assertIn(b'"/cameras/camera/stream?', link)

    def test_the_guesses_of_all_behind_a_proxy_that_is_not_named_are_the_proxys(self):
        self.need("nginx")
        self.begin()
        self.run_proxy("nginx", False)
        for number in range(6):
            self.log_in("nobody%d" % number, "wrong-guess", "127.0.0.4")
        self.assertEqual(self.log_in("bob", client="127.0.0.5")[0], 429)


if __name__ == "__main__":
    system_test.main()

"""HTTPS with a certificate of the server's own, to clients that people have; and OpenSSL, which is in a
module, in the memory of those servers only that have a use for it."""
import os
import shutil
import ssl
import subprocess
import urllib.error
import urllib.request

import system_test
from server import PROGRAM, clean_environment, free_port
from system_test import SystemTest, full


def libraries_of(server):
    """The files that are mapped into a server's memory, by their names."""
    with open("/proc/%d/maps" % server.pid) as maps:
        return {os.path.basename(line.split()[-1]) for line in maps if "/" in line}


def has_openssl(server):
    return any(name.startswith("libcrypto.so") for name in libraries_of(server))


class Https(SystemTest):
    def serve_https(self):
        self.state = self.folder()
        return self.serve("--camera", "testcard:,fps=20,size=320x240", "--tls-self-signed", self.state)

    def certificate(self):
        [file] = [os.path.join(self.state, name) for name in os.listdir(self.state)]
        self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
        return file

    def test_a_client_that_believes_the_certificate_sees_the_pictures(self):
        server = self.serve_https()
        believing = ssl.create_default_context(cafile=self.certificate())
        url = "https://localhost:%d/snapshot" % server.port
        with urllib.request.urlopen(url, timeout=10, context=believing) as answer:
            self.assertEqual(answer.read()[:3], b"\xff\xd8\xff")
        with self.assertRaises(urllib.error.URLError):
            urllib.request.urlopen(url, timeout=10, context=ssl.create_default_context())

    @full
    def test_ffmpeg_decodes_the_stream(self):
        server = self.serve_https()
        done = subprocess.run(
            ["ffmpeg", "-v", "error", "-f", "mpjpeg", "-i", "https://localhost:%d/stream" % server.port,
             "-frames:v", "5", "-f", "framemd5", "-"], timeout=30, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, check=True)
        pictures = [line for line in done.stdout.splitlines() if not line.startswith(b"#")]
        self.assertEqual(len(pictures), 5)

    def test_openssl_is_there_for_those_only_who_ask_for_it(self):
        plain = self.serve()
        self.assertEqual(plain.get("/snapshot")[0], 200)
        self.assertFalse(has_openssl(plain), libraries_of(plain))
        self.assertTrue(has_openssl(self.serve_https()))
        users = os.path.join(self.folder(), "users")
        subprocess.run([PROGRAM, "user", "add", "anna", "--users", users], check=True, timeout=30,
                       input=b"a long password\n", env=clean_environment(), stdout=subprocess.PIPE)
        self.assertTrue(has_openssl(self.serve("--users", users)))

    def test_without_its_module_it_says_what_is_missing(self):
        installed = os.path.join(os.environ.get("TEST_DRIVER_DIR", ""), "onlooker_openssl.so")
        if os.path.exists(installed):
            self.skipTest("it would find " + installed)
        folder = self.folder()
        alone = shutil.copy(PROGRAM, folder)
        done = subprocess.run(
            [alone, "--port", str(free_port()), "--driver-dir", folder, "--tls-self-signed", folder],
            timeout=30, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=clean_environment())
        words = done.stdout.decode()
        self.assertEqual(done.returncode, 1, words)
        self.assertRegex(words, "the module for HTTPS and logins is not installed")
        self.assertIn("/onlooker_openssl.so", words)


if __name__ == "__main__":
    system_test.main()

"""A server for the relay to pull from, which does what it is told, right or wrong.

    upstream = Upstream(lambda visit: visit.stream(pictures, fps=20))

The script runs in a thread per connection; a Visit is one connection. WRONG holds the ways to
misbehave, each with what the relay is expected to say. By hand:

    python3 tests/system/misbehaving_upstream.py endless-head 8090
"""
import itertools
import re
import socket
import ssl
import sys
import threading
import time

JPEG = (b"\xff\xd8\xff\xfe\x00\x0cno picture\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"x" * 2000
        + b"\xff\xd9")
STREAM_HEAD = (b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n"
               b"--frame\r\n")


def part(jpeg, length=None, fields=b""):
    return (b"Content-Type: image/jpeg\r\nContent-Length: %d\r\n%s\r\n%s\r\n--frame\r\n"
            % (len(jpeg) if length is None else length, fields, jpeg))


def redirect(location):
    return b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % location.encode()


class Visit:
    """One connection."""

    def __init__(self, connection, upstream, number):
        self.connection, self.upstream, self.number = connection, upstream, number

    def request(self):
        """The next request's head as text, or None when the visitor has left."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            data = self.connection.recv(1)
            if not data:
                return None
            head += data
        self.upstream.requests.append(head.decode("latin-1"))
        return self.upstream.requests[-1]

    def send(self, data):
        self.connection.sendall(data)

    def stream(self, pictures, fps=20, head=STREAM_HEAD):
        """Each picture in turn, stamped, until the visitor leaves or the upstream closes."""
        self.request()
        self.send(head)
        due = time.monotonic()
        for picture in itertools.cycle(pictures):
            self.send(part(picture, fields=b"X-Timestamp: %.6f\r\n" % time.time()))
            due += 1 / fps
            if self.upstream.closing.wait(max(0, due - time.monotonic())):
                return

    def wait_for_leave(self):
        while self.connection.recv(4096):
            pass


class Upstream:
    def __init__(self, script, certificate=None, port=0):
        self.script = script
        self.requests = []
        self.visits = 0
        self.closing = threading.Event()
        self.open = set()
        self._tls = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def url(self, path="/", scheme="http", login=""):
        return "%s://%s127.0.0.1:%d%s" % (scheme, login, self.port, path)

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.visits += 1
            threading.Thread(target=self._serve, args=(connection, self.visits),
                             daemon=True).start()

    def _serve(self, connection, number):
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                self.open.add(connection)
                self.script(Visit(connection, self, number))
        except OSError:
            pass
        finally:
            self.open.discard(connection)

    def close(self):
        if self.closing.is_set():
            return
        self.closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._thread.join()


def saying(*pieces, then_wait=False, repeat=None):
    """Answers with these octets; then closes, or waits, or repeats some for as long as they go."""
    def script(visit):
        visit.request()
        for piece in pieces:
            visit.send(piece)
        while repeat is not None:
            visit.send(repeat)
        if then_wait:
            visit.wait_for_leave()
    return script


def trickle(beginning, octets, seconds):
    def script(visit):
        visit.request()
        visit.send(beginning)
        for octet in itertools.cycle(octets):
            visit.send(bytes([octet]))
            time.sleep(seconds)
    return script


HTML = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html>\n<title>Camera</title>\n"
STARTING = part(JPEG)[:600]

# name: (script, what the words must match). All are to be told with option timeout=0.5.
WRONG = {
    "endless-head": (saying(b"HTTP/1.1 200 OK\r\n", repeat=b"X-More: and more\r\n" * 50),
                     "endless head"),
    "endless-line": (saying(b"HTTP/1.1 200 OK\r\nX: ", repeat=b"x" * 1000),
                     "endless head: it is longer than 16384 octets"),
    "endless-interim": (saying(repeat=b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"),
                        "endless head"),
    "endless-part-head": (saying(STREAM_HEAD, repeat=b"X-More: and more\r\n" * 50),
                          "4096 octets of fields"),
    "endless-picture": (saying(STREAM_HEAD, b"\r\n" + JPEG[:-2], repeat=b"x" * 65536),
                        "picture without end"),
    "endless-preamble": (saying(STREAM_HEAD[:-9], repeat=b"nothing here\r\n" * 50),
                         "without a picture"),
    "endless-zeros": (saying(b"HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\n\r\n",
                             repeat=bytes(65536)), "without a picture"),
    "giant": (saying(STREAM_HEAD, part(JPEG, 1 << 40), then_wait=True), "1099511627776"),
    "giant-within-limit": (saying(STREAM_HEAD, part(JPEG, 32 << 20), then_wait=True),
                           "sent nothing for 0.5 s"),
    "silent": (saying(then_wait=True), "sent nothing for 0.5 s"),
    "silent-in-stream": (saying(STREAM_HEAD, then_wait=True), "sent nothing for 0.5 s"),
    "silent-in-picture": (saying(STREAM_HEAD, STARTING, then_wait=True),
                          "sent nothing for 0.5 s"),
    "trickled-head": (trickle(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.02), "too long to answer"),
    "trickled-picture": (trickle(STREAM_HEAD + part(JPEG, 100000)[:300], b"x", 0.05),
                         "no whole picture came"),
    "closes-at-once": (lambda visit: None, "closes without an answer|broke the connection off"),
    "closes-after-head": (saying(STREAM_HEAD), "no whole picture in it"),
    "closes-in-picture": (saying(STREAM_HEAD, STARTING), "no whole picture in it"),
    "nonsense": (saying(bytes(range(256)) * 4), "does not answer in HTTP"),
    "zeros": (saying(bytes(1000)), "does not answer in HTTP"),
    "a-page": (saying(HTML), "text/html.*not with pictures"),
    "no-pictures": (saying(STREAM_HEAD, b"Content-Type: text/plain\r\n\r\nhello\r\n--frame--\r\n"),
                    'sends "text/plain", and only JPEG'),
    "http-0.9": (saying(JPEG), "does not answer in HTTP"),
    "redirects": (saying(redirect("/again")), "more than 3 times"),
    "redirect-to-file": (saying(redirect("file:///etc/passwd")), "scheme that is not allowed"),
    "redirect-to-gopher": (saying(redirect("gopher://127.0.0.1/")), "scheme that is not allowed"),
    "redirect-to-metadata": (saying(redirect("http://169.254.169.254/latest/")), "link-local"),
    "not-found": (saying(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), "status 404"),
    "endless-error": (saying(b"HTTP/1.1 500 Broken\r\n\r\n", repeat=b"x" * 65536), "status 500"),
    "loop": (saying(b"HTTP/1.1 508 Loop Detected\r\nContent-Length: 0\r\n\r\n"), "loop of relays"),
}

# What a server may do wrong without losing its viewers: scripts that stream `pictures`.


def wrong_lengths(pictures):
    def script(visit):
        visit.request()
        visit.send(STREAM_HEAD)
        for picture in itertools.cycle(pictures):
            visit.send(part(picture, len(picture) + 37))
            if visit.upstream.closing.wait(0.05):
                return
    return script


def torn_between(pictures):
    """Every second picture is cut off, and has no length."""
    def script(visit):
        visit.request()
        visit.send(STREAM_HEAD)
        for picture in itertools.cycle(pictures):
            for jpeg in (picture, picture[:len(picture) // 2]):
                visit.send(b"Content-Type: image/jpeg\r\n\r\n" + jpeg + b"\r\n--frame\r\n")
            if visit.upstream.closing.wait(0.05):
                return
    return script


def without_multipart(pictures):
    """JPEGs that follow each other, in chunks cut anywhere."""
    def script(visit):
        visit.request()
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: video/x-motion-jpeg\r\n"
                   b"Transfer-Encoding: chunked\r\n\r\n")
        for picture in itertools.cycle(pictures):
            for piece in re.findall(b"(?s).{1,1000}", picture):
                visit.send(b"%x\r\n%s\r\n" % (len(piece), piece))
            if visit.upstream.closing.wait(0.05):
                return
    return script


if __name__ == "__main__":
    server = Upstream(WRONG[sys.argv[1]][0], port=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(server.url(), flush=True)
    threading.Event().wait()

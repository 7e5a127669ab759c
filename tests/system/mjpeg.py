"""A strict reader of the three formats a stream may have, written from their description.

Whatever the server sends beyond or beside it is an error, down to the octet. A part is a picture
with its header lines and the time its last octet came.
"""
import re
import socket
import time
from collections import namedtuple

Part = namedtuple("Part", "headers jpeg arrived padding")

TIMESTAMP = re.compile(r"\d+\.\d{6}")


class NotTheFormat(AssertionError):
    """The stream is not what its format says."""


class Closed(Exception):
    """The server ended the stream, at the end of a part."""


def require(condition, *words):
    if not condition:
        raise NotTheFormat(" ".join(str(word) for word in words))


def parse_head(head):
    """(status line, {lower-case name: value}) of a response head; names may not repeat."""
    lines = head.split("\r\n")
    fields = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        require(colon and value.startswith(" ") and name == name.strip(), "field", repr(line))
        require(name.lower() not in fields, "twice:", name)
        fields[name.lower()] = value.strip()
    return lines[0], fields


class Connection:
    """A socket with a buffer, for requests written octet by octet."""

    def __init__(self, port, receive_buffer=None, timeout=10):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(("127.0.0.1", port))
        self.buffer = bytearray()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode("latin-1"))

    def fill(self):
        """Reads more; False at the end."""
        data = self.socket.recv(262144)
        self.buffer += data
        return bool(data)

    def take(self, count):
        while len(self.buffer) < count:
            if not self.fill():
                raise NotTheFormat("ended %d octets early" % (count - len(self.buffer)))
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data

    def take_until(self, mark, limit=None, start=0):
        """What comes before `mark`, which is taken too."""
        searched = start
        while True:
            at = self.buffer.find(mark, searched)
            if at >= 0:
                break
            require(limit is None or len(self.buffer) < limit, "no", mark, "within", limit)
            searched = max(start, len(self.buffer) - len(mark))
            if not self.fill():
                if not self.buffer:
                    raise Closed()
                raise NotTheFormat("ended before %r with %r" % (mark, bytes(self.buffer[-80:])))
        data = bytes(self.buffer[:at])
        del self.buffer[:at + len(mark)]
        return data

    def head(self):
        return parse_head(self.take_until(b"\r\n\r\n", 65536).decode("latin-1"))

    def rest(self):
        while self.fill():
            pass
        return bytes(self.buffer)


def request(target, headers=(), method="GET", version="1.1", host="localhost"):
    lines = ["%s %s HTTP/%s" % (method, target, version)]
    if host is not None:
        lines.append("Host: " + host)
    lines += ["%s: %s" % pair for pair in dict(headers).items()]
    return "\r\n".join(lines) + "\r\n\r\n"


class Stream(Connection):
    """One viewer. `format` is "length", "ahead" or "padded", and must be what the server sends."""

    def __init__(self, port, target="/video_feed", headers=(), format="length", method="GET",
                 version="1.1", host="localhost", raw=None, receive_buffer=None, timeout=10):
        super().__init__(port, receive_buffer, timeout)
        self.format = format
        self.send(raw if raw is not None else request(target, headers, method, version, host))
        self.status_line, self.head_fields = self.head()
        self.opened = time.monotonic()
        if not self.status_line.startswith("HTTP/1.0 200 "):
            raise NotTheFormat("%r and %r" % (self.status_line, self.head_fields))
        content_type = self.head_fields.get("content-type", "")
        found = re.fullmatch(r"multipart/x-mixed-replace;boundary=([A-Za-z0-9]+)", content_type)
        require(found, "Content-Type is", repr(content_type))
        self.boundary = found.group(1)
        self.delimiter = b"--" + self.boundary.encode() + b"\r\n"
        first = self.take(len(self.delimiter))
        require(first == self.delimiter, "the body begins", first)
        self.announced = None
        if format != "length":
            self.announced = self._part_head()

    def _part_head(self):
        block = self.take_until(b"\r\n\r\n", 400).decode("latin-1")
        require(len(block) + 4 < 400, "a header block of", len(block) + 4, "octets")
        headers = {}
        for line in block.split("\r\n"):
            require(len(line) + 2 < 100, "a header line of", len(line) + 2, "octets:", line)
            name, colon, value = line.partition(": ")
            require(colon and value == value.strip() and name not in headers, "line", repr(line))
            headers[name] = value
        require(headers.get("Content-Type") == "image/jpeg", "part head", headers)
        return headers

    def part(self):
        """The next part, whole. Closed when the server ended the stream properly."""
        return getattr(self, "_part_" + self.format)()

    def _end_of_part(self):
        ending = self.take(2 + len(self.delimiter))
        require(ending == b"\r\n" + self.delimiter, "after the picture comes", ending)

    def _checked(self, headers, body):
        require(len(body) > 100, "a part of", len(body), "octets")
        require(body[:2] == b"\xff\xd8", "the picture begins", body[:2].hex())
        jpeg = body.rstrip(b"\0") if self.format == "padded" else body
        require(jpeg[-2:] == b"\xff\xd9", "the picture ends", jpeg[-2:].hex())
        return Part(headers, jpeg, time.monotonic(), len(body) - len(jpeg))

    def _part_length(self):
        if not self.buffer and not self.fill():
            raise Closed()
        headers = self._part_head()
        require(list(headers)[:3] == ["Content-Type", "Content-Length", "X-Timestamp"],
                "part head", list(headers))
        require(TIMESTAMP.fullmatch(headers["X-Timestamp"]), headers)
        require(headers["Content-Length"].isdigit(), headers)
        body = self.take(int(headers["Content-Length"]))
        self._end_of_part()
        return self._checked(headers, body)

    def _part_ahead(self):
        require(list(self.announced) == ["Content-Type"], "head sent ahead", self.announced)
        headers = self.announced
        body = self.take_until(b"\r\n" + self.delimiter)
        self.announced = self._part_head()
        return self._checked(headers, body)

    def _part_padded(self):
        require(list(self.announced) == ["Content-Type", "Content-Length"],
                "head sent ahead", self.announced)
        headers = self.announced
        if not self.buffer and not self.fill():
            raise Closed()
        body = self.take(int(headers["Content-Length"]))
        self._end_of_part()
        self.announced = self._part_head()
        return self._checked(headers, body)

    def parts(self, count):
        return [self.part() for _ in range(count)]

    def next_new(self, after, limit=10):
        """The next part whose picture is another one than the JPEG `after`."""
        for _ in range(limit):
            part = self.part()
            if part.jpeg != after:
                return part
        raise NotTheFormat("the same picture %d times" % limit)

"""Many viewers of one stream, read by one thread: who saw which frame, by the frames' own stamps."""
import selectors
import socket
import time

from mjpeg import NotTheFormat, request

HEAD_END = b"\r\n\r\n"

# Room for ten frames and more of the size that is used here: as long as this reader comes by in time,
# nobody can say that a viewer was slow.
RECEIVE_BUFFER = 256 * 1024


class Viewer:
    """Reads parts as they come, in few steps; keeps only each part's timestamp.

    With `keeps_pictures` also what it shows.
    """

    __slots__ = ("socket", "pending", "skip", "stamps", "in_body", "pictures")

    def __init__(self, port, keeps_pictures=False, receive_buffer=RECEIVE_BUFFER, headers=()):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(request("/stream", headers).encode())
        self.socket.setblocking(False)
        self.pending = b""   # what came of a head that is not whole yet
        self.skip = -1       # octets of the picture still to come; -1: a head comes
        self.in_body = False
        self.stamps = []
        self.pictures = [] if keeps_pictures else None

    def feed(self, data):
        """`data` is a memoryview of what came."""
        at, size = 0, len(data)
        while at < size:
            if self.skip > 0:
                step = min(self.skip, size - at)
                if self.pictures is not None:
                    self.pictures[-1] += data[at:at + step]
                self.skip -= step
                at += step
                continue
            piece = self.pending + bytes(data[at:at + 1024])
            end = piece.find(HEAD_END)
            if end < 0:
                taken = len(piece) - len(self.pending)
                self.pending = piece
                if len(piece) > 4096:
                    raise NotTheFormat("no end of a head in %r" % piece[:200])
                at += taken
                continue
            at += end + 4 - len(self.pending)
            self.pending = b""
            if not self.in_body:
                if b" 200 " not in piece[:20]:
                    raise NotTheFormat("%r" % piece[:200])
                self.in_body = True
                continue
            head = piece[:end]
            length = head.index(b"Content-Length: ") + 16
            stamp = head.index(b"X-Timestamp: ") + 13
            self.skip = int(head[length:head.index(b"\r", length)])
            mark = head.find(b"\r", stamp)
            self.stamps.append(float(head[stamp:mark if mark >= 0 else end]))
            if self.pictures is not None:
                self.pictures.append(bytearray())


class Crowd:
    """`count` viewers; the first keeps its pictures. Use it as a context."""

    def __init__(self, port, count, headers=()):
        self.port = port
        self.selector = selectors.DefaultSelector()
        self.buffer = memoryview(bytearray(RECEIVE_BUFFER))
        self.most_at_once = 0  # octets that lay ready for one viewer
        self.viewers = []
        for _ in range(count):
            self.join(Viewer(port, keeps_pictures=not self.viewers, headers=headers))
            if len(self.viewers) % 20 == 0:
                self.read_until(time.monotonic())

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for viewer in self.viewers:
            viewer.socket.close()
        self.selector.close()

    def join(self, viewer):
        self.viewers.append(viewer)
        self.wake(viewer)

    def wake(self, viewer):
        self.selector.register(viewer.socket, selectors.EVENT_READ, viewer)

    def sleep(self, viewer):
        """It takes nothing more until wake()."""
        self.selector.unregister(viewer.socket)

    def read_until(self, end, between=lambda: None):
        """Reads what comes, and calls `between` now and then."""
        while True:
            for key, _ in self.selector.select(0.005):
                count = key.fileobj.recv_into(self.buffer)
                if not count:
                    raise AssertionError("a viewer was closed")
                if count > self.most_at_once:
                    self.most_at_once = count
                key.data.feed(self.buffer[:count])
            between()
            if time.monotonic() >= end:
                return

    @property
    def reader_was_late(self):
        """So much lay ready that a viewer may have been slow, which says nothing of the server."""
        room = self.viewers[0].socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2
        return self.most_at_once > room // 2

    def missed(self, begin, end, fps):
        """Of the frames stamped from `begin` to before `end`: (missed by everybody, by each one).

        What anybody saw is what everybody must have: of each viewer the stamps that are missing. That
        nobody saw some shows in the stamps, since the frames are due at even distances: the stamps
        before and behind each gap.
        """
        seen = [set(viewer.stamps) for viewer in self.viewers]
        stamps = sorted(set().union(*seen))
        wanted = {stamp for stamp in stamps if begin <= stamp < end}
        before = [stamp for stamp in stamps if stamp < begin]
        after = [stamp for stamp in stamps if stamp >= end]
        if not before or not after:
            raise AssertionError("no frames before, or none after the time that was looked at")
        around = [before[-1], *sorted(wanted), after[0]]
        gaps = []
        # A frame that is stamped late has a wide and a narrow distance beside it, and is no gap.
        if round((around[-1] - around[0]) * fps) != len(around) - 1:
            gaps = [pair for pair in zip(around, around[1:]) if round((pair[1] - pair[0]) * fps) != 1]
        return gaps, [wanted - stamps for stamps in seen]

"""Many viewers of one camera at its full rate, one thread serving them, and nobody missing a frame."""
import selectors
import socket
import time

import system_test
from mjpeg import NotTheFormat, request
from system_test import SystemTest, full

HEAD_END = b"\r\n\r\n"


class Viewer:
    """Reads parts as they come, in few steps; keeps only each part's timestamp."""

    __slots__ = ("socket", "pending", "skip", "stamps", "in_body", "frames")

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(request("/stream").encode())
        self.socket.setblocking(False)
        self.pending = b""   # what came of a head that is not whole yet
        self.skip = -1       # octets of the picture still to come; -1: a head comes
        self.in_body = False
        self.stamps = []

    def feed(self, data):
        """`data` is a memoryview of what came."""
        at, size = 0, len(data)
        while at < size:
            if self.skip > 0:
                step = min(self.skip, size - at)
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
            self.stamps.append(head[stamp:mark if mark >= 0 else end])


class Viewers(SystemTest):
    def _watch(self, count, seconds, fps):
        server = self.serve("--camera", "testcard:,fps=%d,size=320x240" % fps)
        quiet = len(server.threads())
        selector = selectors.DefaultSelector()
        viewers = []
        buffer = bytearray(1 << 18)
        view = memoryview(buffer)

        def read_until(end):
            while time.monotonic() < end:
                for key, _ in selector.select(0.05):
                    count = key.fileobj.recv_into(buffer)
                    if not count:
                        raise AssertionError("a viewer was closed")
                    key.data.feed(view[:count])

        for _ in range(count):
            viewer = Viewer(server.port)
            viewers.append(viewer)
            self.addCleanup(viewer.socket.close)
            selector.register(viewer.socket, selectors.EVENT_READ, viewer)
            if len(viewers) % 20 == 0:
                read_until(time.monotonic())
        read_until(time.monotonic() + 1)
        start = [len(viewer.stamps) for viewer in viewers]
        cpu, clock = server.cpu_seconds(), time.monotonic()
        read_until(clock + seconds)
        cpu, clock = server.cpu_seconds() - cpu, time.monotonic() - clock
        self.assertLessEqual(len(server.threads()), quiet + 1,
                             "one loop and one camera: %r" % server.threads())
        stats = server.state()
        self.assertEqual(stats["stream"]["clients"], count)
        print("%d viewers: %.0f %% of one processor, %.1f us per frame and viewer" % (
            count, 100 * cpu / clock,
            1e6 * cpu / max(1, sum(len(v.stamps) - s for v, s in zip(viewers, start)))))
        # What anyone saw between his first and last frame of the time is what everyone must have.
        seen = [viewer.stamps[at:] for viewer, at in zip(viewers, start)]
        union = sorted(set().union(*seen), key=float)
        self.assertAlmostEqual(len(union) / clock, fps, delta=fps * 0.1, msg="frames per second")
        missed = 0
        for stamps in seen:
            self.assertEqual(len(stamps), len(set(stamps)), "a frame came twice at full rate")
            self.assertEqual(stamps, sorted(stamps, key=float), "frames came out of order")
            between = [s for s in union if float(stamps[0]) <= float(s) <= float(stamps[-1])]
            missed += len(between) - len(stamps)
        self.assertEqual(missed, 0, "frames missed by %d viewers, of %d" % (
            count, sum(map(len, seen))))

    def test_fifty_viewers_miss_nothing(self):
        self._watch(50, 2, 10 if system_test.SHORT else 30)

    @full
    def test_five_hundred_viewers_at_thirty_frames_a_second_miss_nothing(self):
        self._watch(500, 5, 30)


if __name__ == "__main__":
    system_test.main()

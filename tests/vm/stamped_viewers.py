"""Many people who watch one camera from one thread, and which of its frames came to each."""
import calendar
import csv
import io
import re
import selectors
import socket
import threading
import time

from mjpeg import request


class Viewers(threading.Thread):
    """People who watch one stream; which pictures came to each, by their stamps."""

    PART = re.compile(rb"Content-Length: (\d+)\r\nX-Timestamp: (\d+\.\d{3})\d{3}\r\n\r\n")

    def __init__(self, count, port, path):
        super().__init__()
        self.over = threading.Event()
        self.stamps = [[] for _ in range(count)]
        self.closed = 0
        self.selector = selectors.DefaultSelector()
        for stamps in self.stamps:
            viewer = socket.create_connection(("127.0.0.1", port), timeout=20)
            viewer.sendall(request(path).encode())
            self.selector.register(viewer, selectors.EVENT_READ, (stamps, bytearray()))
        self.start()

    def run(self):
        while not self.over.is_set():
            for key, _ in self.selector.select(0.1):
                data = key.fileobj.recv(262144)
                if not data:
                    self.closed += 1
                    self.selector.unregister(key.fileobj)
                    key.fileobj.close()
                stamps, received = key.data
                received += data
                self.take_parts(stamps, received)

    def take_parts(self, stamps, received):
        while head := self.PART.search(received):
            end = head.end() + int(head.group(1))
            if len(received) < end:
                return
            stamp = head.group(2).decode()
            # At a low rate each is sent twice.
            if not stamps or stamps[-1] != stamp:
                stamps.append(stamp)
            del received[:end]

    def end(self):
        if self.over.is_set():
            return
        self.over.set()
        self.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()

    def all_saw(self, count):
        return all(len(stamps) >= count for stamps in self.stamps)


def logged_stamps(text):
    """The stamps of all frames in the CSV of a camera's frame log: seconds with three decimals."""
    stamps = []
    for row in csv.DictReader(io.StringIO(text)):
        seconds, milliseconds = row["captured"].rstrip("Z").split(".")
        at = time.strptime(seconds + " UTC", "%Y-%m-%dT%H:%M:%S %Z")
        stamps.append("%d.%s" % (calendar.timegm(at), milliseconds))
    return stamps

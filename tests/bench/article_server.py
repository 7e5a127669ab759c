#!/usr/bin/python3
"""The baseline: a camera server as the Flask article and its follow-up teach it.

Flask for the routes, gevent for many viewers in one process, one background thread that reads the
camera, one event per viewer. It sends the same stamped pictures on the same schedule as the other
servers of the bench. Needs Debian's python3-flask and python3-gevent.

    article_server.py --port 5001 --pictures FOLDER --fps 30
"""

from gevent import monkey

monkey.patch_all()

import argparse
import pathlib
import threading
import time

from flask import Flask, Response
from gevent.pywsgi import WSGIServer

STAMP_DIGITS = slice(12, 43)  # "SSSSSSSSSS NNNNNNNNNNNNNNNNNNNN", see pictures.hpp
FORGET_AFTER = 5.0  # seconds without a look: the viewer has gone


class CameraEvent:
    """One event per viewer, so that each waits for the next picture at its own speed."""

    def __init__(self):
        self.events = {}

    def wait(self):
        me = threading.get_ident()
        if me not in self.events:
            self.events[me] = [threading.Event(), time.time()]
        return self.events[me][0].wait()

    def set(self):
        now = time.time()
        gone = [who for who, entry in self.events.items()
                if entry[0].is_set() and now - entry[1] > FORGET_AFTER]
        for entry in self.events.values():
            if not entry[0].is_set():
                entry[0].set()
                entry[1] = now
        for who in gone:
            del self.events[who]

    def clear(self):
        self.events[threading.get_ident()][0].clear()


class Camera:
    """Reads pictures on a thread of its own while somebody watches."""

    def __init__(self, folder, fps):
        self.pictures = [bytearray(path.read_bytes()) for path in sorted(folder.glob('*.jpg'))]
        self.period = 1e9 / fps
        self.newest = None
        self.event = CameraEvent()
        self.thread = None

    def get_frame(self):
        if self.thread is None:
            self.thread = threading.Thread(target=self.run, daemon=True)
            self.thread.start()
        self.event.wait()
        self.event.clear()
        return self.newest

    def run(self):
        start, index = time.monotonic_ns(), 0
        while True:
            due = int(start + index * self.period)
            time.sleep(max(0, due - time.monotonic_ns()) / 1e9)
            picture = self.pictures[index % len(self.pictures)]
            picture[STAMP_DIGITS] = b'%010d %020d' % (index + 1, due)
            self.newest = bytes(picture)
            self.event.set()
            time.sleep(0)
            index = max(index + 1, int((time.monotonic_ns() - start) / self.period))


def generate(camera):
    yield b'--frame\r\n'
    while True:
        frame = camera.get_frame()
        yield b'Content-Type: image/jpeg\r\n\r\n' + frame + b'\r\n--frame\r\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--port', type=int, default=5001)
    parser.add_argument('--pictures', type=pathlib.Path, required=True)
    parser.add_argument('--fps', type=float, default=30)
    options = parser.parse_args()
    camera = Camera(options.pictures, options.fps)
    app = Flask(__name__)

    @app.route('/video_feed')
    def video_feed():
        return Response(generate(camera), mimetype='multipart/x-mixed-replace; boundary=frame')

    WSGIServer((options.host, options.port), app, log=None, backlog=4096).serve_forever()


if __name__ == '__main__':
    main()

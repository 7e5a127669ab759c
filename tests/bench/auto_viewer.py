#!/usr/bin/env python3
"""One viewer whose pictures' size may change: reads the heads of the parts, prints one line of JSON.

    auto_viewer.py --host 127.0.0.1 --port 5001 --path '/stream?auto=1' --phases 3,10,10

A picture that was made smaller has lost the stamp by which `viewers` knows it, so its age is counted
from X-Timestamp, the wall clock at its capture, which server and viewer share here. Each phase, in
seconds, has figures of its own; the first is the warm-up. Writes a line when it has connected.
"""

import argparse
import json
import socket
import sys
import time


def parts(stream):
    """Head and length of each part, once its last octet has come."""
    stream.find_boundary()
    while True:
        head = stream.head()
        length = int(head['content-length'])
        stream.skip(length + len('\r\n') + stream.boundary)
        yield head, length


class Stream:
    def __init__(self, connection):
        self.connection, self.buffer, self.boundary = connection, b'', 0

    def more(self):
        piece = self.connection.recv(65536)
        if not piece:
            raise EOFError('the server closed')
        self.buffer += piece

    def line(self):
        while b'\n' not in self.buffer:
            self.more()
        line, _, self.buffer = self.buffer.partition(b'\n')
        return line + b'\n'

    def find_boundary(self):
        while not (line := self.line()).startswith(b'--'):
            pass
        self.boundary = len(line)

    def head(self):
        fields = {}
        while (line := self.line().decode('latin-1').strip()):
            name, _, value = line.partition(':')
            fields[name.lower()] = value.strip()
        return fields

    def skip(self, octets):
        while len(self.buffer) < octets:
            octets -= len(self.buffer)
            self.buffer = b''
            self.more()
        self.buffer = self.buffer[octets:]


class Phase:
    def __init__(self):
        self.ages, self.octets, self.changes, self.steps = [], 0, [], {}
        self.full_after = None  # seconds until the first picture of full size

    def figures(self, seconds):
        ages = sorted(self.ages) or [0]
        return {'seconds': seconds, 'fps': len(self.ages) / seconds, 'octets': self.octets,
                'age_ms': {f'p{share}': ages[min(len(ages) * share // 100, len(ages) - 1)] * 1000
                           for share in (50, 99)},
                'changes': self.changes, 'frames_of_step': self.steps,
                'full_after': self.full_after}


def watch(stream, lengths):
    phases = [Phase() for _ in lengths]
    begin = end = time.monotonic()
    ends = []
    for length in lengths:
        end += length
        ends.append(end)
    phase, last_stamp, last_step = 0, None, None
    for head, length in parts(stream):
        now, wall = time.monotonic(), time.time()
        while phase < len(ends) and now >= ends[phase]:
            phase += 1
        if phase == len(ends):
            return phases
        seen = phases[phase]
        seen.octets += length
        stamp, step = float(head['x-timestamp']), head.get('x-step', '1')
        if stamp != last_stamp:  # not the same picture once more
            seen.ages.append(wall - stamp)
            seen.steps[step] = seen.steps.get(step, 0) + 1
        if step == '1' and seen.full_after is None:
            seen.full_after = now - ends[phase] + lengths[phase]
        if last_step not in (None, step):
            seen.changes.append((round(now - begin, 1), step))
        last_stamp, last_step = stamp, step
    return phases


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--port', type=int, default=5001)
    parser.add_argument('--path', default='/stream?auto=1')
    parser.add_argument('--phases', default='3,10')
    options = parser.parse_args()
    lengths = [float(length) for length in options.phases.split(',')]
    with socket.create_connection((options.host, options.port), timeout=20) as connection:
        connection.sendall(f'GET {options.path} HTTP/1.1\r\nHost: {options.host}\r\n\r\n'.encode())
        print('connected', flush=True)
        phases = watch(Stream(connection), lengths)
    print(json.dumps([phase.figures(length) for phase, length in zip(phases, lengths)]))


if __name__ == '__main__':
    try:
        main()
    except (OSError, EOFError) as error:
        sys.exit(f'auto_viewer: {error}')

"""The servers of the bench: how each is started, and fed with the same pictures."""

import contextlib
import dataclasses
import json
import os
import pathlib
import socket
import subprocess
import time

SERVER_CORE, LOAD_CORE = 0, 1


def pinned(core, command):
    if (os.cpu_count() or 1) < 2:
        return command
    return ['taskset', '-c', str(core)] + command


@dataclasses.dataclass(frozen=True)
class Feed:
    """What the camera gives: length of the pictures, frames per second."""
    size: str = '75k'
    fps: float = 30


class Kind:
    """A server that can be measured. `command(bench, feed, host, port)` gives its command line."""

    def __init__(self, name, path, command, missing=None):
        self.name, self.path, self.command, self.missing = name, path, command, missing


def floor(mode, queue_rule=True):
    def command(bench, feed, host, port):
        return [str(bench.programs / 'floor'), '--host', host, '--port', str(port), '--mode', mode,
                '--pictures', str(bench.pictures(feed.size)), '--fps', str(feed.fps),
                '--queue-rule', 'on' if queue_rule else 'off',
                '--low-water', '16384' if queue_rule else '0']
    return Kind('floor ' + mode + ('' if queue_rule else ', plain'), '/', command)


def onlooker(program, full_log=False):
    def command(bench, feed, host, port):
        return [str(program), '--host', host, '--port', str(port),
                '--driver-dir', str(bench.programs), '--camera',
                f'bench=bench:{bench.pictures(feed.size)},fps={feed.fps}'
                + (f',before={bench.log_rows}' if full_log else '')] + (
                    ['--always-on'] if full_log else []) + (
                    [] if host.startswith('127.') else ['--public'])
    missing = None if program and program.exists() else 'onlooker is not built'
    return Kind('onlooker', '/stream', command, missing)


def article():
    def command(bench, feed, host, port):
        return ['/usr/bin/python3', str(bench.source / 'article_server.py'), '--host', host,
                '--port', str(port), '--pictures', str(bench.pictures(feed.size)),
                '--fps', str(feed.fps)]
    there = subprocess.run(['/usr/bin/python3', '-c', 'import flask, gevent'],
                           stderr=subprocess.DEVNULL, check=False).returncode == 0
    return Kind('article', '/video_feed', command,
                None if there else 'python3-flask and python3-gevent are not installed')


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def listens(process, port, prefix, limit=10):
    """Waits until the server accepts; looks at the kernel's table, so as not to be a viewer."""
    wanted = f'{port:04X}'
    end = time.monotonic() + limit
    while time.monotonic() < end and process.poll() is None:
        table = subprocess.run(prefix + ['cat', '/proc/net/tcp'], capture_output=True, text=True,
                               check=False).stdout
        for line in table.splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(':' + wanted) and fields[3] == '0A':
                return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def running(bench, kind, feed, host='127.0.0.1', prefix=(), environment=None):
    """Starts a server, and ends it and only it."""
    prefix, port = list(prefix), free_port()
    command = prefix + pinned(SERVER_CORE, kind.command(bench, feed, host, port))
    with open(bench.folder / 'server.log', 'ab') as log:
        process = subprocess.Popen(command, stdout=log, stderr=log,
                                   env={**os.environ, **(environment or {})})
    try:
        if not listens(process, port, prefix):
            words = (bench.folder / 'server.log').read_text(errors='replace').strip()
            raise RuntimeError(f'{kind.name} does not listen: {words[-400:]}')
        yield process, port
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def result_of(program, limit=180):
    """Waits for a program that prints one line of JSON."""
    text, _ = program.communicate(timeout=limit)
    if program.returncode != 0:
        raise RuntimeError(f'{program.args[0]} failed')
    return json.loads(text)


def tasks(pid):
    return list(pathlib.Path(f'/proc/{pid}/task').iterdir())


def resident(pid):
    """Octets of memory that are in use at present."""
    for line in pathlib.Path(f'/proc/{pid}/status').read_text().splitlines():
        if line.startswith('VmRSS:'):
            return int(line.split()[1]) * 1024
    return 0

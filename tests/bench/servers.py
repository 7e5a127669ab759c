"""The servers of the bench: how each is started, and fed with the same pictures."""

import contextlib
import dataclasses
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.request

SERVER_CORE, LOAD_CORE = 0, 1


def pinned(core, command):
    if core is None or (os.cpu_count() or 1) < 2:
        return command
    return ['taskset', '-c', str(core)] + command


@dataclasses.dataclass(frozen=True)
class Feed:
    """What the camera gives: length of the pictures, frames per second."""
    size: str = '75k'
    fps: float = 30


class Kind:
    """A server that can be measured. `command(bench, feed, host, port)` gives its command line.

    `camera`: another Kind that it watches; its port is the command's fifth argument then.
    `tls`: it speaks TLS.
    `stamped`: the pictures arrive as they were made, so that a viewer knows each by its stamp.
    """

    def __init__(self, name, path, command, missing=None, camera=None, stamped=True, note='',
                 tls=False):
        self.name, self.path, self.command, self.missing = name, path, command, missing
        self.camera, self.stamped, self.note, self.tls = camera, stamped, note, tls


def floor(mode, queue_rule=True):
    def command(bench, feed, host, port):
        return [str(bench.programs / 'floor'), '--host', host, '--port', str(port), '--mode', mode,
                '--pictures', str(bench.pictures(feed.size)), '--fps', str(feed.fps),
                '--queue-rule', 'on' if queue_rule else 'off',
                '--low-water', '16384' if queue_rule else '0']
    return Kind('floor ' + mode + ('' if queue_rule else ', plain'), '/', command)


def floor_by(bench, mode):
    """The floor by a way of the kernel that this one may lack, or forbid, as many do io_uring."""
    kind = floor(mode)
    tried = subprocess.run([bench.programs / 'floor', '--mode', mode, '--try', 'on'],
                           capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        kind.missing = tried.stderr.strip()
    return kind


def onlooker(program, full_log=False, tls=False):
    def command(bench, feed, host, port):
        return [str(program), '--host', host, '--port', str(port),
                '--driver-dir', str(bench.programs), '--camera',
                f'bench=bench:{bench.pictures(feed.size)},fps={feed.fps}'
                + (f',before={bench.log_rows}' if full_log else '')] + (
                    ['--always-on'] if full_log else []) + (
                    [] if host.startswith('127.') else ['--public']) + (
                    ['--tls-self-signed', str(bench.folder / 'tls')] if tls else [])
    missing = None if program and program.exists() else 'onlooker is not built'
    return Kind('onlooker, TLS' if tls else 'onlooker', '/stream', command, missing, tls=tls)


def under_callgrind(bench):
    """onlooker with the pictures in a folder, as a camera gives them; its instructions are counted in
    callgrind.out when it ends."""
    def command(bench, feed, host, port):
        return ['valgrind', '--tool=callgrind',
                '--callgrind-out-file=' + str(bench.folder / 'callgrind.out'),
                str(bench.server), '--host', host, '--port', str(port),
                '--camera', f'emulated:{bench.pictures(feed.size)},fps={feed.fps}']
    missing = onlooker(bench.server).missing
    return Kind('onlooker', '/stream', command,
                missing or (None if shutil.which('valgrind') else 'valgrind is not installed'))


def testcard(program):
    """onlooker with a picture that tells its number, which any page may show."""
    def command(bench, feed, host, port):
        return [str(program), '--host', host, '--port', str(port), '--public', '--always-on',
                '--allow-origin', '*', '--camera', f'testcard:,size=1280x720,fps={feed.fps}']
    missing = onlooker(program).missing
    for needed in ('node', 'chromium'):
        missing = missing or (None if shutil.which(needed) else f'{needed} is not installed')
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


MOTION = """daemon off
target_dir {folder}
netcam_url http://127.0.0.1:{camera}/stream
width {width}
height {height}
framerate {fps:.0f}
picture_output off
movie_output off
webcontrol_port 0
stream_port {port}
stream_localhost off
stream_maxrate {fps:.0f}
"""
RESOLUTIONS = {'30k': (640, 480), '75k': (1280, 720), '165k': (1920, 1080)}


def motion(program, divisor=1):
    """Debian's motion, which reads network cameras: here an onlooker with the same pictures.

    It makes them smaller for all its viewers when it is told a size that is not the camera's.
    """
    def command(bench, feed, host, port, camera):
        width, height = RESOLUTIONS[feed.size]
        configuration = bench.folder / f'motion-{port}.conf'
        configuration.write_text(MOTION.format(folder=bench.folder, camera=camera,
                                               width=width // divisor, height=height // divisor, fps=feed.fps, port=port))
        return ['motion', '-c', str(configuration)]
    camera = onlooker(program)
    missing = camera.missing or (None if shutil.which('motion') else 'motion is not installed')
    return Kind('motion', '/', command, missing, camera, stamped=False,
                note='decodes, looks for motion and encodes again, a '
                'picture twice or never where the two clocks differ')


def capture_device():
    """The first V4L2 device that gives pictures; None without."""
    if not shutil.which('v4l2-ctl'):
        return None
    for path in sorted(pathlib.Path('/dev').glob('video*')):
        said = subprocess.run(['v4l2-ctl', '-d', str(path), '--list-formats'], capture_output=True,
                              text=True, check=False).stdout
        if 'Type: Video Capture' in said and '[0]' in said:
            return path
    return None


def ustreamer():
    """Debian's uStreamer, which reads V4L2 devices only: whatever camera there is feeds it."""
    device = capture_device()

    def command(bench, feed, host, port):
        width, height = RESOLUTIONS[feed.size]
        return ['ustreamer', '--device', str(device), '--host', host, '--port', str(port),
                '--resolution', f'{width}x{height}', '--desired-fps', f'{feed.fps:.0f}']
    missing = None if device else 'no V4L2 device that captures (looked for with v4l2-ctl)'
    if not shutil.which('ustreamer'):
        missing = 'ustreamer is not installed'
    return Kind('ustreamer', '/stream', command, missing, stamped=False,
                note=f'pictures of {device}')


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def listens(process, port, prefix, limit=30):
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


def first_picture(port, begin, path='/stream', limit=5):
    """Asks until a picture begins to arrive; gives the seconds since `begin`."""
    while time.monotonic() < begin + limit:
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{port}{path}', timeout=limit) as answer:
                seen = b''
                while b'\xff\xd8' not in seen:
                    piece = answer.read1(65536)
                    if not piece:
                        raise OSError('the server closed before a picture')
                    seen += piece
                return time.monotonic() - begin
        except (OSError, http.client.HTTPException):
            time.sleep(0.0005)
    raise RuntimeError('no picture')


@contextlib.contextmanager
def camera_of(bench, kind, feed):
    """The port of the camera that the server watches, which is not measured: on the load's core."""
    if not kind.camera:
        yield ()
        return
    with running(bench, kind.camera, feed, core=LOAD_CORE) as (_, port):
        yield (port,)


@contextlib.contextmanager
def running(bench, kind, feed, host='127.0.0.1', prefix=(), environment=None, core=SERVER_CORE):
    """Starts a server, and ends it and only it."""
    with camera_of(bench, kind, feed) as camera:
        port = free_port()
        command = list(prefix) + pinned(core, kind.command(bench, feed, host, port, *camera))
        with started(bench, kind, command, port, list(prefix), environment) as process:
            if kind.camera:  # which answers before it has found its camera
                first_picture(port, time.monotonic(), kind.path, 15)
            yield process, port


@contextlib.contextmanager
def started(bench, kind, command, port, prefix, environment):
    with open(bench.folder / 'server.log', 'ab') as log:
        process = subprocess.Popen(command, stdout=log, stderr=log,
                                   env={**os.environ, **(environment or {})})
    try:
        if not listens(process, port, prefix):
            words = (bench.folder / 'server.log').read_text(errors='replace').strip()
            raise RuntimeError(f'{kind.name} does not listen: {words[-400:]}')
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
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


def private(pid):
    """Octets of memory in use that no other process shares, but for those of files, which the kernel
    can read again."""
    return sum(int(line.split()[1]) * 1024
               for line in pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text().splitlines()
               if line.startswith('Private_Dirty:'))


def resident(pid):
    """Octets of memory that are in use at present."""
    for line in pathlib.Path(f'/proc/{pid}/status').read_text().splitlines():
        if line.startswith('VmRSS:'):
            return int(line.split()[1]) * 1024
    return 0

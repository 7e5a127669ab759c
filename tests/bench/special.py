"""Cases with a procedure of their own: each prints its rows and gives its figures."""

import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import time
import urllib.request

import servers
from rows import print_row


def encode(bench, **options):
    """TurboJPEG alone against the whole way of the capture thread; see encode.cpp."""
    results = servers.result_of(bench.program('encode', core=servers.SERVER_CORE, **options))
    for result in results:
        picture = f"{result['format']} {result['width']}x{result['height']}"
        if result['range'] != 'full':
            picture += f", {result['range']} range"
        print_row(('encode', picture, f"{result['whole_us'] / 1000:.3f} ms a picture, TurboJPEG "
                   f"alone {result['turbojpeg_us'] / 1000:.3f} ms: {result['ratio']:.2f}"))
    return results


def allocations(bench, few=100, many=200):
    """What a frame costs, and what a viewer adds to it, in calls of the allocator."""
    library = bench.programs / 'count_allocations.so'
    kind = servers.onlooker(bench.server)
    missing = kind.missing or (None if library.exists() else 'count_allocations.so is not built')
    if missing:
        return print_row(('allocations', kind.name, 'skipped: ' + missing))
    per_frame = {}
    for viewers in (few, many):
        counter = bench.folder / f'allocations-{viewers}'
        counter.write_bytes(bytes(8))
        environment = {'LD_PRELOAD': str(library), 'ONLOOKER_BENCH_COUNTER': str(counter)}
        with servers.running(bench, kind, servers.Feed(), environment=environment) as (_, port):
            result = servers.result_of(bench.program(
                'viewers', port=port, path=kind.path, viewers=viewers, counter=counter,
                warm_up=bench.warm_up, seconds=bench.seconds))
        if counter.read_bytes() == bytes(8) or not result['frames_made']:
            raise RuntimeError('allocations: nothing was counted')
        per_frame[viewers] = result['counted'] / result['frames_made']
    each = (per_frame[many] - per_frame[few]) / (many - few)
    print_row(('allocations', kind.name, f'{per_frame[many]:.2f} per frame with {many} viewers, '
               f'{per_frame[few]:.2f} with {few}: {each:.4f} per frame and viewer'))
    return {'per_frame': per_frame[many], 'per_frame_and_viewer': each}


SYSCALLS_FEED_RATE = 10  # frames per second: strace makes each call many times dearer
# Seconds until a viewer's first 30 frames are over, at each of which its queue is looked at.
SYSCALLS_SETTLE = 6
# After that at one in 32: whole rows of these.
SYSCALLS_WINDOW = 2 * 32 / SYSCALLS_FEED_RATE


class NotAllowed(Exception):
    """This machine lets no program look into another."""


def syscalls(bench, few=50, many=100, settle=SYSCALLS_SETTLE, window=SYSCALLS_WINDOW):
    """Calls into the kernel per frame and viewer, all threads, counted by strace."""
    kind = servers.onlooker(bench.server)
    missing = kind.missing or (None if shutil.which('strace') else 'strace is not installed')
    if missing:
        return print_row(('syscalls', kind.name, 'skipped: ' + missing))
    try:
        fewer, more = (calls_per_frame(bench, kind, viewers, settle, window)
                       for viewers in (few, many))
    except NotAllowed as error:
        return print_row(('syscalls', kind.name, f'skipped: {error}'))
    each = {name: (calls - fewer.get(name, 0)) / (many - few) for name, calls in more.items()}
    by_name = ', '.join(f'{name} {calls:.2f}' for name, calls in
                        sorted(each.items(), key=lambda item: -item[1]) if calls >= 0.01)
    print_row(('syscalls', kind.name, f'{sum(each.values()):.2f} per frame and viewer ({by_name}), '
               f'{sum(more.values()):.1f} per frame with {many} viewers'))
    return {'per_frame_and_viewer': sum(each.values()), 'by_name': each}


def calls_per_frame(bench, kind, viewers, settle, window):
    summary = bench.folder / f'strace-{viewers}'
    feed = servers.Feed('30k', SYSCALLS_FEED_RATE)
    with servers.running(bench, kind, feed) as (process, port):
        load = bench.program('viewers', port=port, path=kind.path, viewers=viewers, warm_up=settle,
                             seconds=window + 2)
        time.sleep(settle + viewers / 1000)
        with subprocess.Popen(['strace', '-c', '-f', '-p', str(process.pid), '-o', str(summary)],
                              stderr=subprocess.PIPE, text=True) as tracer:
            said = tracer.stderr.readline()
            begin = time.monotonic()
            if 'attached' in said:
                time.sleep(window)
            tracer.send_signal(signal.SIGINT)
            seconds = time.monotonic() - begin
            tracer.stderr.read()
        servers.result_of(load)
    if 'attached' not in said:
        raise NotAllowed(said.strip() or 'strace could not attach')
    calls = {}
    for line in summary.read_text().splitlines():
        fields = line.split()
        if len(fields) >= 5 and fields[0][0].isdigit() and fields[-1] != 'total':
            calls[fields[-1]] = int(fields[3]) / (seconds * SYSCALLS_FEED_RATE)
    return calls


# Viewers of the two measurements that tell a frame's cost from a viewer's.
INSTRUCTIONS_VIEWERS = (1, 11)


def instructions(bench, seconds=10):
    """What callgrind counts in user space: for a start with one request, for a frame of a JPEG camera,
    and for each viewer that it is sent to.

    The latter two are the unknowns of two measurements. Each is the difference of a long run and a short
    one, which opened the camera and let its viewers in as well.
    """
    kind = servers.under_callgrind(bench)
    if kind.missing:
        return print_row(('instructions', kind.name, 'skipped: ' + kind.missing))
    begun, _, _ = counted_run(bench, kind, 0, 0)
    (few, few_frames, few_sent), (many, many_frames, many_sent) = (
        [long - short for long, short in zip(counted_run(bench, kind, viewers, seconds),
                                             counted_run(bench, kind, viewers, seconds / 5))]
        for viewers in INSTRUCTIONS_VIEWERS)
    # few = frame * few_frames + viewer * few_sent, and so on.
    scale = few_frames * many_sent - many_frames * few_sent
    if not scale:
        raise RuntimeError('instructions: too few frames came')
    frame = (few * many_sent - many * few_sent) / scale
    viewer = (few_frames * many - many_frames * few) / scale
    print_row(('instructions', kind.name, f'{begun / 1e6:.1f} million for start, one request and '
               f'end; {frame:.0f} per frame, and {viewer:.0f} for each viewer of it'))
    return {'start': begun, 'per_frame': frame, 'per_frame_and_viewer': viewer}


def counted_run(bench, kind, viewers, seconds):
    """(instructions, frames made, frames sent) from the start of the server to its end."""
    counts = bench.folder / 'callgrind.out'
    with servers.running(bench, kind, servers.Feed()) as (_, port):
        if viewers:
            servers.result_of(bench.program('viewers', port=port, path=kind.path, viewers=viewers,
                                            warm_up=0, seconds=seconds))
        with urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=30) as answer:
            metrics = [line.split() for line in answer.read().decode().splitlines()]
    made, sent = (sum(float(line[1]) for line in metrics if line[0].startswith(name))
                  for name in ('onlooker_frames_published_total', 'onlooker_sent_frames_total'))
    for line in counts.read_text().splitlines():
        if line.startswith('totals: '):
            return int(line.split()[1]), made, sent
    raise RuntimeError('instructions: callgrind did not count')


def accept(bench, seconds=3, clients=50):
    """CPU time for one who comes, takes the first picture and goes; see downloads.cpp.

    One frame per second, so that the newest lies there and hardly any other is sent.
    """
    results, feed = {}, servers.Feed('30k', 1)
    server = servers.onlooker(bench.server)
    asked = ((servers.floor('send'), '/', 'first picture'),
             (server, server.path, 'first picture'), (server, '/healthz', 'answer'))
    for kind, path, what in asked:
        if kind.missing:
            print_row(('accept', kind.name, 'skipped: ' + kind.missing))
            continue
        with servers.running(bench, kind, feed) as (process, port):
            leave = {'leave_after': 30_000} if path == kind.path else {}
            result = servers.result_of(bench.program(
                'downloads', port=port, path=path, clients=clients, seconds=seconds,
                server_pid=process.pid, **leave))
        if result['answers'] <= result['failed']:
            raise RuntimeError(f'accept: {kind.name} answered nobody')
        cost = result['server_cpu_us_per_answer']
        results[kind.name, what] = cost
        base = results.get(('floor send', what))
        print_row(('accept', kind.name, f'{cost:.1f} us of CPU per newcomer, from accept over the '
                   f'{what} of {path} to the close' + (f': {cost / base:.2f} x floor' if base else '')
                   + (f", {result['failed']:.0f} failed" if result['failed'] else '')))
    return {f'{name}, {what}': cost for (name, what), cost in results.items()}


def wait_for_log(port, rows):
    """Until the camera has filled the frame log with small pictures and begun with the others."""
    print(f'(filling the frame log with {rows} rows, at 240 a second)', flush=True)
    end = time.monotonic() + 30 + rows / 200
    while time.monotonic() < end:
        time.sleep(5)
        with urllib.request.urlopen(f'http://127.0.0.1:{port}/frames.csv', timeout=30) as answer:
            table = answer.read().splitlines()
        if len(table) > 0.9 * rows and int(table[-1].split(b',')[3]) > 20_000:
            return
    raise RuntimeError('the frame log did not fill')


def emulated(bench):
    return servers.Kind('onlooker', '/stream', lambda b, feed, host, port: [
        str(b.server), '--host', host, '--port', str(port)],
        None if bench.server.exists() else 'onlooker is not built')


def start(bench):
    """From exec to the first picture out, with the emulated camera."""
    kind = emulated(bench)
    if kind.missing:
        return print_row(('start', kind.name, 'skipped: ' + kind.missing))
    times = []
    for _ in range(10):
        port = servers.free_port()
        begin = time.monotonic()
        process = subprocess.Popen(servers.pinned(servers.SERVER_CORE, kind.command(
            bench, None, '127.0.0.1', port)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            times.append(servers.first_picture(port, begin))
        finally:
            process.terminate()
            process.wait(5)
    median = statistics.median(times) * 1000
    print_row(('start', kind.name, f'{median:.1f} ms from exec to the first picture (median of 10)'))
    return median


def switches(pid):
    total = 0
    for task in servers.tasks(pid):
        for line in (task / 'status').read_text().splitlines():
            if 'ctxt_switches' in line:
                total += int(line.split()[1])
    return total


def as_a_service(bench):
    """What root starts a server with, so that it runs as a service does: as a user of its own from the start.
    Nothing for others, and where that user cannot reach the program."""
    user = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups']
    if os.geteuid() != 0 or subprocess.run(user + ['test', '-x', str(bench.server)],
                                           check=False).returncode:
        return []
    return user


def idle(bench, settle=12, seconds=10):
    """Nobody watches, after somebody did: memory, and how often any thread woke."""
    kind = emulated(bench)
    if kind.missing:
        return print_row(('idle', kind.name, 'skipped: ' + kind.missing))
    user = as_a_service(bench)
    with servers.running(bench, kind, None, prefix=user) as (process, port):
        servers.first_picture(port, time.monotonic())
        time.sleep(settle)  # the camera closes ten seconds after the last viewer
        before = switches(process.pid)
        time.sleep(seconds)
        wakes = (switches(process.pid) - before) / seconds
        resident, private = servers.resident(process.pid), servers.private(process.pid)
    print_row(('idle', kind.name, f'{resident / 1024:.0f} KiB resident, {private / 1024:.0f} of them '
               f'of its own, {wakes:.1f} wake-ups/s' +
               (', as root' if not user and os.geteuid() == 0 else '')))
    return {'resident': resident, 'private': private, 'wake_ups_per_second': wakes}

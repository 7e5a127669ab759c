"""The cases of the variants: pictures that are made smaller, turned, or at a lower rate."""

import json
import statistics
import time
import urllib.request

import servers
from rows import print_row

# Of a 1280x720 source at its default quality; each is a making of its own.
EIGHT_RECIPES = ('scale=1/2', 'scale=1/4', 'scale=3/8', 'rotate=90&scale=1/2', 'grey=1&scale=1/2',
                 'quality=40&scale=3/4', 'flip=h&scale=1/4', 'crop=320,180,640,360&scale=1/2')


def cost(bench, **options):
    """A worker's whole way for one frame against TurboJPEG alone; see variants.cpp."""
    results = servers.result_of(bench.program('variants', core=servers.SERVER_CORE, **options))
    for result in results:
        print_row(('variants-cost', result['recipe'],
                   f"{result['whole_us'] / 1000:.3f} ms a frame, TurboJPEG alone "
                   f"{result['turbojpeg_us'] / 1000:.3f} ms: {result['ratio']:.2f}; "
                   f"{result['octets'] / 1000:.1f} KB"))
    return results


def made(port):
    """The variants as /state tells them."""
    with urllib.request.urlopen(f'http://127.0.0.1:{port}/state', timeout=5) as answer:
        return json.load(answer)['result']['onlooker']['variants']


def shared(bench, few=1, many=100, query='scale=1/2'):
    """One recipe with few viewers and with many: how often it is made, and what a making takes."""
    results = {}
    kind = servers.onlooker(bench.server)
    if kind.missing:
        return print_row(('variants-shared', kind.name, 'skipped: ' + kind.missing))
    for viewers in (few, many):
        with servers.running(bench, kind, servers.Feed()) as (process, port):
            load = bench.program('viewers', port=port, path=f'/stream?{query}', viewers=viewers,
                                 stamped='off', warm_up=bench.warm_up, seconds=bench.seconds,
                                 server_pid=process.pid)
            time.sleep(viewers / 1000 + bench.warm_up)
            before, begin = made(port)[0]['frames'], time.monotonic()
            times = []
            while time.monotonic() < begin + bench.seconds / 2:
                times.append(made(port)[0]['encode_ms'])
                time.sleep(0.05)
            rate = (made(port)[0]['frames'] - before) / (time.monotonic() - begin)
            seen = servers.result_of(load)
        results[viewers] = {'made_per_second': rate, 'ms': statistics.median(times),
                            **costs(seen)}
        print_row(('variants-shared', f'{viewers} viewers', f'{rate:.1f} made a second, '
                   f"{statistics.median(times):.2f} ms each; {words(results[viewers])}"))
    return results | {'motion': shared_by_motion(bench, few, many)}


def shared_by_motion(bench, few, many):
    """The same half size by motion, which has one size per camera."""
    results = {}
    kind = servers.motion(bench.server, divisor=2)
    if kind.missing:
        return print_row(('variants-shared', kind.name, 'skipped: ' + kind.missing))
    for viewers in (few, many):
        with servers.running(bench, kind, servers.Feed()) as (process, port):
            seen = servers.result_of(bench.program(
                'viewers', port=port, path=kind.path, viewers=viewers, stamped='off',
                warm_up=bench.warm_up, seconds=bench.seconds, server_pid=process.pid))
        results[viewers] = costs(seen)
        print_row(('variants-shared', f'motion, {viewers} viewers', words(results[viewers])))
    return results


def costs(seen):
    cost = seen['server']['cpu_us_per_frame_and_viewer']
    return {'fps': seen['fps_mean'], 'us_per_frame_and_viewer': cost,
            'core_share': seen['server']['cpu_share']}


def words(cost):
    return (f"{cost['fps']:.1f} fps, {cost['us_per_frame_and_viewer']:.0f} us of CPU per frame and "
            f"viewer, {cost['core_share']:.0%} of a core")


def pace(bench, rate=10):
    """How even the gaps of `fps=` are, as a client sees them."""
    kind = servers.onlooker(bench.server)
    if kind.missing:
        return print_row(('variants-fps', kind.name, 'skipped: ' + kind.missing))
    with servers.running(bench, kind, servers.Feed()) as (_, port):
        with urllib.request.urlopen(f'http://127.0.0.1:{port}/stream?fps={rate}', timeout=10) as answer:
            arrivals = arrivals_of(answer, 1 + bench.seconds)
    arrivals = [time for time in arrivals if time > arrivals[0] + 1]
    gaps = [(after - before) * 1000 for before, after in zip(arrivals, arrivals[1:])]
    mean = (len(arrivals) - 1) / (arrivals[-1] - arrivals[0])
    worst = max(abs(gap - 1000 / rate) for gap in gaps)
    print_row(('variants-fps', f'fps={rate} of 30', f'{mean:.2f} a second, gaps '
               f'{min(gaps):.1f} to {max(gaps):.1f} ms: {worst:.1f} ms from even'))
    return {'fps': mean, 'worst_ms_from_even': worst}


def arrivals_of(answer, seconds):
    """When each part's head came."""
    arrivals = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        line = answer.readline(65536)
        if not line:
            raise RuntimeError('the stream ended')
        if line.lower().startswith(b'content-length:'):
            arrivals.append(time.monotonic())
            length = int(line.split(b':')[1])
            while answer.readline(65536).strip():
                pass
            answer.read(length)
    return arrivals


def viewers_of_recipes(bench, port, load):
    """One viewer of each recipe, for as long as the counted viewers are there."""
    seconds = load['alone'] + load['viewers'] / 1000 + load['warm_up'] + load['seconds']
    return [bench.program('viewers', port=port, path='/stream?' + query, viewers=1, stamped='off',
                          warm_up=0, seconds=seconds, drain=0.5) for query in EIGHT_RECIPES]

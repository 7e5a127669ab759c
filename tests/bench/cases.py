"""What is measured: the cases, in the order of the table."""

import dataclasses
import fnmatch
import json
import statistics
import subprocess
import time
import urllib.request

import links
import servers


@dataclasses.dataclass(frozen=True)
class Feed:
    size: str = '75k'
    fps: float = 30


@dataclasses.dataclass(frozen=True)
class Case:
    """`load`: options of `viewers`. `kinds`: beside floor and onlooker, who else takes part."""
    name: str
    feed: Feed = Feed()
    load: dict = dataclasses.field(default_factory=dict)
    others: tuple = ()
    storm: int = 0
    link: object = None  # function of (bench, seconds) that gives a context with a Link
    change: tuple = ()   # (rate, before warm-up ends) for a token bucket
    special: object = None


def all_cases():
    yield from fan_out_cases()
    yield from trouble_cases()
    yield from link_cases()
    yield Case('encode', special=encode)
    yield Case('start', special=start)
    yield Case('idle', special=idle)


def fan_out_cases():
    for count in (1, 10, 100, 1000, 3000):
        others = ('article',) if count <= 1000 else ()
        yield Case(f'viewers-{count}', load={'viewers': count}, others=others)
    for size in ('30k', '165k'):
        for count in (1, 100, 1000):
            yield Case(f'viewers-{count}-{size}', Feed(size), {'viewers': count})
    for count in (1, 100, 1000):
        yield Case(f'viewers-{count}-60fps', Feed(fps=60), {'viewers': count})
    yield Case('viewers-3000-1fps', Feed(fps=1), {'viewers': 3000, 'seconds': 10})
    ways = ('sendfile', 'splice', 'zerocopy', 'uring', 'uring-fixed', 'uring-zerocopy')
    for size in ('30k', '75k', '165k'):
        yield Case(f'ways-{size}', Feed(size), {'viewers': 1000}, others=ways)


def trouble_cases():
    yield Case('storm', load={'viewers': 100, 'seconds': 6}, storm=1000)
    yield Case('slow', load={'viewers': 80, 'not_reading': 10, 'slow': 10, 'slow_rate': 225_000})


def link_cases():
    varied = Feed('73k-138k')
    load = {'viewers': 1, 'warm_up': 6, 'seconds': 12, 'drain': 3}
    yield Case('link-8M', varied, load, ('plain',), link=lambda b, s: links.token_bucket(8e6))
    yield Case('link-20M-80ms', varied, load, ('plain',),
               link=lambda b, s: links.delay_line(b, 20e6, 40, s))
    yield Case('link-8M-to-4M', varied, load, link=lambda b, s: links.token_bucket(8e6),
               change=(4e6, 4))
    yield Case('link-4M-to-8M', varied, load, link=lambda b, s: links.token_bucket(4e6),
               change=(8e6, 4))
    yield Case('link-20M-to-8M-80ms', varied, load,
               link=lambda b, s: links.delay_line(b, 20e6, 40, s, then=(8e6, 4)))


def kinds_of(bench, case):
    kinds = [servers.floor('send'), servers.onlooker(bench.server)]
    for other in case.others:
        if other == 'article':
            kinds.append(servers.article())
        elif other == 'plain':
            kinds.append(servers.floor('send', queue_rule=False))
        else:
            kinds.append(servers.floor(other))
    return kinds


def result_of(load, limit=180):
    text, _ = load.communicate(timeout=limit)
    if load.returncode != 0:
        raise RuntimeError('the load failed')
    return json.loads(text)


def measure(bench, kind, case):
    """One server, once."""
    load = {'warm_up': bench.warm_up, 'seconds': bench.seconds, **case.load, 'path': kind.path}
    if case.link:
        return measure_link(bench, kind, case, load)
    with servers.running(bench, kind, case.feed) as (process, port):
        running = bench.viewers(port=port, server_pid=process.pid, **load)
        if case.storm:
            time.sleep(1 + load['viewers'] / 1000 + load['warm_up'] + 1)
            storm = bench.viewers(port=port, path=kind.path, viewers=case.storm,
                                  connect_rate=case.storm, warm_up=0, seconds=2, drain=0.5)
            newcomers = result_of(storm)
            result = result_of(running)
            result['storm_first_picture_ms'] = newcomers['first_picture_ms']
            result['closed'] += newcomers['closed'] + newcomers['without_picture']
            return result
        return result_of(running)


def measure_link(bench, kind, case, load):
    with case.link(bench, 60) as link:
        with servers.running(bench, kind, case.feed, link.host,
                             link.inside(link.left)) as (process, port):
            running = bench.viewers(link.inside(link.right), host=link.host, port=port,
                                    server_pid=process.pid, **load)
            if case.change:
                time.sleep(load['warm_up'] - case.change[1] + 1)
                link.change(case.change[0])
            result = result_of(running)
    result['link_share'] = result['octets_per_second'] / link.capacity()
    return result


def middle(results):
    """The median of several rounds, figure by figure."""
    first = results[0]
    if isinstance(first, dict):
        return {key: middle([result[key] for result in results]) for key in first}
    return statistics.median(results)


COLUMNS = ('case', 'server', 'us/frame*viewer', 'x floor', 'fps', 'worst', 'missed', 'p50 ms',
           'x floor', 'p99 ms', 'x floor', 'max ms', 'KiB/viewer', 'MB/s', 'csw/s', 'note')
WIDTHS = (20, 20, 15, 8, 6, 6, 8, 8, 8, 8, 8, 8, 10, 7, 7, 0)


def print_row(cells):
    print('  '.join(str(cell).ljust(width) if i < 2 or not width else str(cell).rjust(width)
                    for i, (cell, width) in enumerate(zip(cells, WIDTHS))).rstrip(), flush=True)


def note_of(result):
    notes = []
    if 'link_share' in result:
        notes.append(f"{result['link_share']:.1%} of the link")
    if 'storm_first_picture_ms' in result:
        notes.append(f"newcomers' first picture p99 {result['storm_first_picture_ms']['p99']:.1f} ms")
    if result['closed']:
        notes.append(f"{result['closed']:.0f} closed")
    if result['repeated']:
        notes.append(f"{result['repeated']:.0f} repeated")
    if result['load_cpu_share'] > 0.9:
        notes.append('the load was the limit')
    return ', '.join(notes)


def print_result(case, kind, result, floor):
    cost, floor_cost = (r['server']['cpu_us_per_frame_and_viewer'] for r in (result, floor))
    age, floor_age = result['age_ms'], floor['age_ms']

    def times(value, base):
        return f'{value / base:.2f}' if base else '-'

    print_row((case.name, kind.name, f'{cost:.2f}', times(cost, floor_cost),
               f"{result['fps_mean']:.1f}", f"{result['fps_worst']:.1f}",
               f"{result['missed_share']:.2%}", f"{age['p50']:.2f}",
               times(age['p50'], floor_age['p50']), f"{age['p99']:.2f}",
               times(age['p99'], floor_age['p99']), f"{age['max']:.1f}",
               f"{result['server']['private_per_viewer'] / 1024:.1f}",
               f"{result['octets_per_second'] / 1e6:.0f}",
               f"{result['server']['voluntary_switches_per_second']:.0f}", note_of(result)))


def run_case(bench, case):
    """Rounds of A B A B; what cannot take part is told once."""
    kinds, rounds = [], {}
    for kind in kinds_of(bench, case):
        if kind.missing:
            print_row((case.name, kind.name, 'skipped: ' + kind.missing))
        else:
            kinds.append(kind)
            rounds[kind.name] = []
    for _ in range(bench.rounds):
        for kind in list(kinds):
            try:
                rounds[kind.name].append(measure(bench, kind, case))
            except RuntimeError as error:
                print_row((case.name, kind.name, f'failed: {error}'))
                kinds.remove(kind)
    results = {kind.name: middle(rounds[kind.name]) for kind in kinds}
    for kind in kinds:
        print_result(case, kind, results[kind.name], next(iter(results.values())))
    return results


def run(bench, patterns):
    results = {}
    print_row(COLUMNS)
    for case in all_cases():
        if patterns and not any(fnmatch.fnmatch(case.name, pattern) for pattern in patterns):
            continue
        if case.special:
            results[case.name] = case.special(bench)
        elif case.link and links.missing():
            print_row((case.name, '-', 'skipped: ' + links.missing()))
        else:
            results[case.name] = run_case(bench, case)
    return results


def encode(bench):
    program = bench.programs / 'encode'
    if not program.exists():
        print_row(('encode', '-', 'skipped: the encode program is not built'))
        return None
    text = subprocess.run(servers.pinned(servers.SERVER_CORE, [str(program)]), check=True,
                          capture_output=True, text=True).stdout
    print(text, end='', flush=True)
    return text


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
            times.append(first_picture(port, begin))
        finally:
            process.terminate()
            process.wait(5)
    median = statistics.median(times) * 1000
    print_row(('start', kind.name, f'{median:.1f} ms from exec to the first picture (median of 10)'))
    return median


def first_picture(port, begin, limit=5):
    while time.monotonic() < begin + limit:
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{port}/stream', timeout=limit) as answer:
                seen = b''
                while b'\xff\xd8' not in seen:
                    piece = answer.read1(65536)
                    if not piece:
                        raise RuntimeError('the server closed before a picture')
                    seen += piece
                return time.monotonic() - begin
        except OSError:
            time.sleep(0.0005)
    raise RuntimeError('no picture')


def switches(pid):
    total = 0
    for task in servers.tasks(pid):
        for line in (task / 'status').read_text().splitlines():
            if 'ctxt_switches' in line:
                total += int(line.split()[1])
    return total


def idle(bench):
    """Nobody watches, after somebody did: memory, and how often any thread woke."""
    kind = emulated(bench)
    if kind.missing:
        return print_row(('idle', kind.name, 'skipped: ' + kind.missing))
    with servers.running(bench, kind, None) as (process, port):
        first_picture(port, time.monotonic())
        time.sleep(12)  # the camera closes ten seconds after the last viewer
        before = switches(process.pid)
        time.sleep(10)
        wakes = (switches(process.pid) - before) / 10
        resident = servers.resident(process.pid)
    print_row(('idle', kind.name, f'{resident / 2**20:.1f} MiB resident, {wakes:.1f} wake-ups/s'))
    return {'resident': resident, 'wake_ups_per_second': wakes}


def smoke(bench):
    """Everything once, for a moment: who takes part delivers pictures to everybody."""
    bench.seconds, bench.warm_up = 1, 0.3
    plain = Case('smoke', Feed('30k'), {'viewers': 20, 'drain': 0.5, 'not_reading': 1, 'slow': 1},
                 ('article', 'sendfile'))
    failures = 0
    for kind in kinds_of(bench, plain):
        if kind.missing:
            print(f'bench smoke: {kind.name}: skipped: {kind.missing}')
            continue
        result = measure(bench, kind, plain)
        good = (result['frames_made'] > 0 and result['without_picture'] == 0
                and result['closed'] == 0 and result['server']['cpu_us_per_frame_and_viewer'] > 0)
        print(f"bench smoke: {kind.name}: {'ok' if good else 'FAILED: ' + json.dumps(result)}")
        failures += not good
    return 1 if failures else 0

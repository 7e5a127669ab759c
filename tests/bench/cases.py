"""What is measured: the cases, in the order of the table."""

import dataclasses
import fnmatch
import resource
import statistics
import subprocess
import time

import auto
import links
import rows
import servers
import special
import tls
import variants
from rows import print_row
from servers import Feed


# Of the kernel, beside `send`; see floor --help.
WAYS = ('sendfile', 'splice', 'zerocopy', 'uring', 'uring-fixed', 'uring-zerocopy')
# What a single measurement may end with without ending all others.
FAILURES = (RuntimeError, OSError, subprocess.SubprocessError)


@dataclasses.dataclass(frozen=True)
class Case:
    """`load`: options of `viewers`. `kinds`: beside floor and onlooker, who else takes part."""
    name: str
    feed: Feed = Feed()
    load: dict = dataclasses.field(default_factory=dict)
    others: tuple = ()
    storm: int = 0
    link: object = None  # function of (bench, seconds) that gives a context with a Link
    change: tuple = ()   # (rate, seconds after the start) for a token bucket
    special: object = None
    beside: dict = dataclasses.field(default_factory=dict)  # options of `downloads`, at that time
    full_log: bool = False  # first the frame log is filled, which takes minutes; one round
    only_onlooker: bool = False  # what no other server has
    recipes: bool = False  # eight viewers beside, each of a recipe of its own
    both_cores: bool = False  # for the server, where it is usually one
    trouble: bool = False  # tell how many of the running viewers missed a frame


def all_cases():
    yield from fan_out_cases()
    yield from trouble_cases()
    yield from link_cases()
    yield from variant_cases()
    yield Case('auto', special=auto.measure)
    yield Case('auto-page', special=auto.page)
    yield Case('tls', special=tls.cost)
    yield Case('encode', special=special.encode)
    yield Case('allocations', special=special.allocations)
    yield Case('syscalls', special=special.syscalls)
    yield Case('instructions', special=special.instructions)
    yield Case('accept', special=special.accept)
    yield Case('start', special=special.start)
    yield Case('idle', special=special.idle)


def fan_out_cases():
    for fps in (30, 60):
        for size in ('75k', '30k', '165k'):
            # The usual is not named: 75k, 30 fps.
            name = ('' if size == '75k' else '-' + size) + ('' if fps == 30 else f'-{fps}fps')
            for count in (1, 10, 100, 1000, 3000):
                yield Case(f'viewers-{count}{name}', Feed(size, fps), {'viewers': count},
                           others=others_beside(count) if not name else ())
    for count in (3000, 10_000):
        yield Case(f'viewers-{count}-1fps', Feed(fps=1), {'viewers': count, 'seconds': 8})
    for count in (1250, 1500, 1750):  # where one core becomes too small
        yield Case(f'viewers-{count}', load={'viewers': count})
    for size in ('30k', '75k', '165k'):
        yield Case(f'ways-{size}', Feed(size), {'viewers': 1000, 'seconds': 3}, others=WAYS)


def others_beside(count):
    article = ('article',) if count <= 1000 else ()
    return article + (('motion', 'ustreamer') if count in (10, 100) else ())


def trouble_cases():
    yield Case('storm', load={'viewers': 100, 'seconds': 6}, storm=1000, trouble=True)
    yield Case('slow', load={'viewers': 80, 'not_reading': 10, 'slow': 10, 'slow_rate': 225_000},
               trouble=True)
    yield Case('snapshots', load={'viewers': 100}, beside={'path': '/snapshot', 'clients': 50},
               only_onlooker=True, trouble=True)
    # Half the rate, so that the core has room for them and for somebody else.
    yield Case('snapshots-1000-15fps', Feed(fps=15), {'viewers': 1000}, trouble=True,
               beside={'path': '/snapshot', 'clients': 50}, only_onlooker=True)
    yield Case('tables', load={'viewers': 100}, full_log=True, only_onlooker=True, trouble=True,
               beside={'path': '/frames.csv', 'clients': 10, 'slow': 10, 'slow_rate': 200_000})


def variant_cases():
    yield Case('variants-cost', special=variants.cost)
    yield Case('variants-shared', special=variants.shared)
    yield Case('variants-fps', special=variants.pace)
    # The server has both cores, as a machine with recipes to make would give it.
    for name, recipes in (('variants-without', False), ('variants-beside', True)):
        yield Case(name, load={'viewers': 1000}, recipes=recipes, both_cores=True,
                   only_onlooker=True, trouble=True)


def link_cases():
    varied = Feed('73k-138k')
    load = {'viewers': 1, 'warm_up': 6, 'seconds': 10, 'drain': 2}
    yield Case('link-8M', varied, load, ('plain', 'tls'), link=lambda b, s: links.token_bucket(8e6))
    yield Case('link-20M-80ms', varied, load, ('plain', 'tls'),
               link=lambda b, s: links.delay_line(b, 20e6, 40, s))
    # The newest picture is half a period old when the wire is free, at the median: at 30 fps that is
    # 17 ms which no server can save.
    often = Feed('73k-138k', fps=60)
    yield Case('link-8M-60fps', often, load, link=lambda b, s: links.token_bucket(8e6))
    yield Case('link-20M-80ms-60fps', often, load,
               link=lambda b, s: links.delay_line(b, 20e6, 40, s))
    yield Case('link-8M-to-4M', varied, load, link=lambda b, s: links.token_bucket(8e6),
               change=(4e6, 4))
    yield Case('link-4M-to-8M', varied, load, link=lambda b, s: links.token_bucket(4e6),
               change=(8e6, 4))
    yield Case('link-20M-to-8M-80ms', varied, load,
               link=lambda b, s: links.delay_line(b, 20e6, 40, s, then=(8e6, 4)))
    yield Case('link-8M-to-20M-80ms', varied, load,
               link=lambda b, s: links.delay_line(b, 8e6, 40, s, then=(20e6, 4)))


def kinds_of(bench, case):
    if case.only_onlooker:
        return [servers.onlooker(bench.server, case.full_log)]
    kinds = [servers.floor('send'), servers.onlooker(bench.server)]
    for other in case.others:
        if other == 'article':
            kinds.append(servers.article())
        elif other == 'motion':
            kinds.append(servers.motion(bench.server))
        elif other == 'ustreamer':
            kinds.append(servers.ustreamer())
        elif other == 'tls':
            kinds.append(servers.onlooker(bench.server, tls=True))
        elif other == 'plain':
            kinds.append(servers.floor('send', queue_rule=False))
        else:
            kinds.append(servers.floor_by(bench, other))
    return kinds


def measure(bench, kind, case):
    """One server, once."""
    load = {'alone': bench.alone, 'warm_up': bench.warm_up, 'seconds': bench.seconds,
            'drain': bench.drain, **case.load, 'path': kind.path}
    if not kind.stamped:
        load['stamped'] = 'off'
    if kind.tls:
        load['tls'] = 'on'
    if case.link:
        return measure_link(bench, kind, case, load)
    core = None if case.both_cores else servers.SERVER_CORE
    with servers.running(bench, kind, case.feed, core=core) as (process, port):
        if case.full_log:
            special.wait_for_log(port, bench.log_rows)
        running = bench.program('viewers', port=port, server_pid=process.pid, **load)
        if case.recipes:
            others = variants.viewers_of_recipes(bench, port, load)
            result = servers.result_of(running)
            result['recipes_fps'] = statistics.mean(
                servers.result_of(other)['fps_mean'] for other in others)
            return result
        if case.storm:
            time.sleep(load['alone'] + load['viewers'] / 1000 + load['warm_up'] + 1)
            storm = bench.program('viewers', port=port, path=kind.path, viewers=case.storm,
                                  connect_rate=case.storm, warm_up=0, seconds=2, drain=0.5)
            newcomers = servers.result_of(storm)
            result = servers.result_of(running)
            result['storm_first_picture_ms'] = newcomers['first_picture_ms']
            result['closed'] += newcomers['closed'] + newcomers['without_picture']
            return result
        if case.beside:
            # Begins in the middle of the warm-up and lasts as long as the window.
            time.sleep(load['alone'] + load['viewers'] / 1000 + load['warm_up'] / 2)
            beside = bench.program('downloads', port=port, **case.beside,
                                   seconds=load['warm_up'] / 2 + load['seconds'])
            crowd = servers.result_of(beside)
            return servers.result_of(running) | {'beside': crowd}
        return servers.result_of(running)


def measure_link(bench, kind, case, load):
    with case.link(bench, 60) as link:
        with servers.running(bench, kind, case.feed, link.host,
                             link.inside(link.left)) as (process, port):
            running = bench.program('viewers', link.inside(link.right), host=link.host, port=port,
                                    server_pid=process.pid, **load)
            if case.change:
                time.sleep(case.change[1])
                link.change(case.change[0])
            result = servers.result_of(running)
    result['link_share'] = result['octets_per_second'] / link.capacity()
    return result


# Of these the worst round is told, which a median would hide. `max` is the highest of the ages.
HIGHEST = ('missed_share', 'max', 'closed', 'failed', 'without_picture')
LOWEST = ('fps_worst', 'complete_viewers')


def together(results, name=''):
    """Several rounds as one, figure by figure: the median, or the worst."""
    first = results[0]
    if isinstance(first, dict):
        return {key: together([result[key] for result in results], key) for key in first}
    if name in HIGHEST:
        return max(results)
    return min(results) if name in LOWEST else statistics.median(results)


def note_of(case, kind, result):
    notes = []
    if case.trouble:
        late = result['viewers'] - result['complete_viewers']
        notes.append(f"{late:.0f} of {result['viewers']:.0f} running viewers missed a frame")
    if 'beside' in result:
        crowd = result['beside']
        notes.append(f"beside {crowd['answers_per_second']:.0f} answers/s, "
                     f"{crowd['octets_per_second'] / 1e6:.0f} MB/s")
        if crowd['failed']:
            notes.append(f"{crowd['failed']:.0f} of them failed")
    if 'recipes_fps' in result:
        notes.append(f"eight recipes beside, {result['recipes_fps']:.1f} fps each in the mean")
    if 'link_share' in result:
        notes.append(f"{result['link_share']:.1%} of the link")
    if 'storm_first_picture_ms' in result:
        notes.append(f"newcomers' first picture p99 {result['storm_first_picture_ms']['p99']:.1f} ms")
    if result['server']['private_growth_in_window'] > 1024 * result['viewers'] and not case.storm:
        grown = result['server']['private_growth_in_window'] / result['viewers'] / 1024
        notes.append(f'memory still grew, by {grown:.1f} KiB/viewer')
    if result['closed']:
        notes.append(f"{result['closed']:.0f} closed")
    if result['repeated']:
        repeated = result['repeated_octets_per_second'] / 1e6
        notes.append(f"{result['repeated']:.0f} frames sent a second time, {repeated:.0f} MB/s more")
    if result['load_cpu_share'] > 0.9:
        notes.append('the load was the limit')
    if kind.note:
        notes.append(kind.note)
    return ', '.join(notes)


def cost_of(result):
    return result['server']['cpu_us_per_frame_and_viewer']


def times(value, base):
    return f'{value / base:.2f}' if base else '-'


def stamp_cells(result, floor_age):
    """What only a picture's stamp can tell: the cells from `missed` to `unfair`."""
    age = result['age_ms']
    return (f"{result['missed_share']:.2%}", f"{age['p50']:.2f}",
            times(age['p50'], floor_age['p50']), f"{age['p99']:.2f}",
            times(age['p99'], floor_age['p99']), f"{age['max']:.1f}",
            f"{result['worst_mean_age_ratio']:.2f}")


def print_result(case, kind, result, floor):
    """`floor`: the result of the floor, None where it takes no part."""
    server = result['server']
    cost, floor_cost = cost_of(result), cost_of(floor) if floor else 0
    floor_age = floor['age_ms'] if floor else {'p50': 0, 'p99': 0}
    # A server that encodes again leaves no stamp by which to know a picture.
    missed, *age, unfair = stamp_cells(result, floor_age) if kind.stamped else ['-'] * 7
    print_row((case.name, kind.name, f'{cost:.2f}', times(cost, floor_cost),
               f"{result['fps_mean']:.1f}", f"{result['fps_worst']:.1f}", missed, *age, unfair,
               f"{server['resident'] / 2**20:.1f}",
               # A crowd's memory is not the running viewers'.
               '-' if case.storm or case.beside else f"{server['private_per_viewer'] / 1024:.1f}",
               f"{result['octets_per_second'] / 1e6:.0f}",
               f"{server['voluntary_switches_per_second']:.0f}",
               f"{server['involuntary_switches_per_second']:.0f}",
               f"{result['load_cpu_share']:.0%}", note_of(case, kind, result)))


def run_case(bench, case):
    """Rounds of A B A B; what cannot take part is told once."""
    kinds, rounds = [], {}
    for kind in kinds_of(bench, case):
        if kind.missing:
            print_row((case.name, kind.name, 'skipped: ' + kind.missing))
        else:
            kinds.append(kind)
            rounds[kind.name] = []
    for _ in range(1 if case.full_log else bench.rounds):
        for kind in list(kinds):
            try:
                rounds[kind.name].append(measure(bench, kind, case))
            except FAILURES as error:
                bench.failed = True
                print_row((case.name, kind.name, f'failed: {error}'))
                kinds.remove(kind)
    results = {kind.name: together(rounds[kind.name]) for kind in kinds}
    for kind in kinds:
        print_result(case, kind, results[kind.name], results.get('floor send'))
    tell_cheapest_floor(case, results)
    return results


def tell_cheapest_floor(case, results):
    """Where several ways of the kernel were tried: onlooker beside the best of them."""
    floors = {name: cost_of(result) for name, result in results.items()
              if name.startswith('floor') and not name.endswith('plain')}
    if len(floors) < 2 or 'onlooker' not in results:
        return
    best = min(floors, key=floors.get)
    print_row((case.name, 'onlooker', f"{cost_of(results['onlooker']) / floors[best]:.2f} x {best}, "
               'the cheapest of the floors'))


def missing_for(case):
    """What the case needs and this machine has not; None when all is there."""
    if case.link and links.missing():
        return links.missing()
    wanted, (_, limit) = case.load['viewers'] + 100, resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit != resource.RLIM_INFINITY and limit < wanted:
        return f'needs {wanted} open files in a process, the limit is {limit} (ulimit -Hn)'
    return None


def chosen(patterns):
    """Throws ValueError for a pattern that chooses nothing."""
    every = list(all_cases())
    for pattern in patterns:
        if not fnmatch.filter([case.name for case in every], pattern):
            raise ValueError(f'--case {pattern}: there is no such case; see --list')
    return [case for case in every if not patterns
            or any(fnmatch.fnmatch(case.name, pattern) for pattern in patterns)]


def run_special(bench, case):
    try:
        return case.special(bench)
    except FAILURES as error:
        bench.failed = True
        print_row((case.name, '-', f'failed: {error}'))
        return None


def run(bench, wanted, results):
    """Fills `results` case by case, so that what was measured is there if the run is cut short."""
    print_row(rows.COLUMNS)
    for case in wanted:
        if case.special:
            results[case.name] = run_special(bench, case)
        elif lacking := missing_for(case):
            print_row((case.name, '-', 'skipped: ' + lacking))
        else:
            results[case.name] = run_case(bench, case)

"""Everything once, for a moment. Judges no time, only that every part works."""

import contextlib
import io
import json
import subprocess
import sys

import auto
import cases
import links
import servers
import special
import variants


FEED = servers.Feed('30k')


def delivers(bench, kind):
    """The server gives pictures to everybody; what is wrong, or None."""
    crowd = {'viewers': 20, 'not_reading': 1, 'slow': 1}
    if not kind.stamped:  # motion lets a newcomer wait for a second
        crowd = {'viewers': 3, 'warm_up': 2, 'seconds': 1}
    result = cases.measure(bench, kind, cases.Case('smoke', FEED, crowd))
    good = (result['frames_made'] > 0 and result['without_picture'] == 0
            and result['closed'] == 0 and result['server']['cpu_us_per_frame_and_viewer'] > 0
            and (not kind.stamped or result['worst_mean_age_ratio'] > 0))
    return None if good else json.dumps(result)


def storm(bench):
    case = cases.Case('smoke', FEED, {'viewers': 5, 'seconds': 3}, storm=20)
    result = cases.measure(bench, servers.onlooker(bench.server), case)
    good = result['closed'] == 0 and result['storm_first_picture_ms']['max'] > 0
    return None if good else json.dumps(result)


def link(bench, make, kind, change=()):
    case = cases.Case('smoke', servers.Feed('73k-138k'), {'viewers': 1, 'warm_up': 0.5,
                                                          'seconds': 1}, link=make, change=change)
    result = cases.measure(bench, kind, case)
    return None if result['frames_made'] and result['link_share'] > 0 else json.dumps(result)


def link_parts(bench):
    if links.missing():
        print('bench smoke: links: skipped: ' + links.missing())
        return
    onlooker, plain = servers.onlooker(bench.server), servers.floor('send', queue_rule=False)
    yield 'link, token bucket', lambda bench: link(
        bench, lambda b, s: links.token_bucket(8e6), onlooker, (20e6, 0.2))
    yield 'link, delay line', lambda bench: link(
        bench, lambda b, s: links.delay_line(b, 8e6, 40, s, then=(20e6, 1)), plain)


def special_parts():
    """Those whose rows are in words: each gives a result, or is skipped with a word."""
    for name, options in (('syscalls', {'few': 5, 'many': 10, 'settle': 0.3, 'window': 0.5}),
                          ('instructions', {'seconds': 2}),
                          ('accept', {'seconds': 1.5, 'clients': 5}), ('start', {}),
                          ('idle', {'settle': 0.3, 'seconds': 0.3})):
        yield name, lambda bench, name=name, options=options: told(bench, name, options)


def told(bench, name, options):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        result = getattr(special, name)(bench, **options)
    if 'skipped: ' in said.getvalue():
        print('bench smoke: ' + said.getvalue().strip())
        return None
    return None if result else said.getvalue()


def writes_and_scales(bench):
    """The command itself: --case, --json, and then --scale of what that wrote."""
    results = bench.folder / 'results.json'
    command = [sys.executable, bench.source / 'run']
    subprocess.run(command + ['--build', bench.build, '--server', bench.server, '--rounds', '1',
                              '--seconds', '0.3', '--case', 'viewers-1000-30k', '--json', results],
                   check=True, capture_output=True, timeout=60)
    said = subprocess.run(command + ['--scale', results], check=True, capture_output=True,
                          text=True).stdout
    return None if '| Pi 4' in said else said


def answers_beside(bench):
    """Snapshots are answered while others watch."""
    kind = servers.onlooker(bench.server)
    with servers.running(bench, kind, FEED) as (_, port):
        result = servers.result_of(bench.program('downloads', port=port, path='/snapshot',
                                                 clients=4, slow=1, seconds=0.5))
    return None if result['answers'] > 0 and result['failed'] == 0 else json.dumps(result)


def follows_link(bench):
    """On loopback there is room for full size."""
    with servers.running(bench, servers.onlooker(bench.server), FEED) as (_, port):
        figures = auto.figures_of(auto.start_viewer(bench, [], ('127.0.0.1', port),
                                                    '/stream?auto=1', [0.5, 1]))
    return None if set(figures[1]['frames_of_step']) == {'1'} else json.dumps(figures)


def encodes(bench):
    results = quietly(special.encode, bench, rounds=1, pictures=1)
    return None if all(result['ratio'] > 0 for result in results) else json.dumps(results)


def makes_variants(bench):
    results = quietly(variants.cost, bench, rounds=1, pictures=1, width=320, height=240)
    return None if all(result['ratio'] > 0 for result in results) else json.dumps(results)


def counts(bench):
    if not (bench.programs / 'count_allocations.so').exists():
        print('bench smoke: allocations: skipped: count_allocations.so is not built')
        return None
    result = quietly(special.allocations, bench, few=5, many=10)
    return None if result else 'nothing was counted'


def helps(bench):
    for name in ('floor', 'viewers', 'downloads', 'encode', 'variants', 'delayline', 'bench-pictures'):
        said = subprocess.run([bench.programs / name, '--help'], capture_output=True, check=True)
        if name.encode() not in said.stdout:
            return name + ' --help says nothing of itself'
    return None


def quietly(function, *arguments, **options):
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*arguments, **options)


def server_parts(bench):
    floors = [servers.floor_by(bench, mode) for mode in ('send', *cases.WAYS)]
    for kind in (*floors, servers.onlooker(bench.server), servers.article(),
                 servers.motion(bench.server), servers.ustreamer()):
        if kind.missing:
            print(f'bench smoke: {kind.name}: skipped: {kind.missing}')
        else:
            yield kind.name, lambda bench, kind=kind: delivers(bench, kind)


def run(bench):
    bench.seconds, bench.warm_up, bench.alone, bench.drain = 0.5, 0.2, 0.2, 0.3
    parts = [('help', helps), ('encode', encodes), ('variants', makes_variants), ('allocations', counts),
             ('snapshots', answers_beside), ('storm', storm), ('auto', follows_link), *special_parts(),
             *link_parts(bench), *server_parts(bench), ('--json, --scale', writes_and_scales)]
    failures = 0
    for name, part in parts:
        try:
            wrong = part(bench)
        except cases.FAILURES as error:
            wrong = str(error)
        print(f"bench smoke: {name}: {'FAILED: ' + wrong if wrong else 'ok'}", flush=True)
        failures += wrong is not None
    return 1 if failures else 0

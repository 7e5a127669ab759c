"""Everything once, for a moment. Judges no time, only that every part works."""

import contextlib
import io
import json
import subprocess

import cases
import servers
import special


def delivers(bench, kind):
    """The server gives pictures to everybody; what is wrong, or None."""
    case = cases.Case('smoke', servers.Feed('30k'), {
        'viewers': 20, 'alone': 0.2, 'drain': 0.5, 'not_reading': 1, 'slow': 1})
    result = cases.measure(bench, kind, case)
    good = (result['frames_made'] > 0 and result['without_picture'] == 0
            and result['closed'] == 0 and result['server']['cpu_us_per_frame_and_viewer'] > 0
            and result['worst_mean_age_ratio'] > 0)
    return None if good else json.dumps(result)


def answers_beside(bench):
    """Snapshots are answered while others watch."""
    kind = servers.onlooker(bench.server)
    with servers.running(bench, kind, servers.Feed('30k')) as (_, port):
        result = servers.result_of(bench.program('downloads', port=port, path='/snapshot',
                                                 clients=4, slow=1, seconds=0.5))
    return None if result['answers'] > 0 and result['failed'] == 0 else json.dumps(result)


def encodes(bench):
    results = quietly(special.encode, bench, rounds=1, pictures=1)
    return None if all(result['ratio'] > 0 for result in results) else json.dumps(results)


def counts(bench):
    result = quietly(special.allocations, bench, few=5, many=10)
    if result is None and (bench.programs / 'count_allocations.so').exists():
        return 'skipped although it is built'
    return None


def helps(bench):
    for name in ('floor', 'viewers', 'downloads', 'encode', 'delayline', 'bench-pictures'):
        said = subprocess.run([bench.programs / name, '--help'], capture_output=True, check=True)
        if name.encode() not in said.stdout:
            return name + ' --help says nothing of itself'
    return None


def quietly(function, *arguments, **options):
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*arguments, **options)


def run(bench):
    bench.seconds, bench.warm_up = 0.6, 0.3
    parts = [('help', helps), ('encode', encodes), ('allocations', counts),
             ('snapshots', answers_beside)]
    for kind in (servers.floor('send'), servers.onlooker(bench.server), servers.article(),
                 servers.floor('sendfile')):
        if kind.missing:
            print(f'bench smoke: {kind.name}: skipped: {kind.missing}')
        else:
            parts.append((kind.name, lambda bench, kind=kind: delivers(bench, kind)))
    failures = 0
    for name, part in parts:
        wrong = part(bench)
        print(f"bench smoke: {name}: {'FAILED: ' + wrong if wrong else 'ok'}", flush=True)
        failures += wrong is not None
    return 1 if failures else 0

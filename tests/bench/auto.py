"""The cases of a viewer who leaves it to the server which size its link carries."""

import json
import time

import links
import servers
from rows import print_row

WARM_UP = 3  # seconds, after which a link must have its size
PATHS = (('auto', '/stream?auto=1'), ('full size', '/stream'))


def cases():
    """Name, link, phases (seconds, rate from then on or None), who takes part."""
    def bucket(rate):
        return lambda bench, seconds: links.token_bucket(rate)
    for megabits in (8, 2, 1):
        yield (f'{megabits}M', bucket(megabits * 1e6), ((WARM_UP, None), (60, None)), PATHS[:1])
        yield (f'{megabits}M', bucket(megabits * 1e6), ((WARM_UP, None), (10, None)), PATHS[1:])
    yield ('8M-2M-8M', bucket(8e6), ((WARM_UP, None), (10, None), (WARM_UP, 2e6), (12, None),
                                     (10, 8e6), (10, None)), PATHS[:1])
    yield '1M-free', bucket(1e6), ((10, None), (10, 1e9), (5, None)), PATHS[:1]
    yield ('20M-80ms', lambda bench, seconds: links.delay_line(bench, 20e6, 40, seconds),
           ((WARM_UP, None), (60, None)), PATHS[:1])
    yield ('20M-80ms', lambda bench, seconds: links.delay_line(bench, 20e6, 40, seconds),
           ((WARM_UP, None), (10, None)), PATHS[1:])


def measure(bench):
    kind = servers.onlooker(bench.server)
    if missing := kind.missing or links.missing():
        return print_row(('auto', kind.name, 'skipped: ' + missing))
    results = {}
    for name, make_link, phases, paths in cases():
        for who, path in paths:
            figures = watch(bench, kind, make_link, phases, path)
            results[f'{name}, {who}'] = figures
            for number, phase in enumerate(figures):
                print_row((f'auto-{name}', who, words(number, phase)))
    return results


def page(bench):
    """Chromium behind a slow link: a screenshot, and how old the picture on it is."""
    kind = servers.testcard(bench.server)
    if missing := kind.missing or links.missing():
        return print_row(('auto-page', kind.name, 'skipped: ' + missing))
    results = {}
    folder = bench.screenshots or bench.folder
    for megabits in (8, 1):
        with links.token_bucket(megabits * 1e6) as link:
            with servers.running(bench, kind, servers.Feed(), link.host,
                                 link.inside(link.left)) as (_, port):
                png = folder / f'auto-{megabits}M.png'
                seen = servers.result_of(bench.run_python(
                    'auto_page_viewer.py', link.inside(link.right), '--base',
                    f'http://{link.host}:{port}', '--png', png))
        results[f'{megabits}M'] = seen
        low, high = seen['age_ms']
        print_row(('auto-page', f'{megabits} Mbit/s', f'the picture on a screenshot is {low:.0f} to '
                   f"{high:.0f} ms old{f': {png}' if bench.screenshots else ''}"))
    return results


def watch(bench, kind, make_link, phases, path):
    seconds = sum(length for length, _ in phases)
    with make_link(bench, seconds + 30) as link:
        with servers.running(bench, kind, servers.Feed('73k-138k'), link.host,
                             link.inside(link.left)) as (_, port):
            viewer = start_viewer(bench, link.inside(link.right), (link.host, port), path,
                                  [length for length, _ in phases])
            for length, rate in phases:
                if rate:
                    link.change(rate)
                time.sleep(length)
            return figures_of(viewer)


def start_viewer(bench, prefix, address, path, lengths):
    """`lengths`: of the phases, in seconds. It is connected when this returns."""
    host, port = address
    viewer = bench.run_python('auto_viewer.py', prefix, '--host', host, '--port', port, '--path',
                              path, '--phases', ','.join(map(str, lengths)))
    viewer.stdout.readline()
    return viewer


def figures_of(viewer):
    text, _ = viewer.communicate(timeout=30)
    if viewer.returncode != 0:
        raise RuntimeError('auto_viewer failed')
    return json.loads(text)


def words(number, phase):
    age, steps = phase['age_ms'], phase['frames_of_step']
    shown = ', '.join(f'{step}: {count}' for step, count in steps.items())
    changes = ''.join(f' ({step} at {when:.0f} s)' for when, step in phase['changes'])
    full = '' if phase['full_after'] is None else f", full size after {phase['full_after']:.1f} s"
    return (f"phase {number}, {phase['seconds']:.0f} s: {phase['fps']:.1f} fps, age p50 "
            f"{age['p50']:.0f} ms, p99 {age['p99']:.0f} ms, {len(phase['changes'])} changes of step"
            f"{changes}, "
            f"{phase['octets'] / phase['seconds'] / 1000:.0f} KB/s; frames of step {shown}{full}")

"""What TLS costs, beside the plain send and AES-GCM alone on the same octets in the same run."""

import statistics

import servers
from rows import print_row

VIEWERS = 20
OCTETS = {'30k': 30_000, '75k': 75_000, '165k': 165_000}


def cost(bench, feed=servers.Feed()):
    kinds = [servers.onlooker(bench.server), servers.onlooker(bench.server, tls=True)]
    missing = kinds[0].missing or (
        None if (bench.programs / 'seal').exists() else 'built without TLS')
    if missing:
        return print_row(('tls', kinds[1].name, 'skipped: ' + missing))
    rounds = {kind.name: [] for kind in kinds}
    sealing = []
    for _ in range(bench.rounds):
        sealing.append(servers.result_of(bench.program(
            'seal', core=servers.SERVER_CORE, octets=OCTETS[feed.size]))['us_per_picture'])
        for kind in kinds:
            with servers.running(bench, kind, feed) as (process, port):
                rounds[kind.name].append(servers.result_of(bench.program(
                    'viewers', port=port, path=kind.path, viewers=VIEWERS, alone=bench.alone,
                    server_pid=process.pid, warm_up=bench.warm_up, seconds=bench.seconds,
                    tls='on' if kind.tls else 'off')))
    plain, secure = (statistics.median(
        result['server']['cpu_us_per_frame_and_viewer'] for result in rounds[kind.name])
        for kind in kinds)
    seal = statistics.median(sealing)
    memory = statistics.median(
        result['server']['private_per_viewer'] for result in rounds[kinds[1].name])
    missed = max(result['missed_share'] for result in rounds[kinds[1].name])
    print_row(('tls', kinds[1].name, f'{secure:.2f} us per frame and viewer, plain {plain:.2f}, '
               f'AES-GCM alone {seal:.2f}: {secure / (plain + seal):.2f} x their sum; '
               f'{missed:.2%} missed, {memory / 1024:.1f} KiB/viewer'))
    return {'tls': secure, 'plain': plain, 'aes_gcm': seal, 'ratio': secure / (plain + seal),
            'private_per_viewer': memory, 'missed_share': missed}

"""Scale on paper: what the measured cost of a frame means for other machines.

The cost per frame and viewer is taken from results that `run --json` wrote. Nothing here is
measured on the machines that it speaks of.
"""

import dataclasses

SIZES = {'30k': 'viewers-1000-30k', '75k': 'viewers-1000', '165k': 'viewers-1000-165k'}
FRAMES_PER_SECOND = 30
CORE_SHARE = 0.8  # of one core that may be used
WIRE_SHARE = 1448 / 1538  # payload of a full segment on Ethernet, gap and preamble included


@dataclasses.dataclass(frozen=True)
class Place:
    """`core`: the speed of one core, in terms of the machine that was measured. These are
    ASSUMPTIONS of the order of magnitude, from clock, width of the pipeline and memory bandwidth,
    not from a measurement; running `floor` and `viewers` there replaces them."""
    name: str
    wire: float  # bits per second
    core: float
    payload: float = WIRE_SHARE


PLACES = (
    Place('Pi Zero 2, Wi-Fi of 40 Mbit/s payload', 40e6, 1 / 12, 1),
    Place('Pi 4, 1 Gbit/s', 1e9, 1 / 5),
    Place('server, 10 Gbit/s', 10e9, 1),
    Place('server, 100 Gbit/s', 100e9, 1),
)


def by_processor(microseconds, core):
    return int(CORE_SHARE * core / (microseconds / 1e6 * FRAMES_PER_SECOND))


def by_wire(octets, place):
    return int(place.wire * place.payload / (8 * octets * FRAMES_PER_SECOND))


def costs(cases):
    """Microseconds per frame and viewer by size of the picture, where they were measured."""
    return {size: cases[name]['onlooker']['server']['cpu_us_per_frame_and_viewer']
            for size, name in SIZES.items() if 'onlooker' in (cases.get(name) or {})}


def show(results):
    measured = costs(results['cases'])
    if not measured:
        print('the results hold none of the cases ' + ', '.join(SIZES.values()))
        return 1
    print(f"From {results['machine']}: " + ', '.join(
        f'{cost:.2f} us per frame and viewer at {size}' for size, cost in measured.items()) +
        f'; {FRAMES_PER_SECOND} fps, {CORE_SHARE:.0%} of one core. Speeds of the other cores are '
        'assumed.\n')
    print('| | core, assumed | ' + ' | '.join(
        f'{size}: by processor, by wire' for size in measured) + ' |')
    print('|---|---|' + '---|' * len(measured))
    for place in PLACES:
        cells = []
        for size, cost in measured.items():
            processor = by_processor(cost, place.core)
            wire = by_wire(int(size[:-1]) * 1000, place)
            limit = 'processor' if processor < wire else 'wire'
            cells.append(f'{processor}, {wire}: the {limit}')
        print(f'| {place.name} | {place.core:.2f} | ' + ' | '.join(cells) + ' |')
    return 0

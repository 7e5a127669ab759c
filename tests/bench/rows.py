"""How the table is printed."""

COLUMNS = ('case', 'server', 'us/frame*viewer', 'x floor', 'fps', 'worst', 'missed', 'p50 ms',
           'x floor', 'p99 ms', 'x floor', 'max ms', 'unfair', 'MiB', 'KiB/viewer', 'MB/s',
           'csw/s', 'icsw/s', 'load', 'note')
WIDTHS = (20, 20, 15, 8, 6, 6, 8, 8, 8, 8, 8, 8, 6, 7, 10, 7, 7, 7, 5, 0)


def print_row(cells):
    """Fewer cells than columns: the last one is in words."""
    print('  '.join(str(cell).ljust(width) if i < 2 or not width else str(cell).rjust(width)
                    for i, (cell, width) in enumerate(zip(cells, WIDTHS))).rstrip(), flush=True)

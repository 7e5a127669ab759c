#!/usr/bin/env python3
"""Draws favicon.ico: an eye, as on the page, in 16, 32 and 48 pixels.

    draw_icon.py favicon.ico

An ICO file of PNG pictures, which all browsers take. Run it when the drawing changes; the program
carries the file that is checked in.
"""

import math
import struct
import sys
import zlib

SIZES = (16, 32, 48)
SAMPLES = 4  # in each direction, for smooth edges

CLEAR = (0, 0, 0, 0)
LID = (29, 78, 137, 255)
WHITE = (255, 255, 255, 255)
IRIS = (29, 78, 137, 255)
PUPIL = (10, 20, 34, 255)


def colour(x, y):
    """At a point of the square from -1 to 1."""
    distance = math.hypot(x, y)
    if math.hypot(x + 0.12, y + 0.14) < 0.1:
        return WHITE
    if distance < 0.2:
        return PUPIL
    if distance < 0.42:
        return IRIS
    # The white of the eye is where two circles meet.
    reach = max(math.hypot(x, y - 0.65), math.hypot(x, y + 0.65))
    if reach < 1.0:
        return WHITE
    return LID if reach < 1.17 else CLEAR


def pixel(column, row, size):
    total = [0.0] * 4
    for i in range(SAMPLES * SAMPLES):
        x = (column + (i % SAMPLES + 0.5) / SAMPLES) / size * 2 - 1
        y = (row + (i // SAMPLES + 0.5) / SAMPLES) / size * 2 - 1
        red, green, blue, alpha = colour(x, y)
        for place, part in enumerate((red, green, blue)):
            total[place] += part * alpha
        total[3] += alpha
    if not total[3]:
        return CLEAR
    return tuple(round(part / total[3]) for part in total[:3]) + (round(total[3] / SAMPLES**2),)


def png(size):
    def chunk(name, content):
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    rows = b"".join(
        b"\0" + bytes(part for column in range(size) for part in pixel(column, row, size))
        for row in range(size)
    )
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def icon():
    pictures = [(size, png(size)) for size in SIZES]
    place = 6 + 16 * len(pictures)
    head = struct.pack("<HHH", 0, 1, len(pictures))
    for size, picture in pictures:
        head += struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(picture), place)
        place += len(picture)
    return head + b"".join(picture for _, picture in pictures)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], "wb") as file:
        file.write(icon())


main()

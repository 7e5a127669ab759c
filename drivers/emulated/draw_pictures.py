#!/usr/bin/env python3
"""Draws 1.jpg, 2.jpg and 3.jpg, the pictures of the emulated camera.

    draw_pictures.py [FOLDER]

Run by hand when they are to change; the pictures lie in the tree, so that building needs neither
Pillow nor NumPy. The numerals are strokes of our own: lines and arcs of round ends, so each pixel's
shade follows from its distance to the nearest stroke.
"""

import os
import sys

import numpy
from PIL import Image

WIDTH, HEIGHT = 640, 480
BACKGROUNDS = {1: (196, 62, 52), 2: (38, 128, 84), 3: (44, 92, 178)}
INK = (250, 247, 240)
STROKE = 27.0  # half the width of a stroke, pixels

Y, X = numpy.mgrid[0:HEIGHT, 0:WIDTH].astype(float)


def line(x0, y0, x1, y1):
    """Distance of each pixel to a line from one point to another."""
    dx, dy = x1 - x0, y1 - y0
    along = ((X - x0) * dx + (Y - y0) * dy) / (dx * dx + dy * dy)
    along = numpy.clip(along, 0, 1)
    return numpy.hypot(X - x0 - along * dx, Y - y0 - along * dy)


def arc(cx, cy, radius, start, end):
    """Distance to an arc; angles in degrees, clockwise from the right, start < end."""
    middle, half = numpy.radians((start + end) / 2), numpy.radians((end - start) / 2)
    angle = numpy.arctan2(Y - cy, X - cx) - middle
    angle = (angle + numpy.pi) % (2 * numpy.pi) - numpy.pi
    angle = numpy.clip(angle, -half, half) + middle
    return numpy.hypot(X - cx - radius * numpy.cos(angle), Y - cy - radius * numpy.sin(angle))


def numeral(number):
    if number == 1:
        strokes = [line(250, 165, 325, 110), line(325, 110, 325, 370), line(250, 370, 400, 370)]
    elif number == 2:
        # The tail leaves the arc at 40 degrees, where its direction is that of the arc.
        end = numpy.radians(40)
        x, y = 320 + 75 * numpy.cos(end), 185 + 75 * numpy.sin(end)
        strokes = [arc(320, 185, 75, 190, 400), line(x, y, 245, 370), line(245, 370, 400, 370)]
    else:
        strokes = [arc(312, 175, 65, 195, 450), arc(312, 305, 65, -90, 165), line(290, 240, 312, 240)]
    return numpy.minimum.reduce(strokes)


def picture(number):
    background, ink = numpy.array(BACKGROUNDS[number], float), numpy.array(INK, float)
    ring = numpy.abs(numpy.hypot(X - 320, Y - 240) - 205)
    shade = numpy.clip(3.5 - ring, 0, 1)[..., None] * 0.35
    pixels = background * (1 - shade) + ink * shade
    cover = numpy.clip(STROKE - numeral(number) + 0.5, 0, 1)[..., None]
    pixels = pixels * (1 - cover) + ink * cover
    return Image.fromarray(numpy.rint(pixels).astype(numpy.uint8))


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    for number in BACKGROUNDS:
        picture(number).save(os.path.join(folder, f"{number}.jpg"), quality=85, optimize=False)


main()

"""Pictures that a test can tell apart after any client has decoded them."""
import io
import os
import sys

try:
    import numpy
    from PIL import Image, ImageDraw
except ImportError as missing:
    print("skipped: %s; install python3-numpy and python3-pil" % missing)
    sys.exit(77)

# Far apart in any colour space, and after JPEG.
COLOURS = {
    "red": (220, 20, 20),
    "green": (20, 180, 20),
    "blue": (30, 40, 220),
    "yellow": (230, 220, 30),
    "magenta": (210, 30, 210),
    "cyan": (30, 210, 220),
    "white": (250, 250, 250),
    "grey": (120, 120, 120),
}
NAMES = list(COLOURS)


def make_folder(folder, names=None, size=(320, 240)):
    """Writes 1.jpg, 2.jpg, ... of one colour each; returns {name: JPEG}."""
    made = {}
    for number, name in enumerate(names or NAMES[:6], 1):
        image = Image.new("RGB", size, COLOURS[name])
        # A mark in the corner keeps any two files from being equal by accident.
        ImageDraw.Draw(image).text((4, 4), name, fill=(0, 0, 0))
        path = os.path.join(folder, "%d.jpg" % number)
        image.save(path, quality=90)
        with open(path, "rb") as file:
            made[name] = file.read()
    return made


def make_quarters(path, names, size):
    """Writes a JPEG whose quarters have these colours: above left, above right, below left, below right."""
    width, height = size
    image = Image.new("RGB", size)
    for number, name in enumerate(names):
        left, top = number % 2 * width // 2, number // 2 * height // 2
        image.paste(COLOURS[name], (left, top, left + width // 2, top + height // 2))
    image.save(path, quality=90)


def quarters_of(pixels):
    """The names of the colours of the quarters of an RGB array, or of a JPEG or PNG, as make_quarters()
    takes them."""
    if isinstance(pixels, (bytes, bytearray)):
        pixels = numpy.asarray(Image.open(io.BytesIO(pixels)).convert("RGB"))
    height, width = pixels.shape[:2]
    return tuple(colour_of(pixels[top:top + height // 2, left:left + width // 2])
                 for top in (0, height // 2) for left in (0, width // 2))


def colour_of(pixels):
    """The name of the colour in the middle of an RGB array, or of a JPEG or PNG; None if none."""
    if isinstance(pixels, (bytes, bytearray)):
        pixels = numpy.asarray(Image.open(io.BytesIO(pixels)).convert("RGB"))
    height, width = pixels.shape[:2]
    middle = pixels[height // 3:height * 2 // 3, width // 3:width * 2 // 3].reshape(-1, 3)
    mean = middle.mean(axis=0)
    distance, name = min((numpy.abs(mean - COLOURS[name]).max(), name) for name in COLOURS)
    return name if distance < 25 else None


def decode(jpeg):
    """The picture as an RGB array; fails when it does not decode to its end."""
    image = Image.open(io.BytesIO(jpeg))
    image.load()
    return numpy.asarray(image.convert("RGB"))


def testcard_number(pixels):
    """The number of a picture of the test card, read from its strip: 32 blocks in the first
    max(2, height // 16) rows, block i from column i * width // 32, most significant first."""
    height, width = pixels.shape[:2]
    row = pixels[max(2, height // 16) // 2].mean(axis=1)
    middles = [(i * width // 32 + (i + 1) * width // 32) // 2 for i in range(32)]
    return int("".join("1" if row[x] > 128 else "0" for x in middles), 2)

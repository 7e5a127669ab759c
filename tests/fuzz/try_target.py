#!/usr/bin/python3
"""Runs one fuzz target for some seconds, beginning with examples of what it reads.

usage: try_target.py TARGET PROGRAM FOLDER SECONDS

What the fuzzer finds worth keeping stays in FOLDER, so that the next run begins where this one ended;
an input that breaks the target is written beside it, and its name is in the output.
"""
import os
import struct
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))


def picture_files():
    folder = os.path.join(ROOT, "drivers", "emulated")
    for name in ("1.jpg", "2.jpg", "3.jpg"):
        with open(os.path.join(folder, name), "rb") as picture:
            yield picture.read()


def segment(marker, body):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def small_picture(extra=b""):
    """Grey, 8 x 8, without Huffman tables, as USB cameras send it."""
    return (b"\xff\xd8" + extra + segment(0xdb, b"\0" + b"\1" * 64) +
            segment(0xc0, b"\x08\0\x08\0\x08\x01\x01\x11\0") +
            segment(0xda, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\0\xff\xd0\x34\xff\xd9")


def jpeg_check():
    yield from picture_files()
    exif = segment(0xe1, b"Exif\0\0" + small_picture())
    for extra in (b"", exif, segment(0xe2, b"MPF\0" + b"\0" * 40), segment(0xfe, b"--frame\r\n")):
        yield small_picture(extra)
        yield small_picture(extra) + b"\0\0\0"


def variant():
    # The first eight octets are the recipe.
    for recipe in (b"\4\0\0\0\0\0\0\0", b"\x08\5\x50\0\x20\7\5\x10", b"\x08\x0f\0\0\0\0\0\0", b"\3\0\0\x08\0\0\0\0"):
        for picture in jpeg_check():
            yield recipe + picture


def request():
    # The first octet chooses how the rest is cut.
    head = b"\3GET / HTTP/1.1\r\nHost: a\r\n"
    yield head + b"\r\n"
    yield b"\0GET /?action=stream HTTP/1.0\r\n\r\n\0"
    yield b"\1\r\nOPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"
    yield b"\7GET http://b:8080/x%20y?z=%41+&w HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\n"
    post = b"\5POST /a HTTP/1.1\r\nHost: a\r\n"
    yield post + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"
    yield post + b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nT: x\r\n\r\n"
    yield post + b"Transfer-Encoding: gzip, chunked\r\nContent-Length: 1, 1\r\n\r\n"
    yield b"\2CONNECT a:443 HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n\r\n"


def config():
    yield b"front=v4l2:/dev/video0,size=1280x720,fps=30,quality=70,always_on=true"
    yield b"relay:http://user:secret@192.0.2.7:81/stream?a=b"
    yield b'port = 8080  # comment\ncamera = "emulated:/srv/a folder,fps=0.5"\n\nhost = ::1\n'
    yield b'camera = [\n  testcard:,fps=30,\n  "mine"\n]\n[section]\nidle-seconds=500ms\n'


def multipart():
    # The first octet chooses the media type, the second how the rest is cut.
    picture = small_picture()
    part = b"Content-Type: image/jpeg\r\nContent-Length: %d\r\nX-Timestamp: 1.5\r\n\r\n" % len(picture)
    for kind in range(5):
        head = bytes([kind, 9])
        yield head + b"--frame\r\n" + (part + picture + b"\r\n--frame\r\n") * 3
        yield head + b"--frame\r\n" + (b"Content-Type: image/jpeg\r\n\r\n" + picture +
                                       b"\r\n--frame\r\n") * 2 + b"--frame--"
        yield head + picture * 2


def converter():
    # Format, width, height, stride, subsampling, more width; then the picture.
    for pixel_format in range(16):
        yield bytes([pixel_format, 16, 8, 0, pixel_format % 3, 0]) + bytes(range(256)) * 3
        yield bytes([pixel_format, 17, 7, 11, 0, 0]) + b"\x80" * 500


def main():
    target, program, folder, seconds = sys.argv[1:]
    corpus = os.path.join(folder, "corpus-" + target)
    os.makedirs(corpus, exist_ok=True)
    for number, seed in enumerate(globals()[target]()):
        with open(os.path.join(corpus, "seed-%02d" % number), "wb") as file:
            file.write(seed)
    sys.stdout.flush()
    os.execv(program, [program, "-max_total_time=" + seconds, "-timeout=10", "-rss_limit_mb=2048",
                       "-print_final_stats=1", "-artifact_prefix=%s/" % folder, corpus])


main()

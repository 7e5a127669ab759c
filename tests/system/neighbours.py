"""What goes on beside viewers, in a process of its own so that it takes nothing from who reads for them:

    python3 neighbours.py newcomers|snapshots|tables PORT

Prints a line when it has begun in earnest, and ends with its standard input, with the number of
what it got.
"""
import sys
import threading

from mjpeg import Connection, Stream, request


def newcomers(port):
    """A hundred at once, each of whom leaves with its first picture."""
    streams = [Stream(port, "/stream") for _ in range(100)]
    for stream in streams:
        stream.part()
        stream.close()
    return len(streams)


def _answers(port, target, count):
    got = 0
    with Connection(port) as connection:
        for _ in range(count):
            connection.send(request(target))
            line, fields = connection.head()
            if line.split()[1] != "200":
                raise RuntimeError("%s: %s" % (target, line))
            if "content-length" in fields:
                connection.take(int(fields["content-length"]))
            else:
                while size := int(connection.take_until(b"\r\n"), 16):
                    connection.take(size + 2)
                connection.take(2)
            got += 1
    return got


def snapshots(port):
    return _answers(port, "/snapshot", 100)


def tables(port):
    """Of another camera, whose log is a long one."""
    return _answers(port, "/cameras/fast/frames.csv", 3)


def main():
    what, port = globals()[sys.argv[1]], int(sys.argv[2])
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    got = what(port)
    print("begun", flush=True)
    while not over.is_set():
        got += what(port)
    print(got, flush=True)


if __name__ == "__main__":
    main()

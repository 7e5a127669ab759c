"""What goes on beside viewers, in a process of its own so that it takes nothing from who reads for them:

    python3 neighbours.py newcomers|snapshots|tables|guesses PORT

Prints a line when it has begun in earnest, and ends with its standard input, with the number of
what it got.
"""
import json
import sys
import threading
import time

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


def _guess(port, number):
    """A thousand wrong passwords, 250 in a second."""
    form = "user=anna&password=wrong%d" % number
    post = request("/login", {"Content-Length": len(form)}, "POST") + form
    with Connection(port) as connection:
        for _ in range(40):
            connection.send(25 * post)
            for _ in range(25):
                line, fields = connection.head()
                if line.split()[1] not in ("401", "429"):
                    raise RuntimeError("a guess: " + line)
                connection.take(int(fields["content-length"]))
            time.sleep(0.1)


def guesses(port, over):
    """Four guessers, ten thousand attempts at least; and how long others wait for an answer."""
    def guess(number):
        while not over.is_set() or sum(done) < 10000:
            _guess(port, number)
            done.append(1000)

    done, lags = [], []
    guessers = [threading.Thread(target=guess, args=(number,)) for number in range(4)]
    for guesser in guessers:
        guesser.start()
    print("begun", flush=True)
    with Connection(port) as connection:
        while any(guesser.is_alive() for guesser in guessers):
            begun = time.monotonic()
            connection.send(request("/healthz"))
            _, fields = connection.head()
            lags.append(time.monotonic() - begun)
            connection.take(int(fields["content-length"]))
            time.sleep(0.02)
    lags.sort()
    return {"guesses": sum(done), "median_ms": round(1e3 * lags[len(lags) // 2], 2),
            "99_percent_ms": round(1e3 * lags[len(lags) * 99 // 100], 2)}


def main():
    what, port = globals()[sys.argv[1]], int(sys.argv[2])
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    if what is guesses:
        print(json.dumps(what(port, over)), flush=True)
        return
    got = what(port)
    print("begun", flush=True)
    while not over.is_set():
        got += what(port)
    print(got, flush=True)


if __name__ == "__main__":
    main()

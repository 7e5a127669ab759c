#!/usr/bin/env python3
"""Whether the headers that drivers are written against are those that `driver_interface` stands for.

    interface.py check INCLUDE    compares the headers in the folder INCLUDE (the build's
                                  src/driver_kit/include) with interface.txt; says what to do where
                                  they differ, and exits 1
    interface.py write INCLUDE    writes interface.txt, unless the headers have changed and the number
                                  has not

What a compiler sees of a header is compared: comments and white space may change. A module that was
built against other headers and says the same interface is loaded, and then both sides take the same
octets for different things. So any other change raises the number in camera/driver.hpp.
"""
import hashlib
import os
import re
import sys

WRITTEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "interface.txt")
DRIVER = "camera/driver.hpp"
NUMBER = re.compile(r'"onlooker driver (\d+), "')

TOKEN = re.compile(r"""
    (?P<comment> //(?:[^\n\\]|\\.|\\\n)* | /\*.*?\*/ )
  | (?P<kept> (?:u8|[uUL])?R"(?P<mark>[^\s()\\]*)\(.*?\)(?P=mark)"
            | "(?:[^"\\\n]|\\.)*"
            | \.?\d(?:[eEpP][+-]|'?[\w.])*
            | '(?:[^'\\\n]|\\.)+'
            | \w+ )
  | (?P<directive> (?:(?<=\n)|\A)[ \t]*\# )
  | (?P<joined> \\\n )
  | (?P<line> \n )
  | (?P<space> [^\S\n]+ )
  | (?P<other> . )
""", re.S | re.X)


def tokens(text):
    """The tokens of a header, and the ends of its directives, which are the only lines that count."""
    in_directive = False
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "directive":
            in_directive = True
            yield "#"
        elif kind == "line" and in_directive:
            in_directive = False
            yield "\n"
        elif match["kept"] or kind == "other":
            yield match[0]


def digest(text):
    text = NUMBER.sub('"onlooker driver, "', text)
    return hashlib.sha256("\0".join(tokens(text)).encode()).hexdigest()[:32]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def interface_of(include):
    """The number, and the digest of each header by its name."""
    names = sorted(os.path.relpath(os.path.join(folder, name), include)
                   for folder, _, files in os.walk(include) for name in files)
    return (int(NUMBER.search(read(os.path.join(include, DRIVER)))[1]),
            {name: digest(read(os.path.join(include, name))) for name in names})


def written_interface():
    lines = [line.split() for line in read(WRITTEN).splitlines() if not line.startswith("#")]
    return int(lines[0][1]), dict(lines[1:])


def write(number, headers):
    with open(WRITTEN, "w", encoding="ascii") as file:
        file.write("# What the headers of the driver kit are, and under which number (interface.py).\n"
                   "driver_interface %d\n" % number)
        file.writelines("%s %s\n" % header for header in sorted(headers.items()))


def complaint(include):
    """What is wrong, and what to do about it; empty where nothing is."""
    number, headers = interface_of(include)
    written_number, written_headers = written_interface()
    if (number, headers) == (written_number, written_headers):
        return ""
    changed = sorted(name for name in headers.keys() | written_headers.keys()
                     if headers.get(name) != written_headers.get(name))
    command = "python3 tests/driver_kit/interface.py write BUILD/src/driver_kit/include"
    if number != written_number:
        return "driver_interface is %d now. Write that down: %s" % (number, command)
    return ("What drivers are compiled with has changed: %s. A module that was built before would be "
            "loaded all the same, and misunderstood. Raise the number in driver_interface "
            "(src/camera/driver.hpp, now %d), and write it down: %s"
            % (", ".join(changed), number, command))


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in ("check", "write"):
        sys.exit(__doc__)
    command, include = arguments
    words = complaint(include)
    if command == "write":
        number, headers = interface_of(include)
        if number != written_interface()[0]:
            write(number, headers)
            return
    if words:
        sys.exit(words)


if __name__ == "__main__":
    main(sys.argv[1:])

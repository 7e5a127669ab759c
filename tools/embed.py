#!/usr/bin/env python3
"""Turns files into a C++ source, so that the program carries them in its binary.

    embed.py OUTPUT.cpp NAMESPACE::FUNCTION FILE...

The source defines `std::span<const onlooker::EmbeddedFile> FUNCTION() noexcept`, with the files in
the order given, named by their last path component (see base/embedded_file.hpp). What a browser
loads for a page, and can be made smaller, is there a second time: app.js as app.js.gz.
"""

import gzip
import os
import sys

ROW = 24
COMPRESSED = (".css", ".js", ".svg", ".webmanifest")


def literal(content):
    """The octets as rows of a string literal: compiles many times faster than a list of numbers."""
    rows = [content[at : at + ROW] for at in range(0, len(content), ROW)] or [b""]
    return "\n".join('        "' + "".join(f"\\{octet:03o}" for octet in row) + '"' for row in rows)


def entry(name, content):
    return (
        f'    {{"{name}", std::string_view(\n{literal(content)},\n'
        f"        {len(content)})}},\n"
    )


def source(function, files):
    namespace, _, name = function.rpartition("::")
    entries = []
    for path in files:
        with open(path, "rb") as file:
            content = file.read()
        entries.append(entry(os.path.basename(path), content))
        if path.endswith(COMPRESSED):
            # The same octets in each build.
            smaller = gzip.compress(content, compresslevel=9, mtime=0)
            entries.append(entry(os.path.basename(path) + ".gz", smaller))
    return (
        "// Made by tools/embed.py; do not edit.\n"
        '#include "base/embedded_file.hpp"\n\n'
        "#include <array>\n\n"
        "#ifdef __clang__\n"
        '#pragma clang diagnostic ignored "-Woverlength-strings"\n'
        "#endif\n\n"
        f"namespace {namespace} {{\n\n"
        f"std::span<const onlooker::EmbeddedFile> {name}() noexcept;\n\n"
        f"std::span<const onlooker::EmbeddedFile> {name}() noexcept {{\n"
        f"    static constexpr std::array<onlooker::EmbeddedFile, {len(entries)}> files = {{{{\n"
        + "".join(entries)
        + "    }};\n    return files;\n}\n\n"
        f"}}  // namespace {namespace}\n"
    )


def main():
    if len(sys.argv) < 4 or "::" not in sys.argv[2]:
        sys.exit(__doc__)
    output, function, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(output, "w", encoding="ascii") as file:
        file.write(source(function, files))


main()

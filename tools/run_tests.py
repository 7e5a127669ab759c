#!/usr/bin/python3
"""Runs suites of a meson build folder and adds up what their test programs report.

usage: run_tests.py FOLDER SUITE...

A test that fails is a failure, once and for all. Only a test of the suite `needs-quiet-machine` has bounds
that other work on the machine can break; when it fails it is repeated once, alone. Passing then, it counts
as passed and is named in a line of its own, "unsteady: NAME". What a sanitizer reports is no matter of the
machine's load and is never repeated.

The last line is "count: PASSED FAILED SKIPPED", the form ./check reads; before it comes a line for each
reason to skip. doctest and unittest say how many cases they ran; a program that says nothing counts as one,
and one that died without reporting a failure has failed once. Exits 1 when something failed.
"""
import json
import os
import re
import subprocess
import sys

QUIET = "needs-quiet-machine"
GOOD = ("OK", "SKIP", "EXPECTEDFAIL")
DOCTEST = re.compile(r"\[doctest\] test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed \|\s*(\d+) skipped")
RAN = re.compile(r"^Ran (\d+) tests? in", re.M)
VERDICT = re.compile(r"^(?:OK|FAILED)(?: \((.*)\))?$", re.M)
SKIPPED = re.compile(r"skipped '([^']+)'|^skipped: (.*)$", re.M)
SANITIZER = re.compile(r"(?:Address|Leak|Thread|UndefinedBehavior)Sanitizer: |: runtime error: ")


def output(test):
    return test.get("stdout", "") + "\n" + test.get("stderr", "")


def reported(text):
    """(passed, failed, skipped) as the program's own output says, or None."""
    found = DOCTEST.findall(text)
    if found:
        return tuple(sum(int(row[i]) for row in found) for i in range(3))
    ran = RAN.search(text)
    if not ran:
        return None
    verdict = VERDICT.search(text, ran.end())
    details = dict(re.findall(r"([a-z ]+)=(\d+)", verdict.group(1) or "")) if verdict else {}
    details = {key.strip(): int(value) for key, value in details.items()}
    bad = details.get("failures", 0) + details.get("errors", 0) + details.get("unexpected successes", 0)
    skipped = details.get("skipped", 0)
    return max(0, int(ran.group(1)) - bad - skipped), bad, skipped


def count(test):
    """(passed, failed, skipped) of one test program."""
    if test["result"] == "SKIP":
        return 0, 0, 1
    good = test["result"] in GOOD
    counts = reported(output(test))
    if counts is None:
        return (1, 0, 0) if good else (0, 1, 0)
    if not good and counts[1] == 0:
        return counts[0], 1, counts[2]
    return counts


def split_name(name):
    """The suites and the bare name of a test that meson's log calls "project:suite+suite / name"."""
    suites, _, bare = name.rpartition(" / ")
    return suites.rpartition(":")[2].split("+"), bare


def to_repeat(tests):
    """The bare names of the tests that failed and may be run once more."""
    names = []
    for name, test in tests.items():
        suites, bare = split_name(name)
        if test["result"] not in GOOD and QUIET in suites and not SANITIZER.search(output(test)):
            names.append(bare)
    return names


def report(first, second):
    """The lines that tell the outcome: of `first`, and of `second`, which repeated some of them."""
    lines = []
    for name, test in second.items():
        bare = split_name(name)[1]
        lines.append(("unsteady: %s" if test["result"] in GOOD else "failed twice: %s") % bare)
    tests = {**first, **second}
    for name, test in tests.items():
        for reason in sorted({"".join(reason) for reason in SKIPPED.findall(output(test))}):
            lines.append("skipped: %s: %s" % (name, reason))
    # Without a single result something is badly wrong with the build folder.
    counts = [count(test) for test in tests.values()] or [(0, 1, 0)]
    total = tuple(map(sum, zip(*counts)))
    lines.append("count: %d %d %d" % total)
    return lines, total[1] == 0


def run(folder, log, *arguments):
    """Runs meson test, and returns the tests of its log by their names."""
    path = os.path.join(folder, "meson-logs", log + ".json")
    if os.path.exists(path):
        os.remove(path)
    # An emulated processor takes up to ten times as long.
    patience = "10" if os.environ.get("TEST_EMULATED") else "1"
    subprocess.run(["meson", "test", "-C", folder, "--no-rebuild", "--print-errorlogs", "--logbase", log,
                    "--timeout-multiplier", patience, *arguments])
    if not os.path.exists(path):
        return {}
    with open(path) as results:
        return {test["name"]: test for test in map(json.loads, results)}


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: run_tests.py FOLDER SUITE...")
    folder, suites = sys.argv[1], [word for suite in sys.argv[2:] for word in ("--suite", suite)]
    first = run(folder, "testlog", *suites)
    again = to_repeat(first)
    second = run(folder, "repeated", "--num-processes", "1", *suites, *again) if again else {}
    lines, good = report(first, second)
    print("\n".join(lines))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

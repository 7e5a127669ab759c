#!/usr/bin/python3
"""Adds up what the test programs of one `meson test` run reported.

usage: count_tests.py TESTLOG.json [TESTLOG.json of a second run of some of them]
       count_tests.py --failed TESTLOG.json     prints the names of those that failed

Prints "count: PASSED FAILED SKIPPED" (the form ./check reads), and before it one line per reason for
skipping. doctest and unittest say themselves how many cases they had; a program that says nothing
counts as one, and one that died without reporting a failure has failed once.
"""
import json
import os
import re
import sys

DOCTEST = re.compile(r"\[doctest\] test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed \|\s*(\d+) skipped")
RAN = re.compile(r"^Ran (\d+) tests? in", re.M)
VERDICT = re.compile(r"^(?:OK|FAILED)(?: \((.*)\))?$", re.M)


def count(text):
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


def results(path):
    with open(path) as log:
        return {test["name"]: test for test in map(json.loads, log)}


def failed(tests):
    return [name for name, test in tests.items() if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL")]


def main():
    if sys.argv[1] == "--failed":
        # Meson takes the name behind the suites.
        print("\n".join(name.split(" / ")[-1] for name in failed(results(sys.argv[2]))))
        return 0
    if not os.path.exists(sys.argv[1]):
        print("no test ran at all\ncount: 0 1 0")
        return 1
    tests = results(sys.argv[1])
    for again in sys.argv[2:]:
        second = results(again)
        for name in second:
            print("repeated: %s failed once, then: %s" % (name, second[name]["result"]))
        tests.update(second)
    total = [0, 0, 0]
    for test in tests.values():
        text = test.get("stdout", "") + "\n" + test.get("stderr", "")
        result = test["result"]
        counts = count(text)
        if result == "SKIP":
            counts = (0, 0, 1)
        elif counts is None:
            counts = (1, 0, 0) if result == "OK" else (0, 1, 0)
        elif result not in ("OK", "EXPECTEDFAIL") and counts[1] == 0:
            counts = (counts[0], 1, counts[2])
        for reason in sorted(set(re.findall(r"skipped '([^']+)'|^skipped: (.*)$", text, re.M))):
            print("skipped: %s: %s" % (test["name"], "".join(reason)))
        total = [a + b for a, b in zip(total, counts)]
    print("count: %d %d %d" % tuple(total))
    return 1 if total[1] else 0


sys.exit(main())

#!/usr/bin/python3
"""Adds up what the test programs of one `meson test` run reported.

usage: count_tests.py BUILD/meson-logs/testlog.json

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


def main():
    if not os.path.exists(sys.argv[1]):
        print("no test ran at all\ncount: 0 1 0")
        return 1
    total = [0, 0, 0]
    with open(sys.argv[1]) as log:
        for line in log:
            test = json.loads(line)
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

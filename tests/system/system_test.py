"""What all system tests share. Each file is a program of its own that meson runs.

SYSTEM_TEST_SHORT=1 leaves out the cases marked @full: under a sanitizer the short ones say enough.
"""
import os
import sys
import tempfile
import unittest

from mjpeg import Stream
from server import MODULES, PROGRAM, Server

SHORT = bool(os.environ.get("SYSTEM_TEST_SHORT"))
# Sanitizers and shared machines are slower; limits on time, not on behaviour, are stretched.
SLOWNESS = 4 if SHORT else 1


def full(case):
    """Marks a test (or class) as left out of the short run."""
    case.only_in_full_run = True
    return case


class SystemTest(unittest.TestCase):
    def serve(self, *arguments, **options):
        """A server that is stopped, and must end cleanly, when the test is over."""
        server = Server(*arguments, **options)
        self.addCleanup(server.stop)
        return server

    def watch(self, server, *arguments, **options):
        stream = Stream(server.port, *arguments, **options)
        self.addCleanup(stream.close)
        return stream

    def folder(self):
        folder = tempfile.TemporaryDirectory(prefix="onlooker-test-")
        self.addCleanup(folder.cleanup)
        return folder.name

    def need_modules(self):
        if not MODULES:
            self.skipTest("TEST_MODULES does not name the folder with camera_faulty.so")
        return ["--driver-dir", MODULES]


def _wanted(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _wanted(test)
        else:
            method = getattr(test, test._testMethodName, None)
            marked = getattr(test, "only_in_full_run", False) or getattr(
                method, "only_in_full_run", False)
            if not (SHORT and marked):
                yield test


def main():
    if not os.access(PROGRAM, os.X_OK):
        print("skipped: no program at %s; set TEST_ONLOOKER" % PROGRAM)
        sys.exit(77)
    module = sys.modules["__main__"]
    loader = unittest.TestLoader()
    if len(sys.argv) > 1:
        suite = loader.loadTestsFromNames(sys.argv[1:], module)
    else:
        suite = unittest.TestSuite(_wanted(loader.loadTestsFromModule(module)))
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    sys.exit(0 if result.wasSuccessful() else 1)

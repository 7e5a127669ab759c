#!/usr/bin/env python3
"""Installs onlooker into an empty folder, and writes a driver with what is there: the example of
drivers/README.md, by the very lines that stand below it, is compiled, loaded and looked at.
"""
import glob
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "system"))

import server  # noqa: E402

README = os.path.join(ROOT, "drivers", "README.md")
UNDEFINED_ALLOWED = os.environ["TEST_UNDEFINED"] == "allowed"  # with sanitizers


def example():
    """From drivers/README.md: the driver, and the lines that build and run it."""
    with open(README, encoding="utf-8") as readme:
        text = readme.read()
    found = re.search(r"^## How to write a driver.*?^```cpp\n(.*?)^```\n\n((?:    [^\n]*\n)+)", text,
                      re.S | re.M)
    return found.group(1), [line.strip() for line in found.group(2).splitlines()]


class InstalledKit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="onlooker-kit-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = os.path.join(cls.folder.name, "root")
        subprocess.run(["meson", "install", "--no-rebuild", "--quiet", "--destdir", cls.root,
                        "-C", os.environ["TEST_BUILD"]], check=True, stdout=subprocess.DEVNULL)
        server.PROGRAM = cls.installed(os.environ["TEST_PREFIX"], "bin", "onlooker")

    @classmethod
    def installed(cls, *path):
        return cls.root + os.path.join(*path)

    def setUp(self):
        work = tempfile.TemporaryDirectory(prefix="onlooker-kit-")
        self.addCleanup(work.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(work.name)
        # c++ is the compiler that onlooker was built with. That is looked for without this script, or
        # `ccache c++` would find it and call it again, without end.
        os.mkdir("bin")
        with open("bin/c++", "w", encoding="ascii") as script:
            script.write('#!/bin/sh\nPATH=%s\nexec %s "$@"\n'
                         % (shlex.quote(os.environ["PATH"]), os.environ["TEST_COMPILER"]))
        os.chmod("bin/c++", 0o755)
        self.environment = {
            **os.environ,
            "PATH": os.path.abspath("bin") + ":" + os.environ["PATH"],
            "PKG_CONFIG_PATH": self.installed(os.environ["TEST_LIBDIR"], "pkgconfig"),
            "PKG_CONFIG_SYSROOT_DIR": self.root,
            "PKG_CONFIG_ALLOW_SYSTEM_LIBS": "1",
        }

    def shell(self, command):
        done = subprocess.run(["sh", "-c", command], env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = done.stdout.decode("utf-8", "replace")
        self.assertEqual(done.returncode, 0, "%s\n%s" % (command, output))
        return output.strip()

    def variable(self, name):
        # As it is written: pkgconf puts the folder of this test before paths.
        return self.shell("PKG_CONFIG_SYSROOT_DIR= pkg-config --variable=%s onlooker-driver" % name)

    def test_the_program_finds_its_modules_where_they_are_installed(self):
        folder = self.variable("driverdir")
        self.assertEqual(folder, os.environ["TEST_DRIVER_DIR"])
        for name in os.environ["TEST_DRIVER_MODULES"].split():
            self.assertTrue(os.path.isfile(self.installed(folder, "camera_%s.so" % name)), name)

    def test_its_headers_need_no_others(self):
        include = self.installed(os.environ["TEST_PREFIX"], "include", "onlooker")
        headers = sorted(os.path.relpath(path, include)
                         for path in glob.glob(include + "/**/*.hpp", recursive=True))
        self.assertIn("camera/driver.hpp", headers)
        with open("all.cpp", "w", encoding="ascii") as source:
            source.writelines('#include "%s"\n' % header for header in headers)
            source.write("const char* interface = onlooker::camera::driver_interface;\n"
                         "#include <cstdio>\n"
                         "int main() { std::puts(interface); }\n")
        self.shell("c++ -Wall -Wextra -Werror -o all all.cpp "
                   "$(pkg-config --cflags --libs onlooker-driver)")
        self.assertRegex(self.shell("./all"),
                         "^onlooker driver %s, lib" % re.escape(self.variable("driver_interface")))

    @unittest.skipIf(UNDEFINED_ALLOWED, "a sanitizer's functions are in the program alone")
    def test_its_library_needs_no_other(self):
        with open("empty.cpp", "w", encoding="ascii"):
            pass
        self.shell("c++ -shared -fPIC -Wl,--no-undefined -o all.so empty.cpp -Wl,--whole-archive "
                   "$(pkg-config --cflags --libs onlooker-driver) -Wl,--no-whole-archive")

    def test_the_example_of_the_readme_is_built_and_seen(self):
        source, (build, run) = example()
        with open("camera_breathing.cpp", "w", encoding="utf-8") as file:
            file.write(source)
        self.shell(build)
        words = shlex.split(run)
        variables = dict(word.split("=", 1) for word in words if re.match(r"[A-Z]+=", word))
        program, *arguments = words[len(variables):]
        self.assertEqual(program, "onlooker")
        with server.Server(*arguments, env=variables) as running:
            status, headers, picture = running.get("/snapshot")
            self.assertEqual((status, headers["Content-Type"]), (200, "image/jpeg"), running.log())
            self.assertEqual(picture[:2], b"\xff\xd8")
            self.assertEqual(running.state()["source"]["resolution"], {"width": 320, "height": 240})


if __name__ == "__main__":
    unittest.main(verbosity=2)

#!/usr/bin/env python3
"""A package's life, in a tree where its dependencies are installed and nothing of it: installed, watched,
upgraded while it is watched, removed, purged. `install.sh` starts it there; systemd is played by `systemctl`
beside this file.

usage: installed.py OLDER NEWER       folders of packages
"""
import base64
import glob
import grp
import hashlib
import os
import pwd
import re
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
OLDER, NEWER = sys.argv[1:3]
ADDRESS = "http://127.0.0.1:5000"
CONF = "/etc/onlooker/onlooker.conf"
STATE = "/var/lib/onlooker"
USERS = STATE + "/users"
RUN = "/run/packages-test"

# What dpkg and apt write about themselves, and the folders of the test.
OTHERS = re.compile(
    r"/(proc|sys|dev|run|tmp|packages|tests)(/|$)"
    r"|/var/(log|cache)/"
    r"|/var/lib/dpkg/(status|available|lock|diversions|triggers|statoverride)"
    r"|/var/lib/apt/"
    # The user and its group, who stay.
    r"|/etc/\.?(passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock)(-|\.lock)?$"
    r"|/etc/ld\.so\.cache$"
)


def listing():
    """Everything in this tree: path to kind and, for what is small, contents."""
    found = {}
    for folder, folders, files in os.walk("/"):
        folders[:] = [name for name in folders if not OTHERS.match(os.path.join(folder, name))]
        for name in folders + files:
            path = os.path.join(folder, name)
            if OTHERS.match(path):
                continue
            status = os.lstat(path)
            what = "%o %d:%d" % (status.st_mode, status.st_uid, status.st_gid)
            if stat.S_ISREG(status.st_mode) and path.startswith("/etc/"):
                with open(path, "rb") as file:
                    what += " " + hashlib.sha256(file.read()).hexdigest()
            found[path] = what
    return found


def run(*command, words=""):
    # Not by apt, which gives dpkg a PATH of its own.
    print("$", *command, flush=True)
    environment = dict(os.environ, PATH=HERE + ":" + os.environ["PATH"])
    subprocess.run(command, check=True, env=environment, input=words, text=True)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def packages(folder):
    return sorted(glob.glob(folder + "/*.deb"))


def version(package="onlooker"):
    return subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def asked():
    with open(RUN + "/asked.log", encoding="utf-8") as log:
        return log.read().splitlines()


def snapshot(seconds=60):
    """A picture, by way of the service's own configuration."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(ADDRESS + "/snapshot", timeout=30) as answer:
                return answer.read()
        except OSError as error:
            if time.monotonic() > deadline:
                with open(RUN + "/onlooker.log", encoding="utf-8") as log:
                    raise AssertionError("no picture: %s; its log:\n%s" % (error, log.read())) from error
            time.sleep(0.2)


def status(login=None, seconds=60):
    """That of the answer to whoever comes with this name and password, once there is a server."""
    request = urllib.request.Request(ADDRESS + "/snapshot")
    if login:
        request.add_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


class Viewer(threading.Thread):
    """Watches, and comes back when it is disconnected."""

    def __init__(self):
        super().__init__(daemon=True)
        self.pictures = self.connections = 0
        self.longest_gap = 0.0
        self.over = threading.Event()

    def run(self):
        last = None
        while not self.over.is_set():
            try:
                with urllib.request.urlopen(ADDRESS + "/stream", timeout=30) as stream:
                    self.connections += 1
                    while not self.over.is_set():
                        octets = stream.read1(65536)
                        if not octets:
                            break
                        if b"\xff\xd9" in octets:
                            now = time.monotonic()
                            self.longest_gap = max(self.longest_gap, now - (last or now))
                            last = now
                            self.pictures += 1
            except OSError:
                pass
            time.sleep(0.1)

    def wait_for(self, more, seconds=60):
        wanted, deadline = self.pictures + more, time.monotonic() + seconds
        while self.pictures < wanted:
            if time.monotonic() > deadline:
                raise AssertionError("%d pictures, not %d" % (self.pictures, wanted))
            time.sleep(0.05)


class Life(unittest.TestCase):
    """The cases follow one another, by their names."""

    @classmethod
    def setUpClass(cls):
        os.makedirs("/run/systemd/system", exist_ok=True)  # by which scripts know that systemd runs
        cls.before = listing()

    def test_1_installed_it_runs_and_shows_its_camera(self):
        run("dpkg", "--install", *packages(OLDER))
        user = pwd.getpwnam("onlooker")
        groups = {group.gr_name for group in grp.getgrall() if "onlooker" in group.gr_mem}
        self.assertEqual({"video", "render"}, groups)
        picture = snapshot()
        self.assertEqual((b"\xff\xd8", b"\xff\xd9"), (picture[:2], picture[-2:]))
        with open(RUN + "/pid", encoding="ascii") as file:
            pid = file.read().strip()
        self.assertEqual(user.pw_uid, os.stat("/proc/" + pid).st_uid)
        self.assertEqual((user.pw_uid, 0o700), (os.stat(STATE).st_uid, os.stat(STATE).st_mode & 0o777))
        self.assertTrue(os.path.islink("/etc/systemd/system/multi-user.target.wants/onlooker.service"))
        self.assertFalse(os.path.lexists("/etc/systemd/system/sockets.target.wants/onlooker.socket"))

    def test_2_every_module_loads(self):
        names = [os.path.basename(path).split("_")[0] for path in packages(OLDER)]
        run("onlooker", "--camera", "relay:http://127.0.0.1:9/", "--check-config")
        with tempfile.TemporaryDirectory() as folder:  # its digest is OpenSSL's
            run("onlooker", "token", "add", "printer", "--users", os.path.join(folder, "users"))
        for driver, source in ("opencv", "x.avi"), ("libcamera", ""):
            if "onlooker-" + driver in names:
                run("onlooker", "--camera", "%s:%s" % (driver, source), "--check-config")
        if "onlooker-overlay" in names:
            urllib.request.urlopen(ADDRESS + "/snapshot?overlay=1&overlay_zone=UTC", timeout=60).close()
        if "onlooker-clips" in names:
            with urllib.request.urlopen(ADDRESS + "/clip?seconds=1", timeout=60) as clip:
                self.assertEqual(b"\x1aE\xdf\xa3", clip.read(4))

    def test_2_logins_that_root_makes_let_people_in(self):
        with open(CONF, encoding="utf-8") as conf:
            text = conf.read()
        self.addCleanup(run, "systemctl", "restart", "onlooker.service")
        self.addCleanup(write, CONF, text)
        run("onlooker", "user", "add", "anna", "--users", USERS, words="a battery of horses\n")
        self.assertEqual(pwd.getpwnam("onlooker").pw_uid, os.stat(USERS).st_uid)
        write(CONF, text + "users = %s\n" % USERS)
        run("systemctl", "restart", "onlooker.service")
        self.assertEqual(401, status())
        self.assertEqual(200, status("anna:a battery of horses"))

    def test_3_upgraded_viewers_see_on_and_the_configuration_stays(self):
        older = version()
        with open(CONF, "a", encoding="utf-8") as conf:
            conf.write("# mine\n")
        viewers = [Viewer(), Viewer()]
        for viewer in viewers:
            viewer.start()
        for viewer in viewers:
            viewer.wait_for(3)
        asked_before = len(asked())
        run("dpkg", "--install", *packages(NEWER))
        for viewer in viewers:
            viewer.wait_for(5)
            viewer.over.set()
        self.assertNotEqual(older, version())
        asked_for_upgrade = asked()[asked_before:]
        self.assertEqual(1, len([line for line in asked_for_upgrade if "restart onlooker.service" in line]))
        # Where systemd listens in the place of the service, it goes on.
        self.assertEqual([], [line for line in asked_for_upgrade if "stop" in line and "onlooker.socket" in line])
        print("upgraded from %s to %s; each viewer's connections, and longest wait for a picture: %s"
              % (older, version(), ", ".join("%d, %.1f s" % (v.connections, v.longest_gap) for v in viewers)))
        for viewer in viewers:
            self.assertGreaterEqual(viewer.connections, 2)
        with open(CONF, encoding="utf-8") as conf:
            self.assertTrue(conf.read().endswith("# mine\n"))

    def test_4_removed_it_has_ended_and_kept_what_is_the_users(self):
        names = [os.path.basename(path).split("_")[0] for path in packages(NEWER)]
        own = [STATE + "/kept", os.path.dirname(CONF) + "/key.pem"]
        for path in own:
            write(path, "")
        run("dpkg", "--remove", *names)
        self.assertFalse(os.path.exists(RUN + "/pid"))
        self.assertFalse(os.path.exists("/usr/bin/onlooker"))
        for path in [CONF, *own]:
            self.assertTrue(os.path.exists(path), path)

    def test_5_purged_nothing_is_left(self):
        names = [os.path.basename(path).split("_")[0] for path in packages(NEWER)]
        run("dpkg", "--purge", *names)
        after = listing()
        changed = {path for path in self.before.keys() | after.keys() if self.before.get(path) != after.get(path)}
        self.assertEqual([], sorted(changed))
        pwd.getpwnam("onlooker")  # stays, or another could have its number, and files


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2, failfast=True)

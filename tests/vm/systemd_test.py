"""The service under a systemd that runs the machine, by the units that are installed.

Run in the virtual machine by guest/systemd.sh, with the tools of the system tests. The machine is
slow: limits on time are wide, and none of them is what is tested.
"""
import collections
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system"))
import system_test  # noqa: E402
from mjpeg import Stream  # noqa: E402
from server import wait_until  # noqa: E402
from stamped_viewers import Viewers, logged_stamps  # noqa: E402
from system_test import SystemTest  # noqa: E402

CONFIG = os.environ["TEST_CONFIG"]
PORT = 5000
DROP_INS = "/run/systemd/system/onlooker.service.d"
UNIT = "onlooker.service"
# Pictures that cost the machine next to nothing, and so few that it sends each of them even where others
# work beside it. (Faster: tests/system/test_service.py.)
YARD = "camera = yard=testcard:,fps=1,size=64x64"
DEVICE = "/dev/video10"


def run(*command, good=True, timeout=60):
    """What the program wrote to its standard output; it must succeed, or must not."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=timeout, text=True)
    if good is not None and (done.returncode == 0) != good:
        raise AssertionError("%s ended with %d: %s" % (" ".join(command), done.returncode, done.stdout))
    return done.stdout


def systemctl(*arguments, **options):
    return run("systemctl", *arguments, **options)


def shown(name, unit=UNIT):
    return systemctl("show", "--value", "-p", name, unit).strip()


def main_pid():
    return int(shown("MainPID"))


def journal(*arguments):
    """What the program itself has written since its last start; not what systemd says of it."""
    run("journalctl", "--sync")
    return run("journalctl", "--quiet", "-o", "cat", *arguments,
               "_SYSTEMD_INVOCATION_ID=" + shown("InvocationID"))


def get(path, host="127.0.0.1", timeout=20):
    connection = http.client.HTTPConnection(host, PORT, timeout=timeout)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def configure(*lines):
    with open(CONFIG + ".new", "w") as file:
        file.write("\n".join(lines) + "\n")
    os.replace(CONFIG + ".new", CONFIG)


def drop_in(*lines):
    os.makedirs(DROP_INS, exist_ok=True)
    with open(DROP_INS + "/test.conf", "w") as file:
        file.write("[Service]\n" + "\n".join(lines) + "\n")
    systemctl("daemon-reload")


class Service(SystemTest):
    def setUp(self):
        systemctl("stop", "onlooker.socket", UNIT)
        shutil.rmtree(DROP_INS, ignore_errors=True)
        systemctl("daemon-reload")
        systemctl("reset-failed", UNIT, good=None)
        configure(YARD)

    def wait_for_status(self, pattern):
        wait_until(lambda: re.search(pattern, shown("StatusText")), 20, pattern, 0.2)

    def wait_for_journal(self, pattern):
        return wait_until(lambda: re.search(pattern, journal()), 20, pattern, 0.2)

    def test_start_returns_once_it_listens_and_status_says_who_watches(self):
        systemctl("start", UNIT)
        self.assertEqual(get("/healthz")[0], 200)
        self.assertEqual(shown("StatusText"), "1 camera, 0 live; 0 viewers")
        with Stream(PORT) as stream:
            stream.parts(2)
            self.wait_for_status("^1 camera, 1 live; 1 viewer$")
            self.assertIn('Status: "1 camera, 1 live; 1 viewer"', systemctl("status", UNIT))
        self.wait_for_status("; 0 viewers$")
        systemctl("stop", UNIT)
        self.assertEqual(shown("Result"), "success")

    def test_start_fails_in_words_and_once_where_the_file_is_wrong(self):
        configure(YARD, "colour = red")
        systemctl("start", UNIT, good=False)
        self.assertEqual((shown("ExecMainStatus"), shown("NRestarts")), ("2", "0"))
        self.assertEqual(shown("ActiveState"), "failed")
        self.assertIn("onlooker.conf:2: there is no setting", journal("-n", "5"))

    def test_a_loop_that_stands_still_is_ended_and_started_again(self):
        drop_in("WatchdogSec=3", "RestartSec=100ms")
        systemctl("start", UNIT)
        first = main_pid()
        time.sleep(5)
        self.assertEqual(main_pid(), first, "it was ended though it was well")
        os.kill(first, signal.SIGSTOP)
        wait_until(lambda: shown("ActiveState") == "active" and main_pid() not in (0, first), 30,
                   "another process", 0.2)
        self.assertEqual(shown("NRestarts"), "1")
        self.assertIn("Watchdog timeout", run("journalctl", "-o", "cat", "-u", UNIT, "-n", "20"))
        self.assertEqual(get("/healthz")[0], 200)

    def test_the_socket_starts_it_for_each_viewer_that_comes_after_it_ended(self):
        configure(YARD, "exit-idle = 1")
        systemctl("start", "onlooker.socket")
        for host in ("127.0.0.1", "::1"):
            self.assertEqual(shown("ActiveState"), "inactive")
            before = shown("InvocationID")
            self.assertEqual(get("/cameras/yard/snapshot", host=host)[0], 200)
            wait_until(lambda: shown("InvocationID") != before, 5, "a start", 0.2)
            wait_until(lambda: shown("ActiveState") == "inactive", 20, "its end", 0.2)
            self.assertEqual(shown("Result"), "success")
            self.assertEqual(shown("ActiveState", "onlooker.socket"), "active")

    def test_reload_with_a_good_and_with_a_bad_file_costs_no_viewer_a_frame(self):
        systemctl("start", UNIT)
        viewers = Viewers(20, PORT, "/cameras/yard/stream")
        self.addCleanup(viewers.end)
        wait_until(lambda: viewers.all_saw(5), 60, "pictures")
        pid = main_pid()
        configure(YARD, "camera = bed=emulated", "colour = red")
        systemctl("reload", UNIT)
        self.wait_for_journal(r"everything stays as it was: .*onlooker.conf:3: there is no setting")
        self.wait_for_status("^1 camera")
        self.assertEqual(shown("ActiveState"), "active")
        configure(YARD, "camera = bed=emulated")
        systemctl("reload", UNIT)
        self.wait_for_journal("the configuration was read again; changed: camera")
        self.wait_for_status("^2 cameras")
        self.assertEqual(get("/cameras/bed/snapshot")[0], 200)
        self.assertEqual((shown("ActiveState"), main_pid()), ("active", pid))
        seen = max(map(len, viewers.stamps))
        wait_until(lambda: viewers.all_saw(seen + 5), 60, "pictures")
        logged = logged_stamps(get("/cameras/yard/frames.csv")[1].decode())
        viewers.end()
        self.assertEqual(viewers.closed, 0)
        for stamps in viewers.stamps:
            # The last ones may have come after the log was read.
            came = [stamp for stamp in stamps if stamp in logged]
            self.assertGreaterEqual(len(came), 10)
            first = logged.index(came[0])
            self.assertEqual(came, logged[first:first + len(came)], "no gap")

    def test_a_restart_refuses_no_newcomer(self):
        systemctl("start", UNIT)
        wait_until(lambda: shown("NFileDescriptorStore") != "0", 10, "sockets that are kept", 0.2)
        first = main_pid()
        over = threading.Event()
        came = collections.Counter()

        def come_again_and_again():
            while not over.is_set():
                try:
                    came[get("/healthz", timeout=60)[0]] += 1
                except ConnectionRefusedError as error:
                    came[str(error)] += 1
                except (OSError, http.client.HTTPException):
                    came["was there when it ended"] += 1
                time.sleep(0.01)

        newcomers = [threading.Thread(target=come_again_and_again) for _ in range(2)]
        for each in newcomers:
            each.start()
        for _ in range(3):
            systemctl("restart", UNIT)
        over.set()
        for each in newcomers:
            each.join()
        print(dict(came))
        self.assertNotEqual(main_pid(), first)
        self.assertGreater(came.pop(200), 10)
        # A connection in the middle of a request when the process ends is no newcomer.
        self.assertLessEqual(came.pop("was there when it ended", 0), 6)
        self.assertEqual(came, {})

    def test_the_journal_knows_what_is_a_warning(self):
        systemctl("start", UNIT)
        configure(YARD, "max-variants = 3")
        systemctl("reload", UNIT)
        warning = "max-variants was changed, which takes a restart"
        self.wait_for_journal(warning)
        everything = journal()
        self.assertIn("shows 1 camera at http://", everything)
        self.assertNotRegex(everything, r"<\d>")
        self.assertEqual(journal("-p", "warning").splitlines(), ["SIGHUP: " + warning])

    def status_of(self, pid, name):
        with open("/proc/%d/status" % pid) as status:
            return re.search(r"^%s:\s*(.*)$" % name, status.read(), re.M).group(1).split()

    def test_the_sandbox_lets_it_reach_a_camera_that_comes_later(self):
        self.addCleanup(run, "modprobe", "-r", "vivid", good=None)
        self.addCleanup(systemctl, "stop", UNIT)
        configure("camera = v4l2:%s,size=320x180" % DEVICE)
        systemctl("start", UNIT)
        self.assertEqual(get("/snapshot")[0], 503)
        run("modprobe", "vivid", "n_devs=1", "node_types=0x1", "num_inputs=1", "input_types=0x0",
            "vid_cap_nr=10", timeout=60)
        wait_until(lambda: get("/snapshot")[0] == 200 and self.is_online(), 60, "its picture", 0.5)
        pid = main_pid()
        owner = subprocess.check_output(["id", "-u", "onlooker"], text=True).strip()
        self.assertEqual(self.status_of(pid, "Uid"), [owner] * 4)
        self.assertEqual(self.status_of(pid, "CapEff"), ["0" * 16])
        self.assertEqual(self.status_of(pid, "NoNewPrivs"), ["1"])
        self.assertEqual(self.status_of(pid, "Seccomp"), ["2"])
        said = run("systemd-analyze", "security", "--no-pager", UNIT, good=None)
        exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
        self.assertTrue(exposure, said)
        print("systemd-analyze security: " + exposure.group(1))
        self.assertLessEqual(float(exposure.group(1)), 2.0)

    def is_online(self):
        return json.loads(get("/state")[1])["result"]["source"]["online"]

    def test_the_sandbox_lets_it_reach_nothing_else(self):
        """A script in the place of the program, which every measure of the unit holds for."""
        attempts = {
            "write /tmp": (True, "echo x > /tmp/probe"),
            "read the file": (True, "cat %s" % CONFIG),
            "see itself": (True, "test -e /proc/$$/status"),
            "write a folder open to all": (False, "echo x > /open/probe"),
            "read a home": (False, "cat /home/probe/secret"),
            "list /home": (False, "ls /home/probe"),
            "see the first process": (False, "test -e /proc/1/status"),
            "open a device": (False, "echo x > /dev/probe"),
            "make a namespace": (False, "unshare --user true"),
            "connect to others": (False, "bash -c '< /dev/tcp/127.0.0.1/%d'" % self.someone_listens()),
            "set a user id": (False, "cp /bin/true /tmp/probe && chmod u+s /tmp/probe"),
        }
        self.prepare_probes()
        for sandboxed in (False, True):
            seen = self.attempt(attempts, sandboxed)
            for name, (allowed, _) in attempts.items():
                with self.subTest(name, sandboxed=sandboxed):
                    # Without the sandbox all of it can be done: what is refused is the unit's doing.
                    self.assertEqual(seen[name], allowed or not sandboxed)

    def someone_listens(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        return listener.getsockname()[1]

    def prepare_probes(self):
        for folder in ("/open", "/home/probe"):
            os.makedirs(folder, exist_ok=True)
            os.chmod(folder, 0o777)
            self.addCleanup(shutil.rmtree, folder)
        with open("/home/probe/secret", "w") as file:
            file.write("secret")
        # Of /dev/null's kind, but open to everybody and not among those of DevicePolicy=closed.
        run("mknod", "-m", "666", "/dev/probe", "c", "1", "11")
        self.addCleanup(os.remove, "/dev/probe")

    def attempt(self, attempts, sandboxed):
        """{name: whether it could be done} by the unit's user."""
        with open("/open/probes.sh", "w") as file:
            for name, (_, command) in attempts.items():
                file.write("if (%s) > /dev/null 2>&1; then echo 'can: %s'; fi\n" % (command, name))
        if not sandboxed:
            said = run("setpriv", "--reuid", "onlooker", "--regid", "onlooker", "--clear-groups",
                       "/bin/sh", "/open/probes.sh")
        else:
            drop_in("ExecStartPre=/bin/sh /open/probes.sh")
            systemctl("start", UNIT)
            said = journal()
        return {name: "can: " + name in said.splitlines() for name in attempts}


if __name__ == "__main__":
    system_test.main()

"""The packaged service with a USB camera, from the start of the machine on.

Run in the virtual machine by guest/packaged.sh, on a system that has Debian's packages and nothing of
the tree. The machine is slow: limits on time are wide, and none of them is what is tested.
"""
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
import unittest

PORT = 5000
SOCKET = "/run/onlooker/socket"
UNIT = "onlooker.service"
DROP_INS = "/run/systemd/system/onlooker.service.d"
CAMERA = "camera = desk=v4l2:serial:SERIAL1,size=640x480"


def run(*command, good=True):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=90, text=True)
    if good and done.returncode != 0:
        raise AssertionError("%s ended with %d: %s" % (" ".join(command), done.returncode, done.stdout))
    return done.stdout


def shown(name):
    return run("systemctl", "show", "--value", "-p", name, UNIT).strip()


def ask(path, method="GET", body=None):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    try:
        headers = {"Connection": "close", "Content-Type": "application/json"}
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def health_by_socket():
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(30)
        client.connect(SOCKET)
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return client.recv(64).split()[1]


def is_live():
    # The snapshot first: a camera opens for those who look.
    return ask("/snapshot")[0] == 200 and json.loads(ask("/state")[1])["result"]["source"]["online"]


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited %d s in vain: %s" % (seconds, what))
        time.sleep(0.3)


class UsbCamera:
    """Plugged in for as long as the program runs that plays it."""

    def __enter__(self):
        pictures = [os.path.join(os.environ["PICTURES"], name)
                    for name in sorted(os.listdir(os.environ["PICTURES"]))]
        self.process = subprocess.Popen([os.environ["UVC_CAMERA"], "15", "SERIAL1", *pictures],
                                        stdout=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


class Stream:
    """A viewer of the stream, who counts what looks like pictures."""

    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", PORT), timeout=60)
        self.socket.sendall(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def pictures(self, count):
        seen = 0
        while seen < count:
            octets = self.socket.recv(65536)
            if not octets:
                raise AssertionError("the viewer was closed")
            seen += octets.count(b"\xff\xd9")

    def close(self):
        self.socket.close()


class Packaged(unittest.TestCase):
    """In the order of their names, on one service."""

    def test_1_it_starts_with_the_machine_and_shows_what_its_configuration_says(self):
        self.assertEqual((shown("ActiveState"), shown("UnitFileState")), ("active", "enabled"))
        self.assertEqual(ask("/healthz")[0], 200)
        status, picture = ask("/snapshot")
        self.assertEqual((status, picture[:2]), (200, b"\xff\xd8"))
        self.assertEqual(shown("CPUWeight"), "20")

    def test_2_a_camera_comes_later_goes_and_comes_again(self):
        with open("/etc/onlooker/onlooker.conf") as file:
            text = file.read()
        with open("/etc/onlooker/onlooker.conf", "w") as file:
            file.write(re.sub(r"^camera = .*$", CAMERA, text, flags=re.M))
            # As README.Debian says; until now it listened at the same port of 127.0.0.1 alone.
            file.write('host = 0.0.0.0\npublic = true\nlisten = "unix:%s,mode=0660"\n' % SOCKET)
        run("systemctl", "restart", UNIT)
        self.assertEqual(ask("/snapshot")[0], 503)
        self.assertEqual(health_by_socket(), b"200")
        with UsbCamera():
            wait_until(is_live, 60, "the camera that came")
            viewer = Stream()
            self.addCleanup(viewer.close)
            viewer.pictures(5)
        wait_until(lambda: not is_live(), 30, "it is noticed that the camera is gone")
        with UsbCamera():
            wait_until(is_live, 60, "the camera that came back")
            viewer.pictures(10)

    def test_3_what_was_set_on_a_control_is_kept_over_a_restart(self):
        with UsbCamera():
            wait_until(is_live, 60, "the camera")
            controls = "/api/v1/cameras/desk/controls"
            self.assertEqual(ask(controls, "PATCH", '{"brightness": 77}')[0], 200)
            wait_until(lambda: os.path.exists("/var/lib/onlooker/state.json"), 20, "it is kept")
            before = shown("MainPID")
            run("systemctl", "restart", UNIT)
            self.assertNotEqual(shown("MainPID"), before)
            self.assertEqual(health_by_socket(), b"200")
            wait_until(is_live, 60, "the camera after a restart")
            self.assertIn(b'"brightness"', ask(controls)[1])
            values = {one["id"]: one["value"] for one in json.loads(ask(controls)[1])["controls"]}
            self.assertEqual(values["brightness"], 77)

    def test_4_it_ends_when_killed_and_comes_back(self):
        before = shown("MainPID")
        os.kill(int(before), signal.SIGKILL)
        wait_until(lambda: shown("ActiveState") == "active" and shown("MainPID") not in ("0", before), 30,
                   "another process")
        self.assertEqual(ask("/healthz")[0], 200)
        self.assertEqual(health_by_socket(), b"200")

    def test_5_it_reaches_nothing_else(self):
        exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)",
                             run("systemd-analyze", "security", "--no-pager", UNIT, good=False))
        print("systemd-analyze security: " + exposure.group(1))
        self.assertLessEqual(float(exposure.group(1)), 2.0)
        os.makedirs("/home/someone", exist_ok=True)
        os.chmod("/home/someone", 0o777)
        with open("/home/someone/secret", "w") as file:
            file.write("secret")
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        attempts = {
            "write": "echo x > /home/someone/probe",
            "write the configuration": "echo x >> /etc/onlooker/onlooker.conf",
            "read a home": "cat /home/someone/secret",
            "connect": "bash -c '< /dev/tcp/127.0.0.1/%d'" % listener.getsockname()[1],
        }
        with open("/etc/onlooker/probes.sh", "w") as file:
            for name, command in attempts.items():
                file.write("if (%s) > /dev/null 2>&1; then echo 'can: %s'; fi\n" % (command, name))
            file.write("cat /etc/onlooker/onlooker.conf > /dev/null && echo 'can: read its file'\n")
        os.makedirs(DROP_INS, exist_ok=True)
        with open(DROP_INS + "/test.conf", "w") as file:
            file.write("[Service]\nExecStartPre=/bin/sh /etc/onlooker/probes.sh\n")
        run("systemctl", "daemon-reload")
        run("systemctl", "restart", UNIT)
        run("journalctl", "--sync")
        said = run("journalctl", "--quiet", "-o", "cat", "_SYSTEMD_INVOCATION_ID=" + shown("InvocationID"))
        can = {line for line in said.splitlines() if line.startswith("can: ")}
        self.assertEqual(can, {"can: read its file"})


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=True)

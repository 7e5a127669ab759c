"""Starts the program as its user would, and looks at it from outside: its log, its process."""
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

PROGRAM = os.environ.get("TEST_ONLOOKER", "build/onlooker")
MODULES = os.environ.get("TEST_MODULES", "")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(extra=None):
    """The environment without anything the program would read, plus `extra`."""
    # With meson's MALLOC_PERTURB_ whatever was reserved is resident too, and no longer the program's.
    kept = {k: v for k, v in os.environ.items()
            if k not in ("CAMERA", "MALLOC_PERTURB_") and not k.startswith("ONLOOKER_")}
    kept.update(extra or {})
    return kept


def wait_until(condition, seconds, what, every=0.02):
    """Asks `condition` again and again until it gives something true, and returns that."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("after %.1f s still not: %s" % (seconds, what))
        time.sleep(every)


def run_once(*arguments, env=None, timeout=10):
    """Runs the program to its end: (exit status, everything it wrote)."""
    done = subprocess.run([PROGRAM, *arguments], env=clean_environment(env), timeout=timeout,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode("utf-8", "replace")


class Server:
    """One running server on a free loopback port. Use it as a context, or give it to `start`."""

    def __init__(self, *arguments, env=None, output=None, expect_exit=0, port=None):
        self.port = port or free_port()
        self.expect_exit = expect_exit
        self._log = tempfile.NamedTemporaryFile(prefix="onlooker-log-")
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [PROGRAM, "--port", str(self.port), *arguments], env=clean_environment(env),
            stdin=subprocess.DEVNULL, stdout=output or self._log, stderr=output or self._log)
        try:
            wait_until(self._listens, 20, "a server that listens")
        except AssertionError as error:
            self.process.kill()
            self.process.wait()
            raise AssertionError("%s; its log:\n%s" % (error, self.log())) from None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()

    @property
    def pid(self):
        return self.process.pid

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def _listens(self):
        if self.process.poll() is not None:
            raise AssertionError("the server ended with status %d" % self.process.returncode)
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def log(self):
        with open(self._log.name, encoding="utf-8", errors="replace") as log:
            return log.read()

    def wait_for_log(self, pattern, seconds=5):
        """Waits for a line that matches the regular expression."""
        try:
            return wait_until(lambda: re.search(pattern, self.log()), seconds, pattern)
        except AssertionError as error:
            raise AssertionError("%s; the log:\n%s" % (error, self.log())) from None

    def get(self, path, timeout=10, headers=None):
        """(status, headers, body) of a GET; an error status is no exception."""
        request = urllib.request.Request(self.url + path, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def state(self, camera=None):
        """uStreamer's JSON, its "result"."""
        path = "/state" if camera is None else "/cameras/%s/state" % camera
        status, _, body = self.get(path)
        if status != 200:
            raise AssertionError("%s answered %d: %r" % (path, status, body[:200]))
        answer = json.loads(body)
        if answer.get("ok") is not True:
            raise AssertionError("%s says %r" % (path, answer))
        return answer["result"]

    def _status(self, name):
        with open("/proc/%d/status" % self.pid) as status:
            return int(re.search(r"^%s:\s+(\d+)" % name, status.read(), re.M).group(1))

    def resident_kib(self):
        return self._status("VmRSS")

    def anonymous_kib(self):
        """Memory of its own and no file's."""
        return self._status("RssAnon")

    def address_space_kib(self):
        return self._status("VmSize")

    def threads(self):
        """Names of the threads, the loop's (the process's own) first."""
        names = []
        for task in sorted(os.listdir("/proc/%d/task" % self.pid), key=int):
            # A thread may end while it is asked.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                with open("/proc/%d/task/%s/comm" % (self.pid, task)) as comm:
                    names.append(comm.read().strip())
        return names

    def thread(self, name):
        """The number of the thread of this name; the loop's is the process's own."""
        for task in os.listdir("/proc/%d/task" % self.pid):
            with open("/proc/%d/task/%s/comm" % (self.pid, task)) as comm:
                if comm.read().strip() == name:
                    return int(task)
        raise AssertionError("no thread %r among %r" % (name, self.threads()))

    def wake_ups(self):
        """How often any of its threads gave the processor up by itself, since it began."""
        total = 0
        for task in os.listdir("/proc/%d/task" % self.pid):
            with open("/proc/%d/task/%s/status" % (self.pid, task)) as status:
                total += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status.read(),
                                       re.M).group(1))
        return total

    def cpu_seconds(self):
        with open("/proc/%d/stat" % self.pid) as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self):
        return len(os.listdir("/proc/%d/fd" % self.pid))

    def signal(self, number):
        self.process.send_signal(number)

    def pause(self, seconds):
        """Stops the process as a debugger, a frozen container or a paused machine does."""
        self.signal(signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            self.signal(signal.SIGCONT)

    def stop(self):
        """Asks it to end, as an operator would, and expects that it does so in time and cleanly."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("SIGTERM did not end it within 10 s; its log:\n" + self.log())
        log = self.log()
        if "Sanitizer" in log or "runtime error:" in log:
            raise AssertionError("a sanitizer spoke:\n" + log)
        if self.expect_exit is not None and status != self.expect_exit:
            raise AssertionError("it ended with status %d; its log:\n%s" % (status, log))
        return status

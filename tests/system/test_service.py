"""The program as a service: what a service manager tells it and is told, sockets that it is started
with, and a configuration that changes while people watch."""
import array
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import system_test
from mjpeg import Closed, Stream
from server import PROGRAM, Server, clean_environment, free_port, wait_until
from system_test import SLOWNESS, SystemTest

# Starts the program as systemd does: sockets from descriptor 3 on, and its own number in LISTEN_PID.
ACTIVATE = """
import os, sys
sockets, names, program = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(sockets), LISTEN_FDNAMES=names)
os.execv(program[0], program)
"""


class Manager:
    """The receiving end of $NOTIFY_SOCKET."""

    def __init__(self, folder, abstract=False):
        self.name = ("@onlooker-test-%d" % os.getpid()) if abstract else folder + "/notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + self.name[1:] if abstract else self.name)
        self.said = []
        self.kept = []

    def read(self, seconds):
        """What was said in that time: one more message, or None."""
        self.socket.settimeout(seconds)
        try:
            text, ancillary, _, _ = self.socket.recvmsg(4096, socket.CMSG_SPACE(64 * 4))
        except (socket.timeout, BlockingIOError):
            return None
        for _, _, data in ancillary:
            descriptors = array.array("i")
            descriptors.frombytes(data[:len(data) - len(data) % descriptors.itemsize])
            self.kept += descriptors
        self.said.append(text.decode())
        return self.said[-1]

    def expect(self, pattern, seconds=5):
        end = time.monotonic() + seconds * SLOWNESS
        while time.monotonic() < end:
            if re.search(pattern, self.read(0.2) or "", re.M):
                return self.said[-1]
        raise AssertionError("never said %s, but %r" % (pattern, self.said))

    def close(self):
        self.socket.close()
        for descriptor in self.kept:
            os.close(descriptor)


class Service(SystemTest):
    def manager(self, **options):
        manager = Manager(self.folder(), **options)
        self.addCleanup(manager.close)
        return manager

    def activated(self, listening, names, *arguments, env=None):
        """A program that is started with these sockets; its log is its stderr."""
        log = tempfile.NamedTemporaryFile(prefix="onlooker-log-")
        self.addCleanup(log.close)

        def put_in_place():
            moved = [os.dup2(each.fileno(), 100 + i) for i, each in enumerate(listening)]
            for i, each in enumerate(moved):
                os.dup2(each, 3 + i)

        process = subprocess.Popen(
            [sys.executable, "-c", ACTIVATE, str(len(listening)), names, PROGRAM, *arguments],
            env=clean_environment(env), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            preexec_fn=put_in_place, close_fds=False)
        process.log = lambda: open(log.name, encoding="utf-8").read()

        def end():
            process.terminate()
            process.wait(timeout=10)
        self.addCleanup(end)
        return process

    @staticmethod
    def listening(family=socket.AF_INET, address=("127.0.0.1", 0)):
        listening = socket.socket(family)
        listening.bind(address)
        listening.listen(64)
        return listening

    def test_the_manager_is_told_ready_status_reload_and_end(self):
        for abstract in (False, True):
            with self.subTest(abstract=abstract):
                manager = self.manager(abstract=abstract)
                server = self.serve("--camera", "testcard:,fps=10,size=320x240",
                                    env={"NOTIFY_SOCKET": manager.name})
                self.assertRegex(manager.expect("^READY=1"), "STATUS=1 camera, 0 live; 0 viewers")
                stream = self.watch(server)
                stream.parts(2)
                manager.expect("STATUS=1 camera, 1 live; 1 viewer$")
                stream.close()
                manager.expect("STATUS=1 camera, . live; 0 viewers$")
                server.signal(signal.SIGHUP)
                self.assertRegex(manager.expect("^RELOADING=1"), r"MONOTONIC_USEC=\d+")
                manager.expect("^READY=1")
                server.stop()
                manager.expect("^STOPPING=1")

    def test_an_idle_server_tells_nothing(self):
        manager = self.manager()
        self.serve("--camera", "testcard", env={"NOTIFY_SOCKET": manager.name})
        manager.expect("^READY=1")
        while manager.read(0.3):
            pass
        self.assertIsNone(manager.read(1.5))

    def test_the_watchdog_is_fed_while_the_loop_runs_and_not_longer(self):
        manager = self.manager()
        server = self.serve(env={"NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "400000"})
        for _ in range(3):
            manager.expect("^WATCHDOG=1", 1)
        server.signal(signal.SIGSTOP)
        while manager.read(0):
            pass
        self.assertIsNone(manager.read(0.6))
        server.signal(signal.SIGCONT)
        manager.expect("^WATCHDOG=1")

    def test_sockets_of_systemd_are_served(self):
        folder = self.folder()
        sockets = [self.listening(), self.listening(socket.AF_UNIX, folder + "/http")]
        process = self.activated(sockets, "web:proxy", "--camera", "testcard:,fps=30")
        with Stream(sockets[0].getsockname()[1]) as stream:
            stream.parts(3)
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(folder + "/http")
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = b""
            while more := client.recv(4096):
                answer += more
        self.assertTrue(answer.startswith(b"HTTP/1.1 200"), answer)
        self.assertIsNone(process.poll())

    def test_a_socket_that_others_reach_takes_the_word_of_the_user(self):
        process = self.activated([self.listening(address=("0.0.0.0", 0))], "web")
        self.assertEqual(process.wait(timeout=10), 2)
        self.assertIn("--public", process.log())

    def test_what_is_no_listening_socket_is_refused_in_words(self):
        with socket.socket() as plain:
            process = self.activated([plain], "web")
            self.assertEqual(process.wait(timeout=10), 1)
        self.assertIn("the inherited descriptor 3 (web) cannot be listened on", process.log())

    def test_it_ends_when_nobody_comes_and_comes_back_by_its_socket(self):
        listening = self.listening()
        for _ in range(2):
            process = self.activated([listening], "web", "--camera", "testcard:,fps=30",
                                     "--exit-idle", "1")
            with Stream(listening.getsockname()[1]) as stream:
                end = time.monotonic() + 1.6
                while time.monotonic() < end:
                    stream.part()
            self.assertIsNone(process.poll(), "it ended while somebody looked")
            self.assertEqual(process.wait(timeout=10), 0)
            self.assertIn("nobody has come for 1 s", process.log())

    def test_a_restart_refuses_no_newcomer(self):
        manager = self.manager()
        port = free_port()
        arguments = ("--camera", "testcard:,fps=30", "--port", str(port))
        env = {"NOTIFY_SOCKET": manager.name}
        server = Server(*arguments[:2], env=env, port=port)
        name = re.search("FDNAME=(.*)", manager.expect("^FDSTORE=1")).group(1)
        server.stop()
        # Nobody runs, and nobody is refused.
        waiting = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.addCleanup(waiting.close)
        waiting.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        kept = socket.socket(fileno=os.dup(manager.kept[0]))
        self.addCleanup(kept.close)
        self.activated([kept], name, *arguments, env=env)
        self.assertTrue(waiting.recv(4096).startswith(b"HTTP/1.1 200"))


class Reload(SystemTest):
    def config(self, folder, *lines):
        path = folder + "/onlooker.conf"
        with open(path + ".new", "w") as file:
            file.write("\n".join(lines) + "\n")
        os.replace(path + ".new", path)
        return path

    def reloaded(self, server):
        before = server.log().count("SIGHUP: ")
        server.signal(signal.SIGHUP)
        wait_until(lambda: server.log().count("SIGHUP: ") > before, 5 * SLOWNESS, "a reload")

    def test_viewers_lose_no_frame_by_a_good_nor_by_a_bad_file(self):
        folder = self.folder()
        good = ("camera = yard=testcard:,fps=20,size=320x240",)
        server = self.serve("--config", self.config(folder, *good))
        streams = [self.watch(server, "/cameras/yard/stream?extra_headers=1") for _ in range(20)]
        over = threading.Event()
        numbers = [[] for _ in streams]

        def read(stream, into):
            while not over.is_set():
                into.append(stream.part())

        readers = [threading.Thread(target=read, args=each) for each in zip(streams, numbers)]
        for reader in readers:
            reader.start()
        wait_until(lambda: all(len(each) > 10 for each in numbers), 10, "pictures")
        before = server.state("yard")["onlooker"]["frames"]["published"]
        self.config(folder, "camera = yard=testcard:,fps=20,size=320x240", "colour = red")
        self.reloaded(server)
        server.wait_for_log(r"everything stays as it was: .*onlooker.conf:2: there is no setting")
        self.config(folder, *good, "camera = bed=testcard:,fps=5", "log-level = debug",
                    "no-progress-deadline-seconds = 20", "max-variants = 3")
        self.reloaded(server)
        server.wait_for_log("changed: no-progress-deadline-seconds, log-level, camera")
        server.wait_for_log("max-variants was changed, which takes a restart")
        self.assertEqual(server.get("/cameras/bed/snapshot")[0], 200)
        time.sleep(0.5)
        clients = server.state("yard")["stream"]["clients_stat"].values()
        published = server.state("yard")["onlooker"]["frames"]["published"]
        self.assertEqual(len(clients), 20)
        self.assertGreater(published, before + 8)
        for client in clients:
            self.assertGreaterEqual(client["frames"], published - 3)
        over.set()
        for reader in readers:
            reader.join(timeout=10)

    def test_a_pipe_is_not_read_again_and_makes_nobody_wait(self):
        pipe = self.folder() + "/pipe"
        os.mkfifo(pipe)

        def write():
            with open(pipe, "w") as file:
                file.write("camera = yard=testcard:,fps=5\n")

        writer = threading.Thread(target=write)
        writer.start()
        server = self.serve("--config", pipe)
        writer.join(timeout=10)
        self.reloaded(server)
        server.wait_for_log("everything stays as it was: .*/pipe can be read only once")
        self.assertEqual(server.get("/cameras/yard/snapshot")[0], 200)

    def test_a_camera_that_changes_keeps_its_viewers_and_leaves_others_alone(self):
        folder = self.folder()
        yard = "camera = yard=testcard:,fps=20,size=320x240"
        server = self.serve("--config", self.config(
            folder, yard, "camera = bed=testcard:,fps=20,size=320x240"))
        of_yard, of_bed = (self.watch(server, "/cameras/%s/stream" % name)
                           for name in ("yard", "bed"))
        of_yard.parts(2)
        of_bed.parts(2)
        self.config(folder, yard, "camera = bed=testcard:,fps=20,size=640x480")
        self.reloaded(server)
        server.wait_for_log("camera bed: live, 640 x 480")
        of_bed.parts(3)
        of_yard.parts(3)
        self.assertEqual(server.log().count("camera yard: live"), 1)

    def test_a_camera_that_is_removed_lets_its_viewers_go(self):
        folder = self.folder()
        yard = "camera = yard=testcard:,fps=20,size=320x240"
        server = self.serve("--config", self.config(
            folder, "camera = bed=testcard:,fps=20,size=320x240", yard), "--log-level", "debug")
        of_yard = self.watch(server, "/cameras/yard/stream")
        leaving = [self.watch(server, "/cameras/bed/stream" + query)
                   for query in ("", "?fps=5", "?scale=1/2")]
        for stream in leaving + [of_yard]:
            stream.parts(2)
        threads = len(server.threads())
        self.config(folder, yard)
        self.reloaded(server)
        for stream in leaving:
            with self.assertRaises(Closed):
                stream.parts(60)
        of_yard.parts(3)
        self.assertEqual(server.get("/cameras/bed/snapshot")[0], 404)
        self.assertIn(b"yard", server.get("/")[2])
        self.assertNotIn(b"/cameras/bed/", server.get("/")[2])
        self.assertEqual(server.get("/snapshot")[0], 200)
        wait_until(lambda: len(server.threads()) < threads, 5 * SLOWNESS, "its thread to end")
        server.wait_for_log("camera bed: its last viewer has gone")
        for _ in range(3):  # and it may come back
            self.config(folder, yard, "camera = bed=testcard:,fps=20,size=320x240")
            self.reloaded(server)
            wait_until(lambda: server.get("/cameras/bed/snapshot")[0] == 200, 5, "bed again")
            self.config(folder, yard)
            self.reloaded(server)
            wait_until(lambda: server.get("/cameras/bed/snapshot")[0] == 404, 5, "bed gone")


if __name__ == "__main__":
    system_test.main()

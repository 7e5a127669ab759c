"""Slow readers and broken cameras: the others see nothing of it, and it heals by itself."""
import resource
import socket
import time

import system_test
from mjpeg import Connection, request
from pictures import decode
from server import wait_until
from system_test import SHORT, SLOWNESS, SystemTest, full


class Neutral:
    """A viewer beside a fault: every picture whole, in order, no gap above a few frame times."""

    def __init__(self, test, stream, fps):
        self.test, self.stream, self.fps = test, stream, fps
        self.stream.parts(3)

    def watch(self, seconds):
        parts = [self.stream.part()]
        while parts[-1].arrived - parts[0].arrived < seconds:
            parts.append(self.stream.part())
        gaps = [b.arrived - a.arrived for a, b in zip(parts, parts[1:])]
        self.test.assertLess(max(gaps), 4 * SLOWNESS / self.fps, "longest gap beside the fault")
        stamps = [float(part.headers["X-Timestamp"]) for part in parts]
        self.test.assertEqual(stamps, sorted(stamps))


class LittleMemory(SystemTest):
    @full  # sanitizers have no use for a limit of their address space
    def test_when_memory_runs_out_nobody_comes_in_and_who_is_there_stays(self):
        # They ask for nothing: all that they take is taken when they are let in.
        self.overcrowd(1024, b"", "no memory for more connections")

    @full
    def test_a_request_that_finds_no_memory_ends_its_connection_alone(self):
        # There is room for them all when they come in, and not for what they send.
        head = b"GET / HTTP/1.1\r\nHost: a\r\nX: " + 15000 * b"x"
        self.overcrowd(4096, head, "127.0.0.1 ended: there was no memory for it")

    def overcrowd(self, spare_kib, sent, words):
        server = self.serve("--camera", "testcard:,fps=10,size=320x240")
        neutral = Neutral(self, self.watch(server), 10)
        limit = (server.address_space_kib() + spare_kib) * 1024
        resource.prlimit(server.pid, resource.RLIMIT_AS, (limit, limit))
        crowd = [Connection(server.port) for _ in range(600)]
        for connection in crowd:
            self.addCleanup(connection.close)
            try:
                connection.send(sent)
            except OSError:
                pass  # it was given up
        server.wait_for_log(words)
        neutral.watch(2)
        for connection in crowd:
            connection.close()
        wait_until(lambda: server.get("/healthz")[0] == 200, 5, "an answer")
        neutral.watch(1)


class Pauses(SystemTest):
    def test_a_pause_of_the_process_is_nobodys_silence(self):
        server = self.serve("--camera", "card=testcard:,fps=10", "--camera", "slow=testcard:,fps=1",
                            "--no-progress-deadline-seconds", "2")
        streams = [self.watch(server, "/cameras/%s/stream" % name) for name in ("card", "slow")]
        for stream in streams:
            stream.parts(2)
        server.pause(2.5)
        # Longer than any of the deadlines that passed meanwhile takes to strike.
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            for stream in streams:
                stream.part()
        self.assertEqual(server.log().count("opening"), 2, server.log())
        self.assertNotIn("no signal", server.log())
        self.assertNotIn("is let go", server.log())


class SlowReaders(SystemTest):
    def test_a_slow_reader_gets_fresh_whole_pictures_and_harms_nobody(self):
        server = self.serve("--camera", "testcard:,fps=30,size=640x480")
        neutral = Neutral(self, self.watch(server), 30)
        slow = self.watch(server, receive_buffer=4096)
        before = server.resident_kib()
        for _ in range(6):
            neutral.watch(0.5)
            part = slow.part()
            decode(part.jpeg)
        age = time.time() - float(part.headers["X-Timestamp"])
        self.assertLess(age, 3, "seconds old when the slow reader had it")
        if not SHORT:  # AddressSanitizer keeps freed memory for a while
            self.assertLess(server.resident_kib() - before, 4096, "KiB of growth")

    def test_a_reader_who_takes_nothing_is_closed_at_the_limit(self):
        server = self.serve("--camera", "testcard:,fps=30,size=640x480",
                            "--no-progress-deadline-seconds", "1")
        neutral = Neutral(self, self.watch(server), 30)
        quiet = server.descriptors()
        stuck = [Connection(server.port, receive_buffer=4096) for _ in range(20)]
        for connection in stuck:
            self.addCleanup(connection.close)
            connection.send(request("/stream"))
        wait_until(lambda: server.descriptors() >= quiet + 20, 2, "their connections")
        neutral.watch(2)
        wait_until(lambda: server.descriptors() <= quiet, 3, "their connections closed")
        self.assertEqual(server.state()["stream"]["clients"], 1)

    def test_a_viewer_who_leaves_with_pictures_under_way_does_not_keep_the_camera(self):
        server = self.serve("--camera", "testcard:,fps=30", "--idle-seconds", "0.2")
        quiet = len(server.threads())
        for count in (10, 3, 1):
            stream = self.watch(server)
            stream.parts(count)
            stream.close()  # with a reset, for there is always something that it has not read
            wait_until(lambda: len(server.threads()) == quiet, 10, "a camera that is off")

    def test_a_reset_in_mid_frame_is_no_event(self):
        server = self.serve("--camera", "testcard:,fps=30")
        neutral = Neutral(self, self.watch(server), 30)
        quiet = server.descriptors()
        for _ in range(100):
            connection = Connection(server.port)
            connection.send(request("/stream"))
            connection.fill()
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                         b"\1\0\0\0\0\0\0\0")
            connection.close()
        neutral.watch(0.5)
        wait_until(lambda: server.descriptors() <= quiet, 3, "their descriptors closed")


class BrokenCameras(SystemTest):
    def serve_faulty(self, script, *arguments):
        modules = self.need_modules()
        return self.serve(*modules, "--camera", "good=faulty:,fps=20",
                          "--camera", "bad=faulty:," + script, *arguments)

    def sees_the_card(self, server, stream, size=(48, 64)):
        """Waits until `stream` shows something that is not a picture of the camera."""
        for _ in range(200):
            part = stream.part()
            if decode(part.jpeg).shape[:2] != size:
                return part
        self.fail("no card in 200 parts; the log:\n" + server.log())

    def sees_the_camera(self, server, stream, size=(48, 64)):
        for _ in range(200):
            part = stream.part()
            if decode(part.jpeg).shape[:2] == size:
                return part
        self.fail("no picture of the camera in 200 parts; the log:\n" + server.log())

    def heals(self, script, *arguments):
        server = self.serve_faulty(script, *arguments)
        neutral = Neutral(self, self.watch(server, "/cameras/good/stream"), 20)
        stream = self.watch(server, "/cameras/bad/stream")
        self.sees_the_camera(server, stream)
        self.sees_the_card(server, stream)
        neutral.watch(1)
        self.sees_the_camera(server, stream)
        return server

    def test_a_camera_that_throws_is_shown_with_its_words_and_comes_back(self):
        server = self.heals("after=5,then=throw,times=1")
        server.wait_for_log("cable of the faulty camera was pulled")
        self.assertIn("bad", server.log())

    def test_a_camera_that_throws_what_is_no_exception_comes_back(self):
        self.heals("after=5,then=throw_other,times=1,fps=20", "--stall-seconds", "0.1")

    def test_a_camera_that_ends_comes_back(self):
        self.heals("after=5,then=end,times=1,fps=20", "--stall-seconds", "0.1")

    def test_a_camera_that_is_back_before_the_stall_time_shows_no_card(self):
        server = self.serve_faulty("after=5,then=end,times=1,fps=20", "--retry-first-seconds", "0.1")
        stream = self.watch(server, "/cameras/bad/stream")
        for _ in range(40):
            self.assertEqual(decode(stream.part().jpeg).shape[:2], (48, 64), server.log())
        self.assertEqual(server.state("bad")["onlooker"]["faults"], 1)

    def test_a_camera_that_stalls_is_opened_again(self):
        self.heals("after=5,then=stall,times=1,fps=20", "--stall-seconds", "0.5")

    def test_a_camera_that_never_returns_is_given_up_and_harms_nobody(self):
        server = self.serve_faulty("after=5,then=hang,fps=20", "--stall-seconds", "0.5")
        neutral = Neutral(self, self.watch(server, "/cameras/good/stream"), 20)
        stream = self.watch(server, "/cameras/bad/stream")
        self.sees_the_camera(server, stream)
        self.sees_the_card(server, stream)
        neutral.watch(1)
        self.assertIn(server.get("/healthz")[0], (200, 503))

    def test_a_camera_that_opens_slowly_keeps_nobody_waiting_but_its_own_viewers(self):
        server = self.serve_faulty("open_seconds=2")
        neutral = Neutral(self, self.watch(server, "/cameras/good/stream"), 20)
        stream = self.watch(server, "/cameras/bad/stream")
        neutral.watch(1)
        self.sees_the_camera(server, stream)

    def test_a_camera_that_is_not_there_does_not_keep_the_server_from_starting(self):
        server = self.serve("--camera", "emulated:/nonesuch")
        stream = self.watch(server)
        decode(stream.part().jpeg)
        self.assertIs(server.state()["source"]["online"], False)
        server.wait_for_log("/nonesuch")

    def test_an_unchanged_error_is_told_once(self):
        server = self.serve("--camera", "emulated:/nonesuch", "--retry-first-seconds", "0.05",
                            "--retry-longest-seconds", "0.1")
        self.watch(server).part()
        time.sleep(1.5)
        lines = [line for line in server.log().splitlines() if "/nonesuch" in line]
        self.assertLessEqual(len(lines), 3, "\n".join(lines))

    @full
    def test_a_hundred_unplugs_leave_nothing_behind(self):
        server = self.serve_faulty("after=1,then=throw,fps=100", "--retry-first-seconds", "0.01",
                                   "--retry-longest-seconds", "0.01")
        stream = self.watch(server, "/cameras/bad/stream")
        self.sees_the_camera(server, stream)
        time.sleep(1)
        threads, descriptors = len(server.threads()), server.descriptors()
        memory = server.resident_kib()
        end = time.monotonic() + 3
        while time.monotonic() < end:
            stream.part()
        self.assertLessEqual(len(server.threads()), threads + 1)
        self.assertLessEqual(server.descriptors(), descriptors + 4)
        self.assertLess(server.resident_kib() - memory, 2048)


if __name__ == "__main__":
    system_test.main()

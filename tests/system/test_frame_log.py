"""The frame log: a large table streamed without building it in memory, as in the article."""
import csv
import io
import re
import time

import system_test
from mjpeg import Connection, request
from system_test import SystemTest, full


class Rows:
    """Reads a response body to its end, without keeping more than is needed."""

    def __init__(self, connection, fields):
        self.connection, self.chunked = connection, "chunked" in fields.get("transfer-encoding", "")

    def pieces(self):
        if not self.chunked:
            yield bytes(self.connection.buffer)
            self.connection.buffer.clear()
            while self.connection.fill():
                yield bytes(self.connection.buffer)
                self.connection.buffer.clear()
            return
        while True:
            size = int(self.connection.take_until(b"\r\n"), 16)
            piece = self.connection.take(size)
            assert self.connection.take(2) == b"\r\n"
            if size == 0:
                return
            yield piece


class FrameLog(SystemTest):
    def read_csv(self, server, version="1.1"):
        with Connection(server.port) as client:
            client.send(request("/frames.csv", version=version))
            line, fields = client.head()
            self.assertEqual(line.split()[1], "200")
            self.assertIn("text/csv", fields["content-type"])
            text = b"".join(Rows(client, fields).pieces()).decode()
        rows = list(csv.DictReader(io.StringIO(text)))
        return rows

    def test_each_frame_that_was_sent_has_its_row(self):
        server = self.serve("--camera", "testcard:,fps=30")
        stream = self.watch(server)
        sent = {part.headers["X-Timestamp"]: len(part.jpeg) for part in stream.parts(30)}
        rows = self.read_csv(server)
        self.assertGreaterEqual(len(rows), 30)
        self.assertLessEqual({"number", "octets", "viewers"}, set(rows[0]), rows[0])
        numbers = [int(row["number"]) for row in rows]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(rows))), "no gap")
        logged = [int(row["octets"]) for row in rows]
        for octets in sent.values():
            self.assertIn(octets, logged)
        self.assertIn("1", {row["viewers"] for row in rows})

    def test_http_1_0_gets_it_without_chunks(self):
        server = self.serve("--camera", "testcard:,fps=30")
        self.watch(server).parts(10)
        self.assertGreaterEqual(len(self.read_csv(server, "1.0")), 9)

    def test_the_page_has_the_same_rows_as_a_table(self):
        server = self.serve("--camera", "testcard:,fps=30")
        stream = self.watch(server)
        stream.parts(10)
        status, headers, body = server.get("/frames")
        self.assertEqual(status, 200)
        self.assertIn("text/html", headers["Content-Type"])
        self.assertGreaterEqual(len(re.findall(rb"<tr", body)), 10)
        self.assertIn(b"</table>", body)
        self.assertIn(b"</html>", body)

    @full
    def test_a_log_streams_to_a_slow_reader_in_flat_memory(self):
        # As fast as a camera may be. A hundred thousand rows: tests/component/endpoints.
        modules = self.need_modules()
        server = self.serve(*modules, "--camera", "faulty:,fps=250", "--always-on")
        time.sleep(10)
        before = server.resident_kib()
        with Connection(server.port, receive_buffer=4096) as client:
            client.send(request("/frames.csv"))
            _, fields = client.head()
            most = before
            rows = 0
            for piece in Rows(client, fields).pieces():
                rows += piece.count(b"\n")
                time.sleep(0.01)
                most = max(most, server.resident_kib())
        self.assertGreater(rows, 500)
        self.assertLess(most - before, 1024, "KiB of growth while %d rows went" % rows)


if __name__ == "__main__":
    system_test.main()

"""The test card as a viewer gets it: its numbers can be read, follow each other, and keep time."""
import system_test
from pictures import decode, testcard_number
from system_test import SystemTest


class Testcard(SystemTest):
    def numbers(self, count, *arguments):
        server = self.serve("--camera", *arguments)
        parts = self.watch(server, "/stream").parts(count)
        return [(testcard_number(decode(part.jpeg)), float(part.headers["X-Timestamp"]))
                for part in parts]

    def test_numbers_follow_each_other_at_any_size(self):
        for size in ("1280x720", "641x479", "128x64"):
            with self.subTest(size=size):
                seen = [number for number, _ in self.numbers(12, "testcard:,fps=20,size=" + size)]
                self.assertEqual(seen, sorted(seen))
                self.assertGreaterEqual(seen[0], 1)
                self.assertLessEqual(seen[0], 40)
                self.assertGreaterEqual(len(set(seen)), 11, seen)

    def test_a_number_tells_the_time_that_it_was_due(self):
        seen = self.numbers(12, "testcard:,fps=10,size=320x240")
        (first, start), (last, end) = seen[0], seen[-1]
        self.assertAlmostEqual((end - start) * 10, last - first, delta=1.5)


if __name__ == "__main__":
    system_test.main()

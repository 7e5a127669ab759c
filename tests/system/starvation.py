"""How many frames a thread can have missed because it had to wait for a processor."""
import math
import time


class Starvation:
    """Looks again and again, about once in a frame's time, how long a thread had to wait meanwhile.

    The kernel knows that of each thread: how long it was ready to run and did not. A frame is
    missed when its turn does not come before the next frame, so that takes a wait of one period,
    less the time that the thread itself works on a frame. Such a wait, or the pieces of it that fall
    between two looks, is at least a third of a period; shorter ones are on every machine, and
    explain nothing, however many they are.
    """

    def __init__(self, pid, thread, period):
        self._path = "/proc/%d/task/%d/schedstat" % (pid, thread)
        self._period = period
        self._waited = self._seconds()
        self._looked = time.monotonic()
        self.longest = 0  # seconds in one piece, or between two looks
        self.frames = 0   # that can have been missed so far

    def _seconds(self):
        with open(self._path) as statistics:
            return int(statistics.read().split()[1]) / 1e9

    def look(self):
        now = time.monotonic()
        if now - self._looked < self._period:
            return
        before, self._waited, self._looked = self._waited, self._seconds(), now
        waited = self._waited - before
        self.longest = max(self.longest, waited)
        if waited > self._period / 3:
            self.frames += math.ceil(waited / self._period)

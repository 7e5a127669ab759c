"""When a thread had to wait for a processor, so long that a frame may have been missed for it."""
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
        self._looked = time.time()
        self._waits = []  # begin and end, by the wall clock, of those that were long
        self.longest = 0  # seconds in one piece, or between two looks

    def _seconds(self):
        with open(self._path) as statistics:
            return int(statistics.read().split()[1]) / 1e9

    def look(self):
        now = time.time()
        if now - self._looked < self._period:
            return
        waited = self._seconds() - self._waited
        if waited > self._period / 3:
            # The kernel counts a wait when it is over; it may have begun before the look before.
            self._waits.append((self._looked - waited, now))
        self._waited += waited
        self._looked = now
        self.longest = max(self.longest, waited)

    def between(self, begin, end):
        """Whether there was a long wait at any time from `begin` to `end`."""
        return any(first <= end and last >= begin for first, last in self._waits)

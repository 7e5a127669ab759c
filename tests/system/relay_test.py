"""What the tests of the relay share."""
from misbehaving_upstream import Upstream
from pictures import colour_of, make_folder
from system_test import SystemTest

ORDER = ["red", "green", "blue", "yellow", "magenta", "cyan"]


class RelayTest(SystemTest):
    def setUp(self):
        self.pictures_folder = self.folder()
        self.pictures = make_folder(self.pictures_folder, ORDER)

    def origin(self, fps=20, *arguments):
        return self.serve("--camera", "emulated:%s,fps=%d" % (self.pictures_folder, fps),
                          *arguments)

    def relay(self, url, *arguments, options=""):
        return self.serve("--camera", "far=relay:%s%s" % (url, options), *arguments)

    def upstream(self, script, **options):
        upstream = Upstream(script, **options)
        self.addCleanup(upstream.close)
        return upstream

    def fault(self, server, camera=None):
        return server.state(camera)["onlooker"].get("fault") or {}

    def sees_all_colours(self, server, target="/stream", limit=100):
        seen = set()
        stream = self.watch(server, target)
        for _ in range(limit):
            seen.add(colour_of(stream.part().jpeg))
            if seen >= set(ORDER):
                return stream
        self.fail("only %s in %d pictures" % (seen, limit))

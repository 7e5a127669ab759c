"""/metrics as Prometheus reads it, and the dashboard that asks Prometheus: promtool is content, and
each query of docs/grafana/onlooker.json finds a series."""
import json
import os
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import system_test
from pictures import make_folder
from server import free_port, wait_until
from system_test import SystemTest, full

DASHBOARD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "grafana",
                         "onlooker.json")
CONFIGURATION = """
global: {scrape_interval: 500ms}
scrape_configs:
  - job_name: onlooker
    static_configs: [{targets: ["127.0.0.1:%d"]}]
"""


@full
class Prometheus(SystemTest):
    def setUp(self):
        for program in ("prometheus", "promtool"):
            if not shutil.which(program):
                self.skipTest("%s is not installed" % program)
        # One that loses pictures: all are the same.
        pictures = self.folder()
        make_folder(pictures, ["red"])
        self.server = self.serve("--camera", "yard=testcard:,fps=20,size=320x240", "--camera",
                                 "bed=emulated:%s,fps=20,drop_same_frames=5" % pictures)
        self.watch(self.server, "/cameras/bed/stream").part()
        self.watch(self.server, "/cameras/yard/stream?width=160").part()
        self.server.get("/nonesuch")

    def test_promtool_is_content(self):
        text = self.server.get("/metrics")[2]
        done = subprocess.run(["promtool", "check", "metrics"], input=text, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual((done.returncode, done.stdout), (0, b""))

    def start(self):
        folder, port = self.folder(), free_port()
        with open(folder + "/prometheus.yml", "w", encoding="ascii") as file:
            file.write(CONFIGURATION % self.server.port)
        process = subprocess.Popen(
            ["prometheus", "--config.file=%s/prometheus.yml" % folder,
             "--storage.tsdb.path=%s/data" % folder, "--web.listen-address=127.0.0.1:%d" % port],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        return "http://127.0.0.1:%d" % port

    def ask(self, base, query):
        target = base + "/api/v1/query?" + urllib.parse.urlencode({"query": query})
        try:
            with urllib.request.urlopen(target, timeout=10) as answer:
                return json.loads(answer.read())["data"]["result"]
        except urllib.error.HTTPError as error:
            with error:
                if error.code != 503:  # it is not ready yet
                    raise AssertionError("%s: %s" % (query, error.read())) from None
            return []
        except OSError:
            return []  # it does not listen yet

    def test_every_query_of_the_dashboard_finds_a_series(self):
        base = self.start()
        # A rate needs two readings, and that of a counter that appeared later two more.
        wait_until(lambda: [each for each in self.ask(base, "count_over_time(up[1m])")
                            if float(each["value"][1]) >= 6], 60, "six readings", every=0.2)
        with open(DASHBOARD, encoding="utf-8") as file:
            dashboard = json.load(file)
        asked = [target["expr"] for panel in dashboard["panels"]
                 for target in panel.get("targets", [])]
        self.assertGreater(len(asked), 8)
        for query in asked:
            with self.subTest(query=query):
                found = self.ask(base, query.replace("$__rate_interval", "30s")
                                 .replace("$__interval", "30s").replace("$camera", ".*"))
                self.assertTrue(found)


if __name__ == "__main__":
    system_test.main()

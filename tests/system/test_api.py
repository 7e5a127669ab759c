"""The interface for programs: each path and example of its description, events, /metrics and the
dashboard that reads them."""
import json
import os
import re
import shutil
import signal
import subprocess
import urllib.error
import urllib.request

import system_test
from mjpeg import Connection, request
from pictures import decode
from server import wait_until
from system_test import SystemTest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.environ.get("TEST_SOURCES", os.path.join(HERE, "..", ".."))


def wrong_with(document, schema, root, at="$"):
    """What is not as the schema says: of JSON Schema, all that ours use."""
    if "$ref" in schema:
        schema = root["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    kinds = {"object": dict, "array": list, "string": str, "integer": int,
             "number": (int, float), "boolean": bool, "null": type(None)}
    known = {"$ref", "type", "required", "properties", "additionalProperties", "items", "const",
             "enum", "minimum", "maxProperties", "pattern", "description"}
    if set(schema) - known:
        raise AssertionError("this test knows no %s" % (set(schema) - known))
    names = schema.get("type", [])
    names = [names] if isinstance(names, str) else names
    if names and not any(isinstance(document, kinds[name]) and
                         (name == "boolean" or not isinstance(document, bool)) for name in names):
        yield "%s: %r is no %s" % (at, document, names)
        return
    if "const" in schema and document != schema["const"]:
        yield "%s: %r" % (at, document)
    if "enum" in schema and document not in schema["enum"]:
        yield "%s: %r is none of %s" % (at, document, schema["enum"])
    if "pattern" in schema and not re.search(schema["pattern"], document):
        yield "%s: %r" % (at, document)
    if "minimum" in schema and document < schema["minimum"]:
        yield "%s: %r" % (at, document)
    if isinstance(document, dict):
        for name in schema.get("required", []):
            if name not in document:
                yield "%s: there is no %s" % (at, name)
        others = schema.get("additionalProperties")
        for name, value in document.items():
            inner = schema.get("properties", {}).get(name, others)
            if inner:
                yield from wrong_with(value, inner, root, "%s.%s" % (at, name))
            elif others is None and "properties" in schema:
                yield "%s: nothing is said of %s" % (at, name)
    if isinstance(document, list) and "items" in schema:
        for index, value in enumerate(document):
            yield from wrong_with(value, schema["items"], root, "%s[%d]" % (at, index))


class Events(Connection):
    """Reads server-sent events."""

    def __init__(self, port, target="/api/v1/events", last=None):
        super().__init__(port)
        self.send(request(target, {"Last-Event-ID": last} if last else {}))
        self.status, self.fields = self.head()
        self.text = ""
        self.last = last

    def _line(self):
        while "\n" not in self.text:
            size = int(self.take_until(b"\r\n"), 16)
            self.text += self.take(size).decode()
            self.take(2)
        line, self.text = self.text.split("\n", 1)
        return line

    def next(self):
        """(name, data) of the next one."""
        name, data = None, None
        while True:
            line = self._line()
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data = json.loads(line[6:])
            elif line.startswith("id: "):
                self.last = line[4:]
            elif not line and name:
                return name, data

    def until(self, name, condition=lambda data: True):
        while True:
            found, data = self.next()
            if found == name and condition(data):
                return data


class Api(SystemTest):
    def setUp(self):
        self.server = self.serve(*self.need_modules(),
                                 "--camera", "front=faulty:,fps=20,controls=1",
                                 "--camera", "back=testcard:,fps=20,size=320x240")

    def patch(self, camera, text, headers=None):
        asked = urllib.request.Request(
            self.server.url + "/api/v1/cameras/%s/controls" % camera, method="PATCH",
            data=text.encode(), headers={"Content-Type": "application/json", **(headers or {})})
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                self.assertEqual(error.headers["Content-Type"], "application/problem+json")
                return error.code, json.loads(error.read())

    def description(self):
        status, headers, body = self.server.get("/api/v1/openapi.json")
        self.assertEqual((status, headers["Content-Type"]), (200, "application/json"))
        return json.loads(body)

    def open_front(self):
        self.watch(self.server, "/cameras/front/stream").part()
        wait_until(lambda: json.loads(self.server.get("/api/v1/cameras/front")[2])["controls"], 5,
                   "its controls")

    def test_every_path_and_example_of_the_description_answers_as_its_schema_says(self):
        self.open_front()
        self.watch(self.server, "/cameras/back/stream?width=160&fps=5").part()
        document = self.description()
        called = 0
        for path, item in document["paths"].items():
            for method, operation in item.items():
                target = "/api/v1" + path
                query = []
                for parameter in operation["parameters"]:
                    if parameter["in"] == "path":
                        target = target.replace("{%s}" % parameter["name"], parameter["example"])
                    else:
                        query.append("%s=%s" % (parameter["name"], parameter["example"]))
                content = operation["responses"]["200"]["content"]
                (kind, described), = content.items()
                with self.subTest(method=method, path=path):
                    called += 1
                    if kind == "text/event-stream":
                        with Events(self.server.port, target + "?" + "&".join(query)) as events:
                            self.assertEqual(events.fields["content-type"], kind)
                            self.assertEqual(events.next()[0], "begin")
                        continue
                    if method == "patch":
                        body = operation["requestBody"]["content"]["application/json"]
                        wrong = list(wrong_with(body["example"], body["schema"], document))
                        self.assertEqual(wrong, [])
                        status, answer = self.patch("front", json.dumps(body["example"]))
                    else:
                        status, headers, text = self.server.get(target)
                        self.assertEqual(headers["Cache-Control"], "no-store")
                        answer = json.loads(text)
                    self.assertEqual(status, 200, answer)
                    self.assertEqual(list(wrong_with(answer, described["schema"], document)), [])
        self.assertGreaterEqual(called, 9)
        for camera in json.loads(self.server.get("/api/v1/cameras")[2])["cameras"]:
            for name, link in camera["links"].items():
                with Connection(self.server.port) as client:
                    client.send(request("/" + link[2:], method="HEAD"))
                    self.assertEqual(client.head()[0].split()[1], "200", name)

    def validate(self, description):
        path = os.environ.get("NODE_PATH", os.path.join(HERE, "node_modules"))
        if not shutil.which("node") or not os.path.isdir(path + "/@apidevtools/swagger-parser"):
            self.skipTest("swagger-parser is not installed: npm ci in tests/system")
        return subprocess.run(["node", os.path.join(HERE, "openapi.cjs")],
                              input=json.dumps(description).encode(), timeout=60,
                              env={**os.environ, "NODE_PATH": path},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def test_a_public_validator_is_content_with_the_description(self):
        description = self.description()
        done = self.validate(description)
        self.assertEqual((done.returncode, done.stdout), (
            0, b"OpenAPI 3.1.0, %d paths\n" % len(description["paths"])))
        del description["paths"]["/server"]["get"]["responses"]["200"]["description"]
        self.assertEqual(self.validate(description).returncode, 1)

    def test_a_control_moves_the_picture_and_what_is_refused_changes_nothing(self):
        self.open_front()
        status, answer = self.patch("front", '{"brightness": 40}')
        self.assertEqual((status, answer["unmet"]), (200, []))
        self.assertEqual(answer["controls"][0]["value"], 40)
        status, problem = self.patch("front", '{"brightness": 50, "gain": 101}')
        self.assertEqual(status, 422)
        self.assertEqual([each["id"] for each in problem["refused"]], ["gain"])
        status, answer = self.patch("front", '{"gain": 20}')
        self.assertEqual(status, 200)
        self.assertEqual(answer["unmet"], [{"id": "gain", "why": "the camera says 10"}])
        self.assertEqual(answer["controls"][0]["value"], 40)
        self.assertEqual(self.patch("front", "{}", {"Origin": "http://a.example"})[0], 403)
        self.assertEqual(self.patch("back", '{"brightness": 1}')[0], 409)
        self.assertEqual(self.patch("roof", "{}")[0], 404)

    def test_a_control_is_as_it_was_set_after_a_restart(self):
        file = self.folder() + "/of onlooker/state.json"
        options = [*self.need_modules(), "--state-file", file,
                   "--camera", "front=faulty:,fps=20,controls=1"]
        self.server = self.serve(*options)
        self.open_front()
        self.assertEqual(self.patch("front", '{"brightness": 42}')[1]["unmet"], [])
        wait_until(lambda: os.path.exists(file), 5, "a state file")
        self.assertEqual(self.patch("front", '{"brightness": 142}')[1]["unmet"], [])
        self.server.stop()
        with open(file, encoding="utf-8") as state:
            self.assertEqual(json.load(state)["cameras"]["front"]["controls"],
                             {"brightness": {"value": 142}})
        self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
        self.server = self.serve(*options)
        part = self.watch(self.server, "/cameras/front/stream").part()
        # Each picture is brighter by four than the one before; without a control it begins at 16.
        self.assertAlmostEqual((decode(part.jpeg).mean() - 142 + 2) % 4, 2, delta=1)
        controls = json.loads(self.server.get("/api/v1/cameras/front/controls")[2])["controls"]
        self.assertEqual(controls[0]["value"], 142)

    def test_octolapse_finds_mjpg_streamer_and_sets_a_control(self):
        self.open_front()
        for target in ("/?action=snapshot", "/?action=command&id=-1", "/input.json"):
            status, headers, _ = self.server.get(target)
            self.assertEqual(status, 200, target)
            self.assertTrue(headers["Server"].startswith("MJPG-Streamer"), target)
        control = json.loads(self.server.get("/input.json")[2])["controls"][0]
        _, _, body = self.server.get(
            "/?action=command&dest=0&plugin=0&id=%s&group=%s&value=77"
            % (control["id"], control["group"]))
        self.assertEqual(body, ("%s: 0\n" % control["id"]).encode())
        self.assertEqual(json.loads(self.server.get("/input.json")[2])["controls"][0]["value"], "77")

    def test_events_tell_what_changes_and_go_on_where_a_listener_left(self):
        events = Events(self.server.port)
        self.addCleanup(events.close)
        self.assertEqual(events.next(), ("begin", {
            "instance": self.server.state()["instance_id"], "cameras": ["front", "back"]}))
        self.assertEqual([events.next()[1]["name"] for _ in range(2)], ["front", "back"])
        self.open_front()
        told = {}
        while set(told) != {"live", "watched"}:
            name, data = events.next()
            if name == "camera" and data["live"] and data["size"]["width"]:
                told["live"] = data["size"]
            if name == "viewers":
                told["watched"] = data
        self.assertEqual(told, {"live": {"width": 64, "height": 48},
                                "watched": {"camera": "front", "viewers": 1}})
        events.close()
        self.patch("front", '{"brightness": 99}')
        with Events(self.server.port, last=events.last) as again:
            told = again.until("controls")
            self.assertEqual(told["camera"], "front")
            self.assertEqual(told["controls"][0]["value"], 99)
        with Events(self.server.port, last="another-17") as fresh:
            self.assertEqual(fresh.next()[0], "begin")
        with Events(self.server.port, "/api/v1/events?cameras=back") as one:
            self.assertEqual(one.next()[1]["cameras"], ["back"])

    def test_events_tell_of_a_new_configuration_and_the_listener_stays(self):
        folder = self.folder()
        path = folder + "/onlooker.conf"

        def write(*lines):
            with open(path, "w") as file:
                file.write("\n".join(lines) + "\n")

        write("camera = yard=testcard:", "camera = bed=testcard:")
        server = self.serve("--config", path)
        with Events(server.port) as events:
            self.assertEqual(events.next()[1]["cameras"], ["yard", "bed"])
            write("camera = yard=testcard:", "camera = roof=testcard:")
            server.signal(signal.SIGHUP)
            events.until("gone", lambda data: data == {"camera": "bed"})
            events.until("camera", lambda data: data["name"] == "roof")
            self.assertIn("camera", events.until("settings")["changed"])
        server.wait_for_log("camera bed: removed")

    def metrics(self, accept=""):
        asked = urllib.request.Request(self.server.url + "/metrics", headers={"Accept": accept})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.headers["Content-Type"], answer.read().decode()

    def test_the_dashboard_asks_for_no_metric_that_is_not_there(self):
        """What Prometheus itself makes of both is in test_prometheus.py."""
        self.open_front()
        self.watch(self.server, "/cameras/back/stream?width=160").part()
        self.server.get("/nonesuch")
        kind, text = self.metrics()
        self.assertTrue(kind.startswith("text/plain; version=0.0.4"))
        kind, open_metrics = self.metrics("application/openmetrics-text;version=1.0.0")
        self.assertTrue(kind.startswith("application/openmetrics-text; version=1.0.0"))
        self.assertTrue(open_metrics.endswith("\n# EOF\n"))
        series = set(re.findall(r"^(onlooker_\w+)[ {]", text, re.M))
        self.assertEqual(series, set(re.findall(r"^(onlooker_\w+)[ {]", open_metrics, re.M)))
        with open(os.path.join(SOURCES, "docs", "grafana", "onlooker.json")) as file:
            dashboard = json.load(file)
        asked = [target["expr"] for panel in dashboard["panels"]
                 for target in panel.get("targets", [])]
        self.assertGreater(len(asked), 8)
        for query in asked:
            with self.subTest(query=query):
                names = set(re.findall(r"\bonlooker_\w+", query))
                self.assertTrue(names and names <= series, names - series)


if __name__ == "__main__":
    system_test.main()

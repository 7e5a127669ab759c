"""What docs/ gives to put into Crowsnest, OctoPi and Home Assistant, started with stand-ins for what
these bring along."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import system_test
from server import PROGRAM, clean_environment, free_port, wait_until
from system_test import SystemTest

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs")

# The functions that Crowsnest 4 has, by a file of lines "section|parameter|value".
CROWSNEST_4 = r"""
set -Ee
get_param() { awk -F'|' -v s="$1" -v p="$2" '$1 == s && $2 == p {print $3}' "$SETTINGS"; }
log_msg() { printf '%s\n' "$1"; }
log_output() { while read -r line; do log_msg "$1: $line"; done; }
run_mjpg() { log_msg "ustreamer has: $1"; }
unknown_mode_msg() { log_msg "unknown mode"; }
. "$LIBRARY"
mode=onlooker; unknown_mode_msg
run_mjpg "bed other"
trap 'kill $(jobs -pr)' TERM
wait
"""

# The modules of Crowsnest 5 that a streamer uses.
CROWSNEST_5 = {
    "crowsnest/__init__.py": "",
    "crowsnest/components/__init__.py": "",
    "crowsnest/components/streamer/__init__.py": "",
    "crowsnest/utils.py": """
import asyncio, shlex
async def execute_command(command, **options):
    return await asyncio.create_subprocess_exec(*shlex.split(command)), None, None
""",
    "crowsnest/components/streamer/streamer.py": """
class Streamer:
    def __init__(self, name, parameters):
        self.name, self.parameters, self.binary_path = name, parameters, parameters["binary"]
    def log_info(self, message, prefix=""): print(prefix + message)
    log_debug = log_info
""",
    "main.py": """
import asyncio, json, signal, sys
from crowsnest.components.streamer import onlooker
async def main():
    assert onlooker.load_streamer() == (["onlooker"], ["bin/onlooker"])
    lock = asyncio.Lock()
    await lock.acquire()
    process = await onlooker.load_component("bed", json.loads(sys.argv[1])).execute(lock)
    assert not lock.locked()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, process.terminate)
    sys.exit(await process.wait())
asyncio.run(main())
""",
}


class PutIn(SystemTest):
    def start(self, command, port, **environment):
        """Runs it until the server at the port answers, and ends it after the test."""
        process = subprocess.Popen(command, env=clean_environment(environment), start_new_session=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT)

        def end():
            process.send_signal(signal.SIGTERM)
            process.said = process.communicate(timeout=20)[0].decode("utf-8", "replace")
        process.end = end
        self.addCleanup(lambda: process.poll() is None and end())

        def answers():
            self.assertIsNone(process.poll(), "it ended")
            try:
                return self.get(port, "/healthz")[0] == 200
            except OSError:
                return False
        wait_until(answers, 20, "a server at its port", every=0.1)
        return process

    def get(self, port, path, headers=None):
        request = urllib.request.Request("http://127.0.0.1:%d%s" % (port, path), headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def is_crowsnests_camera(self, port):
        status, headers, picture = self.get(port, "/?action=snapshot", {"Origin": "http://mainsail.lan"})
        self.assertEqual((status, picture[:2]), (200, b"\xff\xd8"))
        self.assertEqual(headers["Access-Control-Allow-Origin"], "*")
        state = json.loads(self.get(port, "/cameras/bed/state")[2])["result"]
        self.assertEqual(state["source"]["resolution"], {"width": 320, "height": 240})
        self.assertEqual(state["source"]["desired_fps"], 10)

    def test_crowsnest_4(self):
        settings = os.path.join(self.folder(), "settings")
        port = free_port()
        with open(settings, "w", encoding="utf-8") as file:
            for key, value in (("mode", "onlooker"), ("port", port), ("device", "testcard"),
                               ("resolution", "320x240"), ("max_fps", 10),
                               ("custom_flags", "--idle-seconds 60")):
                file.write("cam bed|%s|%s\n" % (key, value))
            file.write("cam other|mode|ustreamer\n")
        process = self.start(["bash", "-c", CROWSNEST_4], port, SETTINGS=settings,
                             ONLOOKER_BIN=os.path.abspath(PROGRAM),
                             LIBRARY=os.path.join(DOCS, "crowsnest", "v4", "onlooker.sh"))
        self.is_crowsnests_camera(port)
        os.killpg(process.pid, signal.SIGTERM)
        said = process.communicate(timeout=20)[0].decode()
        self.assertIn("ustreamer has: other", said)
        self.assertNotIn("unknown mode", said)
        self.assertIn("--idle-seconds 60", said)

    def test_crowsnest_5(self):
        folder = self.folder()
        for name, text in CROWSNEST_5.items():
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        shutil.copy(os.path.join(DOCS, "crowsnest", "v5", "onlooker.py"),
                    os.path.join(folder, "crowsnest", "components", "streamer"))
        port = free_port()
        parameters = {"binary": os.path.abspath(PROGRAM), "port": port, "device": "testcard",
                      "resolution": ["320", "240"], "max_fps": 10, "no_proxy": False,
                      "custom_flags": "--idle-seconds 60", "v4l2ctl": ""}
        process = self.start([sys.executable, os.path.join(folder, "main.py"), json.dumps(parameters)],
                             port)
        self.is_crowsnests_camera(port)
        process.end()
        self.assertEqual(process.returncode, 0)

    def test_octopi(self):
        with open(os.path.join(DOCS, "octopi", "onlooker.conf"), encoding="utf-8") as file:
            text, count = re.subn("v4l2:,", "testcard,", file.read())
        self.assertEqual(count, 1)
        config = os.path.join(self.folder(), "onlooker.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(text)
        server = self.serve("--config", config)
        # As HAProxy hands it on.
        status, _, picture = self.get(server.port, "/?action=snapshot", {
            "Host": "octopi.local", "X-Forwarded-For": "192.0.2.9"})
        self.assertEqual((status, picture[:2]), (200, b"\xff\xd8"))
        self.assertEqual(self.get(server.port, "/", {"Host": "octopi.local"})[0], 200)

    def test_home_assistants_add_on(self):
        if not shutil.which("jq"):
            self.skipTest("jq is not installed")
        addon = os.path.join(DOCS, "home-assistant")
        folder, port = self.folder(), free_port()
        with open(os.path.join(folder, "options.json"), "w", encoding="utf-8") as file:
            json.dump({"cameras": ["yard=testcard,size=320x240", "door=emulated"],
                       "log_level": "info"}, file)
        self.start([os.path.join(addon, "run.sh")], port, ONLOOKER_BIN=os.path.abspath(PROGRAM),
                   ONLOOKER_ADDON_OPTIONS=os.path.join(folder, "options.json"),
                   ONLOOKER_ADDON_FOLDER=folder, ONLOOKER_ADDON_PORT=str(port))
        # As the supervisor hands it on: the name by which Home Assistant is called, in a frame.
        status, _, page = self.get(port, "/", {
            "Host": "homeassistant.local:8123", "X-Ingress-Path": "/api/hassio_ingress/8TgxzLmQ",
            "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"})
        self.assertEqual(status, 200)
        # Below any prefix, since nothing in the page begins at the root; without a script it is the
        # article's page.
        page = re.sub(rb"<noscript>.*?</noscript>", b"", page, flags=re.S)
        self.assertEqual(re.findall(rb"""(?:src|href)=["']/[^"']*""", page), [])
        self.assertEqual(self.get(port, "/cameras/yard/snapshot")[2][:2], b"\xff\xd8")
        self.assertEqual(self.get(port, "/cameras/door/snapshot")[0], 200)


if __name__ == "__main__":
    system_test.main()

"""The lines of docs/ as they stand there, tried with the program that they are for. Those for proxies
are tried in test_proxies.py; that each address in docs/ answers, in test_lines_to_copy.py."""
import json
import os
import re
import shutil
import subprocess

import system_test
from pictures import decode
from server import wait_until
from system_test import SystemTest, full

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs")


@full
class Docs(SystemTest):
    def test_motion_finds_the_movement_and_keeps_pictures_of_it(self):
        if not shutil.which("motion"):
            self.skipTest("motion is not installed")
        out = self.folder()
        server = self.serve("--camera", "yard=testcard:,fps=20,size=640x480")
        with open(os.path.join(DOCS, "motion.md"), encoding="utf-8") as page:
            lines = re.search(r"```motion\n(.*?)```", page.read(), re.S).group(1)
        lines = lines.replace("onlooker.local:5000", "127.0.0.1:%d" % server.port)
        lines = lines.replace("/var/lib/motion", out)
        # A film is ready when the event is over; its pictures show the same sooner.
        lines, count = re.subn("picture_output best", "picture_output on", lines)
        self.assertEqual(count, 1)
        with open(out + "/motion.conf", "w", encoding="utf-8") as file:
            file.write(lines + "daemon off\nwebcontrol_port 0\nstream_port 0\nlog_file %s/log\n" % out)
        motion = subprocess.Popen(["motion", "-n", "-c", out + "/motion.conf"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(motion.wait)
        self.addCleanup(motion.terminate)

        def kept():
            names = sorted(name for name in os.listdir(out) if name.endswith(".jpg"))
            return len(names) >= 3 and names[:-1]
        for name in wait_until(kept, 30, "three pictures of a movement"):
            with open(os.path.join(out, name), "rb") as picture:
                self.assertEqual(decode(picture.read()).shape[:2], (480, 640), name)
        viewer, = json.loads(server.get("/api/v1/cameras/yard/viewers")[2])["viewers"]
        self.assertIn("fps=5", viewer["variant"])


if __name__ == "__main__":
    system_test.main()

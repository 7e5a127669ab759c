"""Programs that log in as they do by themselves, with a password that has more than ASCII in it, and
what each makes of what it gets. Home Assistant and OctoPrint are told as what they call."""
import asyncio
import os
import re
import shutil
import subprocess
import time
import urllib.parse

import system_test
from pictures import colour_of
from server import wait_until
from system_test import SLOWNESS, full
from test_access import PASSWORD, AccessTest, onlooker


@full
class Programs(AccessTest):
    def need(self, program):
        if not shutil.which(program):
            self.skipTest("%s is not installed" % program)

    def need_module(self, name):
        try:
            return __import__(name)
        except ImportError:
            self.skipTest("python3-%s is not installed" % name)

    def url(self, path):
        return "http://anna:%s@127.0.0.1:%d%s" % (urllib.parse.quote(PASSWORD, safe=""),
                                                  self.server.port, path)

    def test_curl_with_a_password(self):
        self.need("curl")
        for login in (["-u", "anna:" + PASSWORD], ["--anyauth", "-u", "anna:" + PASSWORD]):
            done = subprocess.run(["curl", "-sf", *login, self.server.url + "/snapshot"],
                                  stdout=subprocess.PIPE, check=True)
            self.assertEqual(colour_of(done.stdout), "red")
        done = subprocess.run(["curl", "-sf", self.url("/snapshot")], stdout=subprocess.PIPE,
                              check=True)
        self.assertEqual(colour_of(done.stdout), "red")

    def token(self, name):
        """One that the server knows by now."""
        token = re.search(r"onl_\S+", onlooker("token", "add", name, "--users", self.users)).group()
        wait_until(lambda: self.ask("GET", "/state", {"Authorization": "Bearer " + token})[0] == 200,
                   1 * SLOWNESS, "the token is known")
        return token

    def test_curl_with_a_token(self):
        self.need("curl")
        done = subprocess.run(["curl", "-sf", "--oauth2-bearer", self.token("curl"),
                               self.server.url + "/snapshot"], stdout=subprocess.PIPE, check=True)
        self.assertEqual(colour_of(done.stdout), "red")

    def test_curl_with_the_cookie_of_a_session(self):
        self.need("curl")
        jar = os.path.join(self.folder(), "jar")
        subprocess.run(["curl", "-sf", "-c", jar, "--data-urlencode", "user=anna",
                        "--data-urlencode", "password=" + PASSWORD, self.server.url + "/login"],
                       check=True)
        done = subprocess.run(["curl", "-sf", "-b", jar, self.server.url + "/snapshot"],
                              stdout=subprocess.PIPE, check=True)
        self.assertEqual(colour_of(done.stdout), "red")

    def test_ffmpeg(self):
        self.need("ffmpeg")
        done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "mpjpeg", "-i",
                               self.url("/stream"), "-frames:v", "3", "-f", "image2pipe",
                               "-c:v", "mjpeg", "-"], stdout=subprocess.PIPE, check=True,
                              timeout=30)
        self.assertEqual(colour_of(done.stdout), "red")

    def test_opencv(self):
        cv2 = self.need_module("cv2")
        capture = cv2.VideoCapture(self.url("/stream.mjpg"), cv2.CAP_FFMPEG)
        self.addCleanup(capture.release)
        good, frame = capture.read()
        self.assertTrue(good)
        self.assertEqual(colour_of(frame[:, :, ::-1]), "red")

    def test_gstreamer(self):
        self.need("gst-launch-1.0")
        out = self.folder()
        # libsoup sends it in ISO-8859-1, whatever charset the challenge names. gst-launch would
        # take off the quotes and the backslashes of its own language.
        subprocess.run(["gst-launch-1.0", "-q", "souphttpsrc", "user-id=anna",
                        'user-pw="%s"' % PASSWORD, "location=" + self.server.url + "/stream",
                        "num-buffers=20", "!", "multipartdemux", "!", "multifilesink",
                        "location=" + out + "/%d.jpg"], check=True, timeout=30)
        with open(out + "/0.jpg", "rb") as picture:
            self.assertEqual(colour_of(picture.read()), "red")

    def test_vlc(self):
        self.need("cvlc")
        out = self.folder()
        os.chmod(out, 0o777)
        # It does not start for root.
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        player = subprocess.Popen(
            [*(nobody if os.geteuid() == 0 else []), "cvlc", "-I", "dummy", "--no-audio",
             self.url("/stream"), "--sout", "#std{access=file,mux=dummy,dst=%s/film}" % out],
            env={**os.environ, "HOME": out}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(player.wait)
        self.addCleanup(player.terminate)

        def film():
            try:
                with open(out + "/film", "rb") as file:
                    return file.read()
            except FileNotFoundError:
                return b""
        wait_until(lambda: film().count(b"\xff\xd9") >= 3, 20, "three pictures in VLC's film")
        self.assertEqual(colour_of(film()), "red")

    def test_octoprints_snapshot(self):
        """octoprint/plugins/classicwebcam: requests.get with what its settings say."""
        requests = self.need_module("requests")
        token = self.token("octoprint")
        snapshot = self.server.url + "/?action=snapshot"
        for url, login in ((self.url("/?action=snapshot"), {}),
                           (snapshot, {"auth": requests.auth.HTTPBasicAuth("anna", PASSWORD)}),
                           (snapshot, {"headers": {"Authorization": "Bearer " + token}})):
            answer = requests.get(url, stream=True, timeout=5, verify=True, **login)
            answer.raise_for_status()
            self.assertEqual(colour_of(b"".join(answer.iter_content(chunk_size=1024))), "red")

    def test_home_assistants_set_up(self):
        """homeassistant/components/mjpeg/config_flow.py: Basic, and Digest where that is refused.
        requests writes both in ISO-8859-1."""
        requests = self.need_module("requests")
        url = self.server.url + "/stream"
        begun = time.monotonic()
        answer = requests.get(url, auth=requests.auth.HTTPBasicAuth("anna", PASSWORD),
                              stream=True, timeout=10, verify=True)
        answer.raise_for_status()
        answer.close()
        self.assertLess(time.monotonic() - begun, 2 * SLOWNESS, "only the head is waited for")
        for auth in (requests.auth.HTTPBasicAuth("anna", "wrong"),
                     requests.auth.HTTPDigestAuth("anna", PASSWORD)):
            answer = requests.get(url, auth=auth, stream=True, timeout=10, verify=True)
            self.assertEqual(answer.status_code, 401)
            answer.close()

    def test_home_assistants_camera(self):
        """homeassistant/components/mjpeg/camera.py: aiohttp with BasicAuth, in ISO-8859-1."""
        aiohttp = self.need_module("aiohttp")

        async def look():
            auth = aiohttp.BasicAuth("anna", password=PASSWORD)
            async with aiohttp.ClientSession() as session:
                async with session.get(self.server.url + "/snapshot", auth=auth) as answer:
                    still = await answer.read()
                async with session.get(self.server.url + "/stream", auth=auth) as answer:
                    kind = answer.headers["Content-Type"]
                    moving = b""
                    while moving.count(b"\xff\xd9") < 3:
                        moving += await answer.content.read(102400)
            return still, kind, moving
        still, kind, moving = asyncio.run(asyncio.wait_for(look(), 20))
        self.assertEqual(colour_of(still), "red")
        self.assertTrue(kind.startswith("multipart/x-mixed-replace"), kind)
        self.assertEqual(colour_of(moving[moving.index(b"\xff\xd8"):]), "red")

    def test_home_assistants_picture_of_a_stream(self):
        """The same without a still image URL: httpx, until a picture is whole."""
        httpx = self.need_module("httpx")

        async def look():
            async with httpx.AsyncClient() as client:
                async with client.stream("get", self.server.url + "/stream", timeout=10,
                                         auth=httpx.BasicAuth("anna", PASSWORD)) as stream:
                    data = b""
                    async for chunk in stream.aiter_bytes(102400):
                        data += chunk
                        end = data.find(b"\xff\xd9")
                        if end >= 0:
                            return data[data.find(b"\xff\xd8"):end + 2]
        self.assertEqual(colour_of(asyncio.run(asyncio.wait_for(look(), 20))), "red")


if __name__ == "__main__":
    system_test.main()

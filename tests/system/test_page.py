"""The page in Chromium and Firefox, headless: what it shows, what it says of it, and that it comes back.

What is painted is read out of the canvas; `how` is what the page says of each picture."""
import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.parse
import urllib.request

import system_test
from server import wait_until
from system_test import SLOWNESS, SystemTest, full
from test_access import onlooker

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = {"chromium": "/usr/bin/chromium", "firefox": "/usr/bin/firefox-esr"}

# Of each camera that is shown: what the page says, and a sum of what it paints.
PICTURES = """[...document.querySelectorAll(".picture")].map(picture => {
    const canvas = picture.querySelector("canvas");
    const { width, height } = canvas;
    const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    let sum = 0;
    for (let i = 0; i < pixels.length; i += 97) {
        sum = (sum * 31 + pixels[i]) % 1000003;
    }
    return { name: picture.dataset.name, how: picture.dataset.how, width, sum,
             words: picture.innerText };
})"""

# What is wrong with the parts of a stream that came in pieces of 1, 2, ... octets.
TAKEN_APART = r"""import("./multipart.js").then(({ Parts }) => {
    const text = "--b\r\nContent-Type: image/jpeg\r\nContent-Length: 5\r\nX-Timestamp: 1.5\r\n\r\n"
        + "\r\n\r\n1\r\n--b\r\nCONTENT-LENGTH:0\r\n\r\n\r\n--b\r\nX-Camera: yard\r\n"
        + "Content-Length: 2000\r\n\r\n" + "x".repeat(2000) + "\r\n--b\r\n";
    const octets = new TextEncoder().encode(text);
    const wrong = [];
    for (let size = 1; size <= octets.length; size += 1) {
        const seen = [];
        const parts = new Parts((fields, body) => seen.push([fields["x-timestamp"],
            fields["x-camera"], body.length, new TextDecoder().decode(body.subarray(0, 5))]));
        for (let at = 0; at < octets.length; at += size) {
            parts.push(octets.subarray(at, at + size));
        }
        const said = JSON.stringify(seen);
        if (said !== '[["1.5",null,5,"\\r\\n\\r\\n1"],[null,null,0,""],[null,"yard",2000,"xxxxx"]]') {
            wrong.push([size, said]);
        }
    }
    for (const bad of ["a: b\r\n\r\n", "Content-Length: -1\r\n\r\n", "x".repeat(20000)]) {
        try {
            new Parts(() => {}).push(new TextEncoder().encode(bad));
            wrong.push(bad);
        } catch (error) {
            // As it should be.
        }
    }
    return wrong.slice(0, 3);
})"""

# What moved by itself; what the page and all that it loads has as it is sent; what axe-core finds.
SHIFTS = """new Promise(done => {
    const all = [];
    new PerformanceObserver(list => all.push(...list.getEntries())).observe(
        { type: "layout-shift", buffered: true });
    setTimeout(() => done(all.filter(one => !one.hadRecentInput).map(one =>
        [one.value, one.sources.map(({ node }) => node?.id || node?.className || node?.nodeName)])), 200);
})"""
SENT = """performance.getEntries().filter(({ entryType, name }) => entryType === "navigation" ||
        (entryType === "resource" && !/stream|wall\\?|api|healthz|state/.test(name)))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize + 400, 0)"""
AXE = """axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
    [id, nodes.map(({ html }) => html.slice(0, 200))]))"""

CHOOSE = """(() => {
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "%s" }));
    const select = document.getElementById("choose-%s");
    select.value = "%s";
    select.dispatchEvent(new Event("change"));
})()"""

# A tab behind others; headless browsers have none.
HIDE = """Object.defineProperty(document, "hidden", { get: () => %s, configurable: true });
document.dispatchEvent(new Event("visibilitychange"))"""


class Browser:
    def __init__(self, which):
        self.which = which
        environment = dict(os.environ)
        environment.setdefault("NODE_PATH", os.path.join(HERE, "node_modules"))
        self.process = subprocess.Popen(["node", os.path.join(HERE, "page.cjs"), which], env=environment,
                                        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "it ended"}
        if "error" in answer:
            self.close()
            Page.browsers.pop(self.which, None)
            raise AssertionError("browser: " + answer["error"])
        return answer

    def do(self, what, **words):
        self.process.stdin.write(json.dumps({"do": what, **words}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def eval(self, script):
        return self.do("eval", script=script).get("value")

    def press(self, key):
        self.eval('document.dispatchEvent(new KeyboardEvent("keydown", { key: "%s" }))' % key)

    def how(self):
        return {picture["name"]: picture["how"] for picture in (self.eval(PICTURES) or [])}

    def moves(self):
        """Every picture that is shown is live, and another one soon after."""
        def sums():
            return {picture["name"]: picture["sum"] for picture in (self.eval(PICTURES) or [])
                    if picture["how"] == "live"}
        before = sums()
        time.sleep(0.3)
        after = sums()
        self.still = {name: how for name, how in self.how().items()
                      if how != "live" or before.get(name) == after.get(name)}
        return len(before) > 0 and not self.still

    def close(self):
        if self.process.stdin.closed:
            return
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


@full
class Page(SystemTest):
    browsers = {}

    @classmethod
    def tearDownClass(cls):
        for browser in cls.browsers.values():
            browser.close()

    def browser(self, which):
        """A page of nobody's, in the one browser of its kind that all cases share."""
        path = os.environ.get("NODE_PATH", os.path.join(HERE, "node_modules"))
        if not shutil.which("node") or not os.path.isdir(os.path.join(path, "puppeteer-core")):
            self.skipTest("puppeteer-core is not installed: npm ci in tests/system")
        if not os.access(PROGRAMS[which], os.X_OK):
            self.skipTest(PROGRAMS[which] + " is not installed")
        if which not in self.browsers:
            self.browsers[which] = Browser(which)
        self.browsers[which].do("fresh")
        return self.browsers[which]

    def nothing_was_wrong(self, browser, server):
        heard = browser.do("heard")
        self.assertEqual(heard["errors"], [])
        hosts = {urllib.parse.urlsplit(url).netloc for url in heard["requests"] if url.startswith("http")}
        self.assertEqual(hosts, {"127.0.0.1:%d" % server.port})

    # ---- one camera ----

    def shows_one_camera_and_comes_back(self, which):
        browser = self.browser(which)
        cameras = ("--camera", "bed=testcard:,fps=10,size=320x240",
                   "--camera", "yard=testcard:,fps=10,size=640x360", "--idle-seconds", "1")
        server = self.serve(*cameras, expect_exit=None)
        browser.do("goto", url=server.url + "/?camera=bed", width=320, height=568)
        wait_until(browser.moves, 10, "the picture moves")
        self.assertLessEqual(browser.eval("document.documentElement.scrollWidth"), 320)
        self.nothing_was_wrong(browser, server)

        # The name and the picture belong together, from the first moment on.
        shown = browser.eval('document.querySelector(`a[data-name="yard"]`).click(); ' + PICTURES)
        self.assertEqual([(one["name"], one["how"]) for one in shown], [("yard", "opening")])
        wait_until(browser.moves, 10, "the other one moves")
        self.assertEqual(browser.eval(PICTURES)[0]["width"], 640)

        browser.press("r")
        wait_until(lambda: browser.eval(PICTURES)[0]["width"] == 360, 3, "it is turned")
        self.assertIn("turn=90", browser.eval("location.search"))
        browser.press("k")
        wait_until(lambda: server.state("yard")["stream"]["clients"] == 0, 3, "a pause ends the stream")
        self.assertEqual(browser.how(), {"yard": "paused"})
        browser.press("k")
        for _ in range(3):
            browser.press("r")
        wait_until(browser.moves, 5, "it goes on, upright")

        server.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: browser.how()["yard"] in ("frozen", "lost"), 3 * SLOWNESS, "it stands still")
        server.process.send_signal(signal.SIGCONT)
        wait_until(browser.moves, 5, "it goes on")

        server.process.kill()
        server.process.wait()
        wait_until(lambda: browser.how() == {"yard": "lost"}, 2 * SLOWNESS, "lost is said")
        self.assertIn("Connection lost: retrying in", browser.eval(PICTURES)[0]["words"])
        self.assertEqual(browser.eval(PICTURES)[0]["width"], 640, "the last picture stays")
        time.sleep(3)
        server = self.serve(*cameras, port=server.port)
        returned = time.monotonic()
        wait_until(lambda: browser.how() == {"yard": "live"}, 10, "it comes back")
        took = time.monotonic() - returned
        print("%s: back after %.1f s" % (which, took))
        self.assertLess(took, 2 * SLOWNESS)

        browser.eval(HIDE % "true")
        wait_until(lambda: server.state("yard")["stream"]["clients"] == 0, 5 * SLOWNESS, "it lets go")
        wait_until(lambda: server.state("yard")["onlooker"]["state"] == "idle", 5, "the camera sleeps")
        browser.eval(HIDE % "false")
        wait_until(browser.moves, 5, "it is shown again")

        if which == "firefox":
            return
        browser.do("goto", url=server.url + "/", scripts=False)
        wait_until(lambda: server.state("bed")["stream"]["clients"] == 1, 5, "an <img> without scripts")

    def test_chromium_shows_one_camera_and_comes_back(self):
        self.shows_one_camera_and_comes_back("chromium")

    def test_firefox_shows_one_camera_and_comes_back(self):
        self.shows_one_camera_and_comes_back("firefox")

    # ---- figures and controls ----

    def figure(self, browser, pattern):
        found = re.search(pattern, browser.eval(PICTURES)[0]["words"])
        return float(found.group(1)) if found else None

    def test_the_figures_are_those_of_the_server_and_a_slow_machine_stays_fresh(self):
        browser = self.browser("chromium")
        server = self.serve("--camera", "testcard:,fps=20,size=1280x720")
        browser.do("goto", url=server.url + "/?figures=1", width=1280, height=800)
        wait_until(lambda: self.figure(browser, "([0-9]+) ms old"), 10, "an age")
        time.sleep(3)
        told = list(server.state()["stream"]["clients_stat"].values())[0]
        self.assertAlmostEqual(self.figure(browser, "([0-9.]+) fps"), told["fps"], delta=3 * SLOWNESS)
        self.assertIn("1280 × 720", browser.eval(PICTURES)[0]["words"])
        self.assertIn("1 viewer", browser.eval(PICTURES)[0]["words"])
        browser.do("slow", times=6)
        time.sleep(3)
        ages = []
        for _ in range(5):
            time.sleep(0.7)
            ages.append(self.figure(browser, "([0-9]+) ms old"))
        print("six times slower: %s ms old" % ages)
        self.assertLess(sorted(ages)[2], 300 * SLOWNESS)
        self.assertEqual(list(browser.how().values()), ["live"])

    def test_controls_move_the_picture_and_what_others_change_moves_them(self):
        modules = self.need_modules()
        browser = self.browser("chromium")
        server = self.serve(*modules, "--camera", "f=faulty:,controls=1")
        browser.do("goto", url=server.url + "/")
        wait_until(lambda: list(browser.how().values()) == ["live"], 20, "the picture")
        browser.press("c")
        value = 'document.getElementById("control-brightness")?.value'
        set_to = """(input => { input.value = %d; input.dispatchEvent(new Event("input")); })(
            document.getElementById("control-%s"))"""
        wait_until(lambda: browser.eval(value), 10, "the controls")
        before = browser.eval(PICTURES)[0]["sum"]
        browser.eval(set_to % (200, "brightness"))
        wait_until(lambda: browser.eval(PICTURES)[0]["sum"] != before, 10, "the picture changes")
        request = urllib.request.Request(
            server.url + "/api/v1/cameras/f/controls", data=b'{"brightness": 90}', method="PATCH",
            headers={"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10).close()
        wait_until(lambda: browser.eval(value) == "90", 10, "it moves here too")
        # This one takes it, and stays where it was.
        browser.eval(set_to % (77, "gain"))
        why = 'document.querySelector("#control-gain ~ .refusal").innerText'
        wait_until(lambda: browser.eval(why) == "the camera says 10", 10, "why it was not taken")
        self.assertEqual(browser.eval('document.getElementById("control-gain").value'), "10")
        # Both at once, back to what they were made with.
        browser.eval('document.querySelector("#panel .wide").click()')
        wait_until(lambda: browser.eval(value) == "16", 10, "the default")

    # ---- how it is made ----

    def test_axe_finds_nothing_nothing_jumps_and_all_is_small(self):
        browser = self.browser("chromium")
        axe = os.path.join(os.environ.get("NODE_PATH", os.path.join(HERE, "node_modules")),
                           "axe-core", "axe.min.js")
        if not os.path.isfile(axe):
            self.skipTest("axe-core is not installed: npm ci in tests/system")
        server = self.serve(*self.need_modules(), "--camera", "f=faulty:,controls=1,title=Mikroskop 顕微鏡",
                            "--camera", "yard=testcard:,fps=5,size=320x180", "--camera", "bed=testcard:,fps=5")
        views = [("/?camera=f&figures=1", "c"), ("/?camera=yard", "l"), ("/?camera=yard", "q"),
                 ("/?camera=yard", "?"), ("/?wall", "e"), ("/wall.html?names=1", ""),
                 ("/manual?camera=yard", ""), ("/frames", "")]
        for path, key in views:
            for width in (1280, 320):
                browser.do("scheme", name="light")
                browser.do("goto", url=server.url + path, width=width, height=568)
                if "manual" not in path and "frames" not in path:
                    wait_until(lambda: set(browser.how().values()) == {"live"}, 10, path)
                self.assertEqual(browser.eval(SHIFTS), [], "%s at %d jumps" % (path, width))
                self.assertLessEqual(browser.eval(SENT), 60 * 1024, path)
                if key:
                    browser.do("press", key=key)
                    time.sleep(0.3)
                self.assertLessEqual(browser.eval("document.documentElement.scrollWidth"), width, path)
                self.nothing_was_wrong(browser, server)
                if width == 320:
                    continue
                browser.do("load", path=axe)
                for scheme in ("light", "dark"):
                    browser.do("scheme", name=scheme)
                    found = browser.eval(AXE)
                    self.assertEqual(found, [], "%s, %s, %d" % (path, scheme, width))
                browser.do("heard")  # axe itself tries what the page's policy forbids

    def test_the_choice_is_kept_and_the_tools_follow_the_camera(self):
        browser = self.browser("chromium")
        folder = self.folder()
        browser.do("downloads", folder=folder)
        server = self.serve("--camera", "bed=testcard:,fps=10,size=320x240",
                            "--camera", "yard=testcard:,fps=10,size=640x360,title=Hof")
        browser.do("goto", url=server.url + "/?camera=bed", width=800, height=600)
        wait_until(browser.moves, 10, "the picture moves")
        browser.do("press", key="ArrowRight")
        wait_until(lambda: browser.how() == {"yard": "live"}, 5, "the next one")
        self.assertEqual(browser.eval('document.title'), "Hof · onlooker")
        self.assertIn("/cameras/yard/frames", browser.eval('document.getElementById("log").href'))
        self.assertIn("camera=yard", browser.eval('document.getElementById("manual").href'))
        browser.do("press", key="l")
        lines = browser.eval('document.getElementById("panel").innerText')
        for line in ("OctoPrint", "Mainsail", "Home Assistant", "vlc ", "go2rtc", "ffmpeg ",
                     server.url + "/cameras/yard/snapshot"):
            self.assertIn(line, lines)
        browser.do("press", key="Escape")
        browser.do("press", key="h")
        browser.eval(CHOOSE % ("q", "rate", "5"))
        browser.eval(CHOOSE % ("", "size", "1/2"))
        wait_until(lambda: browser.eval(PICTURES)[0]["width"] == 320, 5, "half the size")
        # Remembered on this device, with an address that says nothing.
        browser.do("goto", url=server.url + "/", width=800, height=600)
        wait_until(lambda: browser.how() == {"yard": "live"}, 10, "the same camera")
        browser.do("press", key="k")
        self.assertEqual(browser.how(), {"yard": "paused"})
        browser.do("press", key="k")
        browser.do("press", key="i")
        for word in ("camera=yard", "flip=1", "fps=5", "size=1/2", "figures=1"):
            self.assertIn(word, browser.eval("location.search"))
        wait_until(lambda: 4 <= (self.figure(browser, "([0-9.]+) fps") or 0) <= 6, 5, "five a second")
        browser.do("wheel", x=300, y=300, by=-300)
        wait_until(lambda: browser.eval('document.getElementById("picture").style.transform'), 3, "zoomed")
        browser.do("press", key="0")
        self.assertEqual(browser.eval('document.getElementById("picture").style.transform'), "")
        browser.do("press", key="s")
        wait_until(lambda: [name for name in os.listdir(folder) if re.match("yard-.*jpg$", name)], 5, "a file")
        browser.do("press", key="v")
        browser.eval(CHOOSE % ("", "format", "mp4"))
        browser.eval(CHOOSE % ("", "every", "1"))
        browser.eval("""(() => {
            const link = document.querySelector("#panel a[download]");
            link.href = link.href.replace("seconds=30", "seconds=1.5");
            link.click();
        })()""")
        wait_until(lambda: [name for name in os.listdir(folder) if re.match("Hof .*mp4$", name)], 10, "a clip")
        browser.do("press", key="Escape")
        browser.do("press", key="?")
        self.assertIn("Picture in picture", browser.eval('document.getElementById("keys").innerText'))
        browser.do("press", key="Escape")
        # A wall in an order and sizes of one's own.
        browser.do("goto", url=server.url + "/?wall=yard*2,bed", width=800, height=600)
        wait_until(browser.moves, 10, "the wall moves")
        self.assertEqual(list(browser.how()), ["yard", "bed"])
        wide = 'document.querySelector("[data-name=%s].picture").offsetWidth'
        self.assertGreater(browser.eval(wide % "yard"), 1.9 * browser.eval(wide % "bed"))
        self.nothing_was_wrong(browser, server)

    def test_who_has_no_session_signs_in_and_sees_the_own_cameras_only(self):
        browser = self.browser("chromium")
        users = os.path.join(self.folder(), "users")
        for name, *options in (("anna", "--scope", "admin"), ("guest", "--cameras", "door")):
            onlooker("user", "add", name, "--users", users, *options, stdin="Zitrone & 7\n")
        server = self.serve("--camera", "yard=testcard:,fps=5", "--camera", "door=testcard:,fps=5",
                            "--users", users)
        sign_in = """document.getElementById("user").value = "%s";
            document.getElementById("password").value = "Zitrone & 7"; document.forms[0].submit()"""
        at_login = 'Boolean(document.getElementById("user"))'
        browser.do("goto", url=server.url + "/")
        self.assertTrue(browser.eval(at_login))
        browser.eval(sign_in % "guest")
        wait_until(lambda: browser.how() == {"door": "live"}, 10, "the one that a guest may see")
        self.assertNotIn("yard", browser.eval("document.body.innerText"))
        self.assertIn("guest", browser.eval("document.querySelector('.account').innerText"))
        # The session ends elsewhere; the page goes to the login by itself.
        browser.eval('void fetch("./logout", { method: "POST" })')
        wait_until(lambda: browser.eval(at_login), 10, "the login")
        browser.eval(sign_in % "anna")
        wait_until(lambda: len(browser.how()) > 0 and browser.moves(), 10, "a picture")
        browser.eval('document.querySelector("[data-name=yard]").click()')
        browser.do("press", key="l")
        browser.eval('document.querySelector("#panel button.wide").click()')
        link = """[...document.querySelectorAll("#panel .copy")].map(line => line.innerText)
            .find(text => text.includes("/stream?"))"""
        url = wait_until(lambda: browser.eval(link), 5, "a link for a day")
        with urllib.request.urlopen(url, timeout=10) as answer:
            self.assertEqual(answer.status, 200)

    # ---- a wall ----

    def shows_a_wall_over_one_connection(self, which):
        browser = self.browser(which)
        cameras = [word for number in range(12)
                   for word in ("--camera", "cam%d=testcard:,fps=10,size=320x180" % number)]
        server = self.serve(*cameras)
        browser.do("goto", url=server.url + "/?wall", width=1280, height=800)
        try:
            wait_until(browser.moves, 30, "all pictures move")
        except AssertionError as error:
            self.fail("%s: %s" % (error, browser.still))
        self.assertEqual(len(browser.how()), 12)
        asked = time.monotonic()
        viewers = [one["format"] for one in server.state("cam3")["stream"]["clients_stat"].values()]
        self.assertEqual(viewers, ["wall"])
        self.assertEqual(server.get("/cameras/cam4/snapshot")[0], 200)
        self.assertLess(time.monotonic() - asked, 1 * SLOWNESS)
        self.nothing_was_wrong(browser, server)
        # What is out of sight asks for nothing, over the same connection.
        browser.do("goto", url=server.url + "/?wall", width=320, height=400)
        wait_until(lambda: list(browser.how().values()).count("live") >= 4, 10, "those in sight")
        wait_until(lambda: server.state("cam11")["stream"]["clients"] == 0, 5, "those below are not")
        self.assertLessEqual(browser.eval("document.documentElement.scrollWidth"), 320)
        browser.eval('document.querySelector(`[data-name="cam11"] canvas`).scrollIntoView()')
        wait_until(lambda: browser.how()["cam11"] == "live", 5, "scrolled to")
        # A screen on a wall.
        browser.do("goto", url=server.url + "/wall.html?cameras=cam2,cam1", width=800, height=600)
        wait_until(browser.moves, 10, "the kiosk moves")
        self.assertEqual(list(browser.how()), ["cam2", "cam1"])

    def test_chromium_shows_a_wall_over_one_connection(self):
        self.shows_a_wall_over_one_connection("chromium")

    def test_firefox_shows_a_wall_over_one_connection(self):
        self.shows_a_wall_over_one_connection("firefox")

    def test_a_stream_is_taken_apart_however_it_was_cut(self):
        browser = self.browser("chromium")
        server = self.serve("--camera", "testcard")
        browser.do("goto", url=server.url + "/manual")
        self.assertEqual(browser.eval(TAKEN_APART), [])

    def test_a_camera_that_fails_or_stalls_is_marked_with_the_reason(self):
        modules = self.need_modules()
        browser = self.browser("chromium")
        hostile = "<img src=x onerror=alert(1)>"
        server = self.serve(*modules, "--camera", "good=testcard:,fps=10,size=320x180,title=" + hostile,
                            "--camera", "torn=faulty:,after=30,then=throw",
                            "--camera", "still=faulty:,after=30,then=stall")
        browser.do("goto", url=server.url + "/?wall", width=1280, height=800)
        wait_until(browser.moves, 10, "all pictures move")
        wait_until(lambda: browser.how()["torn"] != "live", 10, "the one that fails is marked")
        wait_until(lambda: browser.how()["still"] in ("frozen", "gone"), 3 * SLOWNESS, "the other one")
        wait_until(lambda: any(one["name"] == "torn" and "camera gone" in one["words"]
                               for one in browser.eval(PICTURES)), 5, "the reason is told")
        good = [one for one in browser.eval(PICTURES) if one["name"] == "good"][0]
        self.assertEqual(good["how"], "live")
        self.assertIn(hostile, good["words"])
        self.assertEqual(browser.eval("document.images.length"), 0)


if __name__ == "__main__":
    system_test.main()

"""Chromium and Firefox, headless, as a person with a login: signing in and out, what the page does
when its session ends, and what a page of elsewhere can do to a browser that is signed in.

The browsers resolve names as they are told, for over plain HTTP at a name that is not this machine's
own they send no Sec-Fetch-Site: that is how they meet a camera in a local network.
"""
import base64
import http.server
import json
import os
import subprocess
import threading
import time

import system_test
from pictures import colour_of, make_folder
from server import wait_until
from system_test import full
from test_access import onlooker
from test_browsers import HERE, BrowserTest

PASSWORD = "Zitrone & 7 Äpfel?"
CAMERA, OTHER = "camera.example", "other.example"


class Visitor:
    """A browser that does what it is told: visitor.cjs has the deeds."""

    def __init__(self, which, **settings):
        environment = dict(os.environ)
        environment.setdefault("NODE_PATH", os.path.join(HERE, "node_modules"))
        settings.setdefault("hosts", {CAMERA: "127.0.0.1", OTHER: "127.0.0.1"})
        self.process = subprocess.Popen(
            ["node", os.path.join(HERE, "visitor.cjs"), which, json.dumps(settings)],
            env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._answer()

    def __getattr__(self, deed):
        def do(*details):
            self.process.stdin.write(json.dumps([deed, *details]) + "\n")
            self.process.stdin.flush()
            return self._answer()
        return do

    def _answer(self):
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "it ended"}
        if "error" in answer:
            raise AssertionError("browser: " + answer["error"])
        return answer.get("value")

    def colour(self, selector):
        return colour_of(base64.b64decode(self.shot(selector)))

    def sign_in(self, name, password=PASSWORD):
        self.fill("#user", name)
        self.fill("#password", password)
        self.follow("button")

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


# It tries all that a page can, and makes its title what it got. What a form or a request without
# CORS did it cannot see: the test asks the server.
MEAN_PAGE = """<!doctype html>
<meta charset="utf-8">
<img src="%(server)s/stream" width="40" height="30">
<img src="%(server)s/snapshot" width="40" height="30">
<iframe id="framed" src="%(server)s/snapshot" width="200" height="150" style="border: 0"></iframe>
<iframe name="hidden" width="10" height="10"></iframe>
<form method="post" target="hidden"></form>
<script>
const server = "%(server)s";
const images = [...document.images];
const pause = time => new Promise(resolve => setTimeout(resolve, time));
async function within(promise) {
    return Promise.race([promise, pause(3000).then(() => "nothing came")]);
}
async function canvas(mode) {
    const image = new Image();
    if (mode) image.crossOrigin = mode;
    image.src = server + "/snapshot?" + mode;
    await image.decode();
    const context = document.createElement("canvas").getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, 1, 1).data[0] > 128;
}
async function post(path, body) {
    const form = document.forms[0];
    form.action = server + path;
    form.replaceChildren(...Object.entries(body).map(([name, value]) => {
        const field = document.createElement("input");
        field.name = name;
        field.value = value;
        return field;
    }));
    form.submit();
    const read = await within(fetch(server + path, {
        method: "POST", credentials: "include", body: new URLSearchParams(body) }).then(
            answer => answer.text(), () => false));
    await within(fetch(server + path, {
        method: "POST", mode: "no-cors", credentials: "include",
        body: new URLSearchParams(body) }).catch(() => {}));
    await pause(300);
    return typeof read === "string" && read.includes("seconds");
}
function socket() {
    return new Promise(resolve => {
        const tried = new WebSocket(server.replace("http", "ws") + "/stream");
        tried.onopen = () => resolve(true);
        tried.onerror = () => resolve(false);
    });
}
(async () => {
    const got = {};
    for (const [name, attempt] of Object.entries({
        read: () => fetch(server + "/state", { credentials: "include" }).then(answer => answer.ok),
        canvas: () => canvas("anonymous"),
        canvasWithCookie: () => canvas("use-credentials"),
        canvasWithoutCors: () => canvas(""),
        socket,
        link: () => post("/cameras/camera/link", { seconds: 60 }),
        logout: () => post("/logout", { everywhere: 1 }),
        login: () => post("/login", { user: "mallory", password: "%(password)s" }),
    })) {
        got[name] = await within(attempt().catch(() => false));
    }
    got.shown = images.map(image => image.naturalWidth > 0);
    document.title = JSON.stringify(got);
})();
</script>
"""
NOTHING = {"read": False, "canvas": False, "canvasWithCookie": False, "canvasWithoutCors": False,
           "socket": False, "link": False, "logout": False, "login": False, "shown": [False, False]}


class MeanPage:
    def __init__(self, server_url):
        page = (MEAN_PAGE % {"server": server_url, "password": PASSWORD}).encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *words):
                pass

        self.web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.web.server_address[1]
        threading.Thread(target=self.web.serve_forever, daemon=True).start()

    def close(self):
        self.web.shutdown()
        self.web.server_close()


class LoginTest(BrowserTest):
    def begin(self, *options, with_users=True):
        pictures = self.folder()
        make_folder(pictures, ["red", "blue"])
        words = ["--camera", "emulated:%s,fps=2" % pictures, "--allow-host", CAMERA, *options]
        if with_users:
            self.users = os.path.join(self.folder(), "users")
            for name in ("anna", "mallory", "watch"):
                onlooker("user", "add", name, "--users", self.users, "--scope", "admin",
                         stdin=PASSWORD + "\n")
            words += ["--users", self.users]
        self.server = self.serve(*words)

    def url(self, host=CAMERA):
        return "http://%s:%d/" % (host, self.server.port)

    def visitor(self, which, **settings):
        visitor = Visitor(which, **settings)
        self.addCleanup(visitor.close)
        return visitor

    def clients(self):
        """How many watch, as another user sees it."""
        words = base64.b64encode(("watch:" + PASSWORD).encode()).decode()
        body = self.server.get("/state", headers={"Authorization": "Basic " + words})[2]
        return json.loads(body)["result"]["stream"]["clients"]

    def shows_a_moving_picture(self, visitor):
        seen = set()

        def moves():
            seen.add(visitor.colour("#picture"))
            return {"red", "blue"} <= seen
        wait_until(moves, 15, "both pictures of the camera, on the page", every=0.1)

    def stream_stops_and_page_asks(self, visitor, words):
        wait_until(lambda: self.clients() == 0, 1, "the stream stops: " + words)
        visitor.until("document.querySelector('#password') !== null")
        self.assertEqual(visitor.url(), self.url())

    def signs_in_and_out(self, which):
        self.begin()
        visitor = self.visitor(which)
        visitor.goto(self.url())
        visitor.sign_in("anna", "wrong")
        self.assertIn("The name or the password is wrong.", visitor.text())
        visitor.sign_in("anna")
        self.assertEqual(visitor.url(), self.url())
        self.shows_a_moving_picture(visitor)
        # In another tab.
        visitor.tab("second")
        visitor.goto(self.url())
        visitor.follow(".account button")
        self.assertIn("Password", visitor.text())
        visitor.tab("first")
        self.stream_stops_and_page_asks(visitor, "signed out in another tab")
        visitor.sign_in("anna")
        self.shows_a_moving_picture(visitor)
        onlooker("user", "remove", "anna", "--users", self.users)
        time.sleep(0.5)  # the server looks at the file each half second
        self.stream_stops_and_page_asks(visitor, "the user is removed")
        # That 401 and 403 came is a complaint of its own, and of the network alone.
        complaints = [words for words in visitor.complaints() if " status of 40" not in words]
        self.assertEqual(complaints, [])

    def other_pages_get_nothing(self, which):
        self.begin()
        visitor = self.visitor(which)
        for host, elsewhere in ((CAMERA, OTHER), ("127.0.0.1", "localhost")):
            with self.subTest(host=host, elsewhere=elsewhere):
                page = self.mean_page(host)
                visitor.tab("ours")
                visitor.goto(self.url(host))
                visitor.sign_in("anna")
                wait_until(lambda: self.clients() == 1, 5, "the page's own stream")
                visitor.tab("theirs")
                self.assertEqual(self.tried_by(visitor, elsewhere, page), NOTHING)
                self.assertNotIn(visitor.colour("#framed"), ("red", "blue"))
                self.still_signed_in(visitor, host)
                visitor.tab("ours")
                visitor.follow(".account button")

    def mean_page(self, host):
        page = MeanPage("http://%s:%d" % (host, self.server.port))
        self.addCleanup(page.close)
        return page

    def tried_by(self, visitor, host, page):
        visitor.goto("http://%s:%d/" % (host, page.port))
        visitor.until("document.title !== ''", 40000)
        return json.loads(visitor.evaluate("document.title"))

    def still_signed_in(self, visitor, host):
        visitor.tab("ours")
        self.assertIn(visitor.goto(self.url(host)), (200, 304))
        self.assertIn("anna", visitor.evaluate(
            "document.querySelector('.account').innerText"))
        visitor.tab("theirs")

    def a_page_of_the_same_host_looks_but_changes_nothing(self, which, *allowed):
        for origins, sees in allowed:
            with self.subTest(origins=origins):
                self.begin(*origins)
                page = self.mean_page(CAMERA)
                visitor = self.visitor(which)
                visitor.tab("ours")
                visitor.goto(self.url())
                visitor.sign_in("anna")
                visitor.tab("theirs")
                got = self.tried_by(visitor, CAMERA, page)
                # Its scripts read nothing: that would take Access-Control-Allow-Credentials.
                self.assertEqual(got, {**NOTHING, "shown": [sees] * 2})
                self.still_signed_in(visitor, CAMERA)

    def a_page_elsewhere_gets_nothing_without_users_either(self, which):
        self.begin(with_users=False)
        visitor = self.visitor(which)
        self.assertEqual(self.tried_by(visitor, OTHER, self.mean_page(CAMERA)), NOTHING)
        self.assertNotIn(visitor.colour("#framed"), ("red", "blue"))

    def a_name_that_is_pointed_here_is_refused_in_words(self, which):
        self.begin(with_users=False)
        visitor = self.visitor(which)
        self.assertEqual(visitor.goto(self.url(OTHER)), 421)
        self.assertIn("%s is no name of this server. Whoever runs it can make it one: "
                      "--allow-host %s" % (OTHER, OTHER), visitor.text())
        self.assertEqual(visitor.goto(self.url(CAMERA)), 200)
        self.shows_a_moving_picture(visitor)


@full
class Chromium(LoginTest):
    which = "chromium"
    program = "/usr/bin/chromium"
    allowed = (((), True), (("--allow-origin", "none"), False))

    def setUp(self):
        self.need(self.program)

    def test_a_person_signs_in_and_out(self):
        self.signs_in_and_out(self.which)

    def test_a_page_elsewhere_gets_nothing_of_a_browser_that_is_signed_in(self):
        self.other_pages_get_nothing(self.which)

    def test_a_page_elsewhere_gets_nothing_without_users_either(self):
        self.a_page_elsewhere_gets_nothing_without_users_either(self.which)

    def test_a_page_of_the_same_host_looks_but_changes_nothing(self):
        self.a_page_of_the_same_host_looks_but_changes_nothing(self.which, *self.allowed)

    def test_a_name_that_is_pointed_here_is_refused_in_words(self):
        self.a_name_that_is_pointed_here_is_refused_in_words(self.which)


@full
class Firefox(Chromium):
    which = "firefox"
    program = "/usr/bin/firefox-esr"
    allowed = (((), True),)


@full
class WithoutScript(LoginTest):
    def test_a_person_signs_in_and_sees_the_picture_move(self):
        self.need("/usr/bin/chromium")
        self.begin()
        visitor = self.visitor("chromium", script=False)
        visitor.goto(self.url())
        visitor.sign_in("anna", "wrong")
        self.assertIn("The name or the password is wrong.", visitor.text())
        visitor.sign_in("anna")
        self.shows_a_moving_picture(visitor)
        visitor.follow(".account button")
        self.assertIn("Password", visitor.text())


if __name__ == "__main__":
    system_test.main()

#!/usr/bin/env python3
"""A page in Chromium whose <img> leaves its size to the server: takes a screenshot of it, reads the
test card's number from that, and prints one line of JSON: how old the picture was, in ms.

    auto_page_viewer.py --base http://10.78.0.1:5000 --png page.png --after 10

The server must show a test card at 30 frames per second and let any page show it (--allow-origin).
The number of a picture is the time at which it was due, and a snapshot tells which. Needs what
tests/system needs for its browsers; NODE_PATH tells where puppeteer-core is.
"""

import argparse
import base64
import contextlib
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import urllib.request

SYSTEM_TESTS = pathlib.Path(__file__).resolve().parent.parent / 'system'
sys.path.insert(0, str(SYSTEM_TESTS))
import pictures  # noqa: E402

FPS = 30


def epoch(base):
    """When the picture with the number 0 would have been due, by the wall clock."""
    with urllib.request.urlopen(base + '/snapshot', timeout=20) as answer:
        number = pictures.testcard_number(pictures.decode(answer.read()))
        return float(answer.headers['X-Timestamp']) - number / FPS


@contextlib.contextmanager
def page_with(content):
    """Its URL: a page from nowhere may not ask a private address for anything."""
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header('Content-Type', 'text/html')
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f'http://127.0.0.1:{server.server_port}/'
        server.shutdown()


def screenshot(url, after):
    browser = subprocess.Popen(
        ['node', str(SYSTEM_TESTS / 'browser.cjs'), 'chromium', url],
        env={'NODE_PATH': str(SYSTEM_TESTS / 'node_modules'), **os.environ}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        ready = json.loads(browser.stdout.readline() or '{"error": "it ended"}')
        if 'error' in ready:
            raise OSError(ready['error'])
        time.sleep(after)
        browser.stdin.write('shot\n')
        browser.stdin.flush()
        return json.loads(browser.stdout.readline())
    finally:
        browser.stdin.close()
        browser.wait(20)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--base', required=True)
    parser.add_argument('--png', type=pathlib.Path, required=True)
    parser.add_argument('--after', type=float, default=10, help='seconds')
    options = parser.parse_args()
    zero = epoch(options.base)
    # The size on the page stays, so that a screenshot always holds the whole picture.
    image = f'<img width="640" height="360" src="{options.base}/stream?auto=1">'
    with page_with('<!DOCTYPE html><title>auto</title>' + image) as url:
        shot = screenshot(url, options.after)
    options.png.write_bytes(base64.b64decode(shot['png']))
    number = pictures.testcard_number(pictures.decode(options.png.read_bytes()))
    due = zero + number / FPS
    # Somewhere in between the browser took it.
    print(json.dumps({'age_ms': [shot[moment] - due * 1000 for moment in ('started', 'ended')]}))


if __name__ == '__main__':
    try:
        main()
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f'auto_page_viewer: {error}')

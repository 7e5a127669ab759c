// Drives one headless browser for test_browsers.py.   usage: node browser.cjs chromium|firefox URL
//
// Opens URL, waits for its first <img> to show something, prints {"ready": ...}, and then answers
// each line on its standard input with a screenshot of that <img>: {"png": base64, "started": ms,
// "ended": ms}, times by the wall clock. "leave" goes to an empty page. Ends at the end of input.
'use strict';
const readline = require('readline');
const puppeteer = require('puppeteer-core');

const [, , which, url] = process.argv;
const options = which === 'firefox'
  ? { browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true }
  // The sandbox of Chromium does not start for root.
  : { executablePath: '/usr/bin/chromium', headless: true,
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] };

function say(value) {
  process.stdout.write(JSON.stringify(value) + '\n');
}

async function main() {
  const browser = await puppeteer.launch(options);
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 800, height: 800 });
    await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 20000 });
    await page.waitForFunction(
      () => document.images.length > 0 && document.images[0].naturalWidth > 0, { timeout: 20000 });
    // A canvas copy of such an image stays on its first picture in Firefox; a screenshot does not.
    const clip = await page.evaluate(() => {
      const box = document.images[0].getBoundingClientRect();
      return { x: box.x + window.scrollX, y: box.y + window.scrollY,
               width: box.width, height: box.height };
    });
    say({ ready: await browser.version(), agent: await browser.userAgent(), clip });
    for await (const line of readline.createInterface({ input: process.stdin })) {
      if (line === 'leave') {
        await page.goto('about:blank');
        say({ left: true });
        continue;
      }
      const started = Date.now();
      const png = await page.screenshot({ clip, encoding: 'base64' });
      say({ png, started, ended: Date.now() });
    }
  } finally {
    await browser.close();
  }
}

main().catch(error => {
  say({ error: String(error && error.stack || error) });
  process.exit(1);
});

// Drives one headless browser for test_browsers.py.
//
//     node browser.cjs chromium|firefox URL [whole|verdict]
//
// Opens URL, waits for its first <img> to show something, prints {"ready": ...}, and then answers
// each line on its standard input with a screenshot of that <img>, or of the whole page where the
// stream itself is the page: {"png": base64, "started": ms, "ended": ms}, times by the wall clock.
// With `verdict` the page itself finds something out and makes it its title: that is waited for and
// told, and the screenshots are of its <iframe>. Ends at the end of input.
//
// Screenshots, because a canvas copy of such an <img> stays on its first picture in Firefox.
'use strict';
const readline = require('readline');
const puppeteer = require('puppeteer-core');

const [, , which, url, how] = process.argv;
const options = which === 'firefox'
  ? { browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true }
  // The sandbox of Chromium does not start for root.
  : { executablePath: '/usr/bin/chromium', headless: true,
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] };

function say(value) {
  process.stdout.write(JSON.stringify(value) + '\n');
}

function placeOf(page, selector) {
  return page.evaluate(wanted => {
    const box = document.querySelector(wanted).getBoundingClientRect();
    return { x: box.x + window.scrollX, y: box.y + window.scrollY,
             width: box.width, height: box.height };
  }, selector);
}

async function openPage(page) {
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 20000 });
  await page.waitForFunction(
    () => document.images.length > 0 && document.images[0].naturalWidth > 0, { timeout: 20000 });
  return { clip: await placeOf(page, 'img') };
}

async function openForVerdict(page) {
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 20000 });
  await page.waitForFunction(() => document.title !== '', { timeout: 20000 });
  return { clip: await placeOf(page, 'iframe'), verdict: await page.title() };
}

// Each part of a stream that is the page itself is a new document, so the visit never ends.
async function openStream(page) {
  page.goto(url, { timeout: 0 }).catch(() => {});
  await new Promise(resolve => setTimeout(resolve, 3000));
  return { clip: { x: 0, y: 0, width: 800, height: 800 } };
}

async function main() {
  const browser = await puppeteer.launch(options);
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 800, height: 800 });
    const open = { whole: openStream, verdict: openForVerdict }[how] || openPage;
    const opened = await open(page);
    say({ ready: await browser.version(), agent: await browser.userAgent(), ...opened });
    for await (const _ of readline.createInterface({ input: process.stdin })) {
      const started = Date.now();
      const png = await page.screenshot({ clip: opened.clip, encoding: 'base64' });
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

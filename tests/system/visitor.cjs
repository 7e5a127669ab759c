// One headless browser that does what it is told, for test_logins_in_browsers.py:
//
//     node visitor.cjs chromium|firefox '{"hosts": {"camera.lan": "127.0.0.1"}, "script": false}'
//
// Each line on its standard input is a JSON list, ["goto", URL], and is answered by one on its
// standard output: {"value": ...}, or {"error": ...}. Ends at the end of input.
//
// `hosts` are names that the browser resolves so; `script: false` turns JavaScript off, in
// Chromium.
'use strict';
const readline = require('readline');
const puppeteer = require('puppeteer-core');

const [, , which, words] = process.argv;
const settings = { hosts: {}, ...JSON.parse(words || '{}') };

const options = which === 'firefox'
  ? { browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true,
      extraPrefsFirefox: {
        'network.dns.localDomains': Object.keys(settings.hosts).join(',') } }
  // The sandbox of Chromium does not start for root.
  : { executablePath: '/usr/bin/chromium', headless: true,
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu',
             '--host-resolver-rules=' + Object.entries(settings.hosts)
               .map(([name, address]) => `MAP ${name} ${address}`).join(',')] };

function say(value) {
  process.stdout.write(JSON.stringify(value) + '\n');
}

const pages = {};
let browser;
let page;
const complaints = [];

async function newPage() {
  const opened = await browser.newPage();
  opened.on('console', message => {
    if (message.type() === 'error')
      complaints.push(message.text());
  });
  opened.on('pageerror', error => complaints.push(String(error)));
  opened.on('dialog', dialog => dialog.dismiss());
  await opened.setViewport({ width: 800, height: 800 });
  if (which === 'chromium')
    await opened.setJavaScriptEnabled(settings.script !== false);
  return opened;
}

const deeds = {
  // The status of what came.
  async goto(url) {
    const answer = await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 20000 });
    return answer && answer.status();
  },
  async tab(name) {
    page = pages[name] = pages[name] || await newPage();
    await page.bringToFront();
  },
  async fill(selector, text) {
    await page.$eval(selector, field => { field.value = ''; });
    await page.type(selector, text);
  },
  // A click that leads to another page, awaited.
  async follow(selector) {
    await Promise.all([page.waitForNavigation({ waitUntil: 'domcontentloaded', timeout: 20000 }),
                       page.click(selector)]);
  },
  async evaluate(expression) { return page.evaluate(expression); },
  async until(expression, ms) {
    await page.waitForFunction(expression, { timeout: ms || 10000 });
  },
  async text() { return page.$eval('body', body => body.innerText); },
  async url() { return page.url(); },
  async shot(selector) {
    const shown = selector ? await page.$(selector) : page;
    return shown.screenshot({ encoding: 'base64' });
  },
  async complaints() { return complaints.splice(0); },
};

async function main() {
  browser = await puppeteer.launch(options);
  try {
    await deeds.tab('first');
    say({ value: await browser.version() });
    for await (const line of readline.createInterface({ input: process.stdin })) {
      const [deed, ...details] = JSON.parse(line);
      try {
        say({ value: await deeds[deed](...details) });
      } catch (error) {
        say({ error: `${deed}: ${error}` });
      }
    }
  } finally {
    await browser.close();
  }
}

main().catch(error => {
  say({ error: String(error && error.stack || error) });
  process.exit(1);
});

// Drives one headless browser for test_page.py.
//
//     node page.cjs chromium|firefox
//
// Answers each line on its standard input, a JSON object, with a line of JSON:
//
//     {"do": "fresh"}                   a page of nobody's, which remembers nothing of those before
//     {"do": "goto", "url": ..., "width": 800, "height": 600, "scripts": true}
//     {"do": "eval", "script": ...}     {"value": what it says}
//     {"do": "load", "path": ...}       that script file, into the page
//     {"do": "press", "key": "c"}       as a finger does it
//     {"do": "scheme", "name": "dark"}  of Chromium: the colours that are preferred
//     {"do": "wheel", "x": 1, "y": 1, "by": -300}
//     {"do": "downloads", "folder": ...}  of Chromium: where files are saved
//     {"do": "slow", "times": 6}        of Chromium: as if the processor were so much slower
//     {"do": "heard"}                   {"errors": [...], "requests": [...]}: since the last time
//
// Ends at the end of input.
'use strict';
const fs = require('fs');
const readline = require('readline');
const puppeteer = require('puppeteer-core');

const which = process.argv[2];
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
    let context;
    let page;
    let errors = [];
    let requests = [];
    const doing = {
      async fresh() {
        await context?.close();
        context = await browser.createBrowserContext();
        page = await context.newPage();
        errors = [];
        requests = [];
        page.on('console', message => {
          if (message.type() === 'error')
            errors.push(`${message.text()} ${message.location().url || ''}`);
        });
        page.on('pageerror', error => errors.push(String(error)));
        page.on('request', request => requests.push(request.url()));
        return {};
      },
      async goto({ url, width = 800, height = 600, scripts = true }) {
        await page.setViewport({ width, height });
        if (!scripts)
          await page.setJavaScriptEnabled(false);  // Chromium alone can do that
        await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 20000 });
        return {};
      },
      async eval({ script }) {
        // A page that is being left says nothing.
        const isLeft = error => /context was destroyed|Cannot find context/.test(String(error));
        return { value: await page.evaluate(script).catch(error => {
          if (!isLeft(error))
            throw error;
          return null;
        }) };
      },
      // By the debugger, which the page's Content-Security-Policy does not concern.
      async load({ path }) {
        await page.evaluate(fs.readFileSync(path, 'utf8'));
        return {};
      },
      async press({ key }) {
        await page.keyboard.press(key);
        return {};
      },
      async scheme({ name }) {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: name }]);
        return {};
      },
      async wheel({ x, y, by }) {
        await page.mouse.move(x, y);
        await page.mouse.wheel({ deltaY: by });
        return {};
      },
      async downloads({ folder }) {
        const session = await page.createCDPSession();
        await session.send('Browser.setDownloadBehavior',
          { behavior: 'allow', downloadPath: folder, browserContextId: context.id });
        return {};
      },
      async slow({ times }) {
        await page.emulateCPUThrottling(times);
        return {};
      },
      async heard() {
        const told = { errors, requests };
        errors = [];
        requests = [];
        return told;
      },
    };
    say({ ready: await browser.version() });
    for await (const line of readline.createInterface({ input: process.stdin })) {
      const what = JSON.parse(line);
      say(await doing[what.do](what));
    }
  } finally {
    await browser.close();
  }
}

main().catch(error => {
  say({ error: String(error && error.stack || error) });
  process.exit(1);
});

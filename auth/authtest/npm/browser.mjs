// The system browser of a test: what xdg-open runs there. It opens the address
// in a real Chromium, plays the person's part at the provider's page, and says
// what it saw.
//
//	node browser.mjs SETTINGS.json ADDRESS
//
// The settings:
//
//	chromium  the browser's program
//	does      "sign in"; "cancel" at the provider's page; "wait" until killed,
//	          like a person who walked away; "nothing", when no browser opens
//	login, password
//	state     file that keeps the cookies from one opening to the next
//	log       file that gets one JSON line for each thing seen: {event: "opened",
//	          address} without what is secret or random in it, {event: "page",
//	          title}, {event: "ended", address, title, text} and {event: "failed",
//	          error}
//	shot      file for a picture of the page that the sign-in ended on, or none
//	window    true for a browser with a window on the test's screen

import { appendFileSync, existsSync, readFileSync } from 'node:fs';

import { chromium } from 'playwright-core';

const [, , file, address] = process.argv;
const settings = JSON.parse(readFileSync(file, 'utf8'));
const log = (event, more) => appendFileSync(settings.log, `${JSON.stringify({ event, ...more })}\n`);

const MAX_PAGES = 6;

// A page that asks something has a form; the one at the end has none.
async function answer(page) {
  const form = page.locator('form').first();
  if (await form.count() === 0) return false;
  log('page', { title: await page.title() });
  if (settings.does === 'wait') {
    await new Promise(() => {});
  }
  if (settings.does === 'cancel') {
    await Promise.all([page.waitForNavigation(), page.getByText('Cancel').first().click()]);
    return true;
  }
  const password = form.locator('input[type=password]');
  if (await password.count() > 0) {
    await form.locator('input:not([type]), input[type=text], input[type=email]').first().fill(settings.login);
    await password.fill(settings.password);
  }
  await Promise.all([page.waitForNavigation(), page.locator('button[type=submit]').first().click()]);
  return true;
}

async function main() {
  const plain = new URL(address);
  for (const name of ['state', 'nonce', 'code_challenge']) plain.searchParams.delete(name);
  log('opened', { address: plain.href });
  if (settings.does === 'nothing') {
    process.exit(3);
  }
  const browser = await chromium.launch({
    executablePath: settings.chromium,
    headless: !settings.window,
    chromiumSandbox: false, // it refuses to run as root otherwise
    args: [
      '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      // Nothing outside of this machine, such as the fonts of a page.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
  try {
    const context = await browser.newContext(existsSync(settings.state) ? { storageState: settings.state } : {});
    const page = await context.newPage();
    await page.goto(address);
    for (let pages = 0; pages < MAX_PAGES && await answer(page); pages += 1);
    const { origin, pathname } = new URL(page.url());
    if (settings.shot) await page.screenshot({ path: settings.shot });
    await context.storageState({ path: settings.state });
    log('ended', { address: origin + pathname, title: await page.title(), text: await page.locator('body').innerText() });
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  log('failed', { error: String(error) });
  process.exit(1);
});

// A person at a browser: signing in, reading, writing. Everything is found by role and name, as a screen reader would.
import { chromium } from 'playwright-core';
import { execSync } from 'node:child_process';
import { createInterface } from 'node:readline';

const executablePath = execSync(`command -v "${process.env.CHROMIUM ?? 'chromium'}"`).toString().trim();
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Prints a finding. */
export const found = (name, value) => console.log(`${name}: ${value}`);

/** Asks the test to do something outside the browser, and waits until it is done. */
export async function ask(question) {
  console.log(`? ${question}`);
  return (await answers.next()).value;
}

/** Names a step, so that a failure says where it was. */
export async function step(name, act) {
  try {
    const result = await act();
    found(`step ${name}`, 'done');
    return result;
  } catch (problem) {
    found(`step ${name}`, `failed: ${String(problem.message ?? problem).replaceAll('\n', ' | ')}`);
    throw problem;
  }
}

/** A browser of one's own. `rules` lead a host name to another port, where a line can be cut. */
export async function launch(rules) {
  const args = ['--no-sandbox', '--disable-dev-shm-usage'];
  if (rules) args.push(`--host-resolver-rules=${rules}`);
  return chromium.launch({ executablePath, args });
}

export class Person {
  constructor(name, page) {
    this.name = name;
    this.page = page;
    this.problems = [];
    this.excused = false;
    page.setDefaultTimeout(30_000);
    const note = (text) => this.excused || this.problems.push(text);
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && note(`console: ${message.text()}`));
    page.on('pageerror', (problem) => note(`page error: ${problem.message}`));
    page.on('requestfailed', (request) => note(`failed: ${request.method()} ${request.url()} ${request.failure()?.errorText}`));
    page.on('response', (response) => response.status() >= 400 && note(`${response.status()} ${response.url()}`));
  }

  static async at(browser, name, size = { width: 1440, height: 900 }) {
    const context = await browser.newContext({ viewport: size, deviceScaleFactor: 1.5, colorScheme: 'light' });
    return new Person(name, await context.newPage());
  }

  async signIn(base, username, password) {
    const { page } = this;
    await page.goto(`${base}/sign-in`);
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/chats/, { waitUntil: 'commit' });
    await this.list().waitFor();
  }

  list() { return this.page.getByRole('navigation', { name: 'Conversations' }).or(this.page.getByRole('region', { name: 'Conversations' })).first(); }
  row(name) { return this.page.locator('a[data-conversation-id]').filter({ hasText: name }); }
  composer() { return this.page.getByRole('textbox', { name: /^Message / }); }
  message(text) { return this.page.locator('article').filter({ hasText: text }); }

  async newDirect(name) {
    const { page } = this;
    await page.getByRole('link', { name: 'New conversation' }).or(page.getByRole('button', { name: 'New conversation' })).first().click();
    await page.getByLabel('People', { exact: true }).or(page.getByRole('combobox', { name: 'People' })).first().fill(name.slice(0, 4));
    // The list is asked for anew with every letter; a click on a line that is about to go would be lost.
    await page.getByText('Rita Root').waitFor({ state: 'hidden' });
    await page.locator('form').getByText(name, { exact: true }).first().click();
    await page.getByRole('button', { name: `Remove ${name}` }).waitFor();
    await page.getByRole('button', { name: 'Open direct message' }).click();
    await page.waitForURL(/\/chats\/[0-9a-f-]{36}/, { waitUntil: 'commit' });
    await this.composer().waitFor();
  }

  async say(text) {
    await this.composer().fill(text);
    await this.composer().press('Enter');
  }

  async sees(text) { await this.message(text).last().waitFor({ state: 'visible' }); }
  async seesNot(text) { await this.message(text).first().waitFor({ state: 'hidden' }); }

  /** Opens the actions of a message and takes one. */
  async act(text, action) {
    const message = this.message(text).last();
    await message.hover();
    const direct = message.getByRole('button', { name: action, exact: true });
    if (await direct.count()) return direct.first().click();
    await message.getByRole('button', { name: /^(More|Actions)/ }).first().click();
    await this.page.getByRole('menuitem', { name: action }).click();
  }

  /** What the timeline says, in order. */
  async texts(pattern) {
    const all = await this.page.locator('article').allInnerTexts();
    return all.map((text) => text.match(pattern)?.[0]).filter(Boolean);
  }

  /** Pictures in light and dark, wide and narrow. */
  async pictures(name) {
    const { page } = this;
    for (const [width, height] of [[1440, 900], [380, 800]]) {
      await page.setViewportSize({ width, height });
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}-${width}-${colorScheme}.png` });
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wider > 0) this.problems.push(`${name} at ${width} px scrolls sideways by ${wider} px`);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
  }
}

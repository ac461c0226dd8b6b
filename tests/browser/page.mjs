// A person at a browser: signing in, reading, writing. Everything is found by role and name, as a screen reader would.
import { chromium } from 'playwright-core';
import { execSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const executablePath = execSync(`command -v "${process.env.CHROMIUM ?? 'chromium'}"`).toString().trim();
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Prints a finding. */
export const found = (name, value) => console.log(`${name}: ${value}`);

/** Asks the test to do something outside the browser, and waits until it is done. */
export async function ask(question) {
  console.log(`? ${question}`);
  return (await answers.next()).value;
}

/** Ends a script: says what went wrong for whom, and closes everything. */
export async function finish(people, browsers) {
  for (const person of people) {
    found(`problems of ${person.name}`, JSON.stringify(person.problems));
    if (person.problems.length > 0) process.exitCode = 1;
  }
  for (const browser of browsers) await browser.close();
  process.stdin.destroy();
}

/** Runs the steps of a script; a failure leaves a picture of everybody's page. */
export async function play(people, browsers, acts) {
  try {
    await acts();
  } catch {
    for (const person of people) {
      await person.page.screenshot({ path: `${process.env.SCREENSHOTS}/failed-${person.name}.png` }).catch(() => {});
    }
    process.exitCode = 1;
  } finally {
    await finish(people, browsers);
  }
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

/** A browser of one's own. `rules` lead a host name to another port, where a line can be cut; `more` are its own arguments. */
export async function launch(rules, more = []) {
  const args = ['--no-sandbox', '--disable-dev-shm-usage', ...more];
  if (rules) args.push(`--host-resolver-rules=${rules}`);
  return chromium.launch({ executablePath, args });
}

/** What was copied. */
export const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

/** Something is not there any more, in no field and in no text. */
export const gone = (page, secret) => page.evaluate((secret) => {
  const typed = [...document.querySelectorAll('input, textarea')].some((one) => one.value.includes(secret));
  return !typed && !document.documentElement.outerHTML.includes(secret);
}, secret);

/** The focus is on what has this label, or says this. */
export async function focused(page, name) {
  await page.waitForFunction((name) => {
    const one = document.activeElement;
    return (one?.labels?.[0]?.textContent ?? one?.textContent ?? '').trim() === name;
  }, name);
}

export class Person {
  constructor(name, page) {
    this.name = name;
    this.page = page;
    this.problems = [];
    this.excused = false;
    this.broken = false;
    page.setDefaultTimeout(30_000);
    const note = (text) => this.excused || this.problems.push(text);
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && note(`console: ${message.text()}`));
    // A page that fails is never excused by a cut line.
    page.on('pageerror', (problem) => this.broken || this.problems.push(`page error: ${problem.message} at ${problem.stack?.split('\n').slice(0, 4).join(' | ')}`));
    // Whoever goes on to another page leaves answers behind that are still on their way; a line that fails says otherwise.
    const dropped = (request) => request.failure()?.errorText === 'net::ERR_ABORTED';
    page.on('requestfailed', (request) => dropped(request) || note(`failed: ${request.method()} ${request.url()} ${request.failure()?.errorText}`));
    page.on('response', (response) => response.status() >= 400 && note(`${response.status()} ${response.url()}`));
  }

  static async at(browser, name, size = { width: 1440, height: 900 }, more = {}) {
    const context = await browser.newContext({ viewport: size, deviceScaleFactor: 1.5, colorScheme: 'light', ...more });
    const person = new Person(name, await context.newPage());
    person.motion = more.reducedMotion ?? 'no-preference';
    return person;
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

  /** Signs in on the way to the console. Nobody is signed in at first, so the first questions are refused. */
  async enterConsole(base, username, password) {
    const { page } = this;
    await this.refused(async () => {
      await page.goto(`${base}/console`);
      await page.waitForURL(/\/sign-in\?to=/, { waitUntil: 'commit' });
      await page.getByLabel('Username').fill(username);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.waitForURL(/\/console$/, { waitUntil: 'commit' });
      await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
    });
  }

  /** Does something that the server or the line is meant to refuse. */
  async refused(act) {
    this.excused = true;
    await act();
    this.excused = false;
  }

  /** The line was mended: the client comes back by itself, after its longest wait between two attempts (30 s) at the latest. */
  async back() {
    await this.page.getByText('You are offline.').first().waitFor({ state: 'hidden', timeout: 120_000 });
  }

  list() { return this.page.getByRole('navigation', { name: 'Conversations' }).or(this.page.getByRole('region', { name: 'Conversations' })).first(); }
  row(name) {
    const title = this.page.locator('.row-title').getByText(name, { exact: true });
    return this.page.locator('a[data-conversation-id]').filter({ has: title });
  }
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

  /** Presses a button that is there while the pointer is on its message. What arrives meanwhile moves the list under the pointer, which then goes there again. */
  async reach(message, button) {
    for (let tries = 1; ; tries += 1) {
      await message.hover();
      try {
        return await button.click({ timeout: tries < 5 ? 3_000 : 30_000 });
      } catch (problem) {
        if (tries === 5) throw problem;
      }
    }
  }

  /** Opens the actions of a message and takes one. */
  async act(text, action) {
    const message = this.message(text).last();
    await message.hover();
    const direct = message.getByRole('button', { name: action, exact: true });
    if (await direct.count()) return this.reach(message, direct.first());
    await this.reach(message, message.getByRole('button', { name: /^(More|Actions)/ }).first());
    await this.page.getByRole('menuitem', { name: action }).click();
  }

  /** What the timeline says, in order. */
  async texts(pattern) {
    const all = await this.page.locator('article').allInnerTexts();
    return all.map((text) => text.match(pattern)?.[0]).filter(Boolean);
  }

  /** An automated check finds nothing to say about the page as it stands. */
  async accessible(name) {
    const { page } = this;
    // What still fades in has no colours of its own yet; a spinner never ends.
    await page.evaluate(() => Promise.all(document.getAnimations()
      .filter((one) => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity)
      .map((one) => one.finished.catch(() => {}))));
    // Through the debugger: the page's own policy lets no other script in. Frames let none in at all.
    await page.evaluate(`${axe}; undefined`);
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'], iframes: false }));
    for (const one of found.violations) {
      const where = one.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(', ');
      this.problems.push(`axe: ${name}: ${one.id}: ${where}`);
    }
  }

  /** A message gets the focus as if one had walked there, and then a key. */
  async keyOn(text, key) {
    await this.message(text).last().focus();
    await this.page.keyboard.press(key);
  }

  /** Pictures in light and dark, wide and narrow. */
  async pictures(name) {
    const { page } = this;
    const size = page.viewportSize();
    for (const [width, height] of [[1440, 900], [380, 800]]) {
      await page.setViewportSize({ width, height });
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}-${width}-${colorScheme}.png` });
        await this.accessible(`${name} at ${width} px, ${colorScheme}`);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wider > 0) this.problems.push(`${name} at ${width} px scrolls sideways by ${wider} px`);
      }
    }
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: this.motion });
    // The page hears of its size with the next frame, and a menu that is opened before would be closed by it.
    await page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))));
  }
}

// What people are told: how far their messages have got, what an answer answers, sounds and notifications, being away, and that the page has
// stopped. Ada works at her desk, Bela on a phone behind a line that is cut.
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, LINE, PASSWORD } = process.env;
const browsers = [await launch(), await launch(`MAP ${new URL(BASE).host} ${LINE}`)];
const ada = await Person.at(browsers[0], 'ada', undefined, { permissions: ['notifications'] });
const bela = await Person.at(browsers[1], 'bela', { width: 380, height: 800 }, { hasTouch: true, isMobile: true });
const keys = ada.page.keyboard;

// Counts sounds and notifications, and lets a test hide the page as if another tab were in front.
await ada.page.addInitScript(() => {
  globalThis.heard = { tones: 0, shown: [] };
  const tone = BaseAudioContext.prototype.createOscillator;
  BaseAudioContext.prototype.createOscillator = function counted() {
    globalThis.heard.tones += 1;
    return tone.call(this);
  };
  const Real = globalThis.Notification;
  globalThis.Notification = class extends Real {
    constructor(title, options) {
      super(title, options);
      globalThis.heard.shown.push(`${title}: ${options.body}`);
    }
  };
  let hidden = false;
  Object.defineProperty(document, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
  globalThis.hide = (on) => {
    hidden = on;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  };
});
const heard = (name) => ada.page.evaluate((name) => globalThis.heard[name], name);
const until = (test, value) => ada.page.waitForFunction(test, value);
const receipt = (text) => ada.message(text).last().locator('.message-receipt');
async function tells(text) {
  await bela.composer().fill(text);
  await bela.page.getByRole('button', { name: 'Send', exact: true }).tap();
  await bela.sees(text);
}

await play([ada, bela], browsers, async () => {
  await step('both sign in and talk', async () => {
    await ada.signIn(BASE, 'ada', PASSWORD);
    await bela.signIn(BASE, 'bela', PASSWORD);
    await ada.newDirect('Bela Test');
    await ada.say('First');
    await receipt('First').getByText('Delivered').waitFor();
    await ada.row('Bela Test').getByText('Delivered').waitFor({ state: 'attached' });
  });
  await step('a direct message is sent, delivered, read', async () => {
    await bela.row('Ada Test').tap();
    await bela.sees('First');
    await receipt('First').getByText('Read').waitFor();
    bela.excused = true;
    await ask('cut');
    await bela.page.getByText('You are offline.').first().waitFor();
    await ada.say('Second');
    await receipt('Second').getByText('Sent').waitFor();
    await receipt('First').getByText('Read').waitFor();
    await ada.pictures('02-receipts');
    await ask('mend');
    await bela.back();
    await bela.sees('Second');
    await receipt('Second').getByText('Read').waitFor();
    await receipt('First').waitFor({ state: 'detached' });
    bela.excused = false;
  });
  await step('who has read a message of a group is shown by name, by mouse and by key', async () => {
    await ada.row('Rates desk').click();
    await ada.say('To everybody');
    await receipt('To everybody').getByText('Delivered to 1 of 2').waitFor();
    await bela.page.getByRole('link', { name: 'Back' }).tap();
    await bela.row('Rates desk').tap();
    await bela.sees('To everybody');
    await receipt('To everybody').getByText('Read by 1 of 2').click();
    const dialog = ada.page.getByRole('dialog');
    await dialog.getByText('Bela Test').waitFor();
    await dialog.getByText('Not delivered yet').waitFor();
    await dialog.getByText('Cleo Test').waitFor();
    await ada.pictures('02-readers');
    await keys.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await ada.keyOn('To everybody', 'i');
    await dialog.getByText('Bela Test').waitFor();
    await keys.press('Escape');
  });
  await step('an answer shows what it answers, also when that is far up', async () => {
    // However much comes at once, whoever stands at the end follows and has read it.
    await ask('much');
    await ada.sees('answer to the first');
    await until(() => !document.title.startsWith('('));
    await ada.page.reload();
    await ada.row('Rates desk').waitFor();
    await ada.sees('answer to the first');
    const quote = ada.message('answer to the first').getByRole('button', { name: 'where it began' });
    await quote.waitFor();
    if (await ada.message('where it began').filter({ hasNotText: 'answer' }).count()) throw new Error('it is loaded');
    await ada.pictures('02-quote');
    await ask('change');
    await ada.message('answer to the first').getByRole('button', { name: 'changed meanwhile' }).click();
    await ada.page.waitForFunction(() => document.activeElement?.textContent.includes('changed meanwhile'));
  });
  await step('who may not write is not offered to answer', async () => {
    await bela.page.goto(`${BASE}/chats`);
    await bela.row('House news').tap();
    await bela.message('The lift works').tap();
    await bela.message('The lift works').getByRole('button', { name: 'More' }).tap();
    await bela.page.getByRole('menuitem', { name: 'Copy text' }).waitFor();
    found('answers offered', await bela.page.getByRole('menuitem', { name: 'Reply' }).count());
    await bela.page.keyboard.press('Escape');
  });
  await step('targets for a finger are large enough', async () => {
    const small = async (name) => {
      const found = await bela.page.evaluate(() => [...document.querySelectorAll('button, a[href], input, textarea, [role=option]')]
        .filter((one) => one.checkVisibility() && getComputedStyle(one).opacity !== '0' && one.offsetParent)
        // Links inside sentences and what is for the keyboard alone need no finger.
        .filter((one) => !one.closest('.message-text, .skip-link, .sr-only') && one.type !== 'checkbox')
        // A radio button is pressed by its line.
        .map((one) => (one.type === 'radio' ? one.closest('label') : one))
        .map((one) => [one.getBoundingClientRect(), one.getAttribute('aria-label') ?? one.textContent])
        .filter(([box]) => box.width > 0 && box.height > 0 && (Math.round(box.height) < 44 || Math.round(box.width) < 44))
        .map(([box, text]) => `${text.trim()} ${Math.round(box.width)}x${Math.round(box.height)}`));
      if (found.length > 0) bela.problems.push(`small on ${name}: ${found.join('; ')}`);
    };
    const places = [
      ['/chats', async () => bela.row('Rates desk').waitFor()],
      ['/chats/new', async () => bela.page.getByRole('button', { name: /^Cleo Test/ }).waitFor()],
      ['/chats/join', async () => bela.page.getByText('No open groups').waitFor()],
      ['/people', async () => bela.page.getByRole('link', { name: /Cleo Test/ }).waitFor()],
      ['/settings/notifications', async () => bela.page.getByRole('switch').first().waitFor()],
      ['/settings/devices', async () => bela.page.getByText('This device').first().waitFor()],
    ];
    for (const [path, there] of places) {
      await bela.page.goto(`${BASE}${path}`);
      await there();
      await small(path);
    }
    await bela.page.goto(`${BASE}/people`);
    await bela.page.getByRole('link', { name: /Cleo Test/ }).tap();
    await bela.page.getByRole('heading', { name: 'Your lists' }).waitFor();
    await small('a person');
    await bela.page.goto(`${BASE}/chats`);
    await bela.row('Rates desk').tap();
    await bela.sees('answer to the first');
    await bela.message('answer to the first').tap();
    await small('a conversation');
    await bela.page.screenshot({ path: `${process.env.SCREENSHOTS}/03-phone-targets.png` });
    await bela.page.getByRole('button', { name: 'Show details' }).tap();
    await bela.page.getByRole('switch', { name: 'Pin to the top' }).waitFor();
    await small('details');
    await bela.page.getByRole('link', { name: 'Ada Test' }).waitFor();
    await bela.page.getByRole('button', { name: 'Close' }).tap();
  });
  await step('a sound and a notification come, and not when they are switched off', async () => {
    await ada.page.goto(`${BASE}/settings/notifications`);
    await ada.page.getByRole('switch', { name: 'Show a notification on the desktop' }).click();
    await ada.page.waitForFunction(() => document.querySelector('[aria-labelledby=set-desktop]').ariaChecked === 'true');
    await ada.page.goto(`${BASE}/chats`);
    await ada.row('Bela Test').click();
    await ada.composer().waitFor();
    await tells('Heard by Ada');
    await until(() => globalThis.heard.tones > 0);
    await until(() => document.title.startsWith('(1)'));
    if ((await heard('shown')).length) throw new Error('a notification although the page is in front');
    await ada.page.evaluate(() => globalThis.hide(true));
    await tells('While she is away');
    await until(() => globalThis.heard.shown.length === 1);
    found('notification', (await heard('shown'))[0]);
    await ada.page.evaluate(() => globalThis.hide(false));
    await ada.page.goto(`${BASE}/settings/notifications`);
    await ada.page.getByRole('switch', { name: 'Play a sound' }).click();
    await ada.page.getByRole('switch', { name: 'Show the text of the message in it' }).click();
    await ada.page.evaluate(() => globalThis.hide(true));
    await tells('Without a sound');
    await until(() => globalThis.heard.shown.length === 1);
    found('silent', `${await heard('tones')} ${(await heard('shown'))[0]}`);
    await until(() => document.title.startsWith('(3)'));
    await ada.page.evaluate(() => globalThis.hide(false));
  });
  await step('who does nothing for long is away, until the next movement', async () => {
    await bela.page.goto(`${BASE}/people`);
    const line = bela.page.getByRole('link', { name: /Ada Test/ });
    await line.getByText('available').waitFor({ state: 'attached' });
    await ada.page.getByRole('group', { name: 'Away' }).getByRole('button', { name: '5 min' }).click();
    ada.excused = true;
    await ada.page.evaluate(() => {
      const now = Date.now;
      Date.now = () => now() + 6 * 60_000;
    });
    await line.getByText('away').waitFor({ state: 'attached' });
    await ada.page.mouse.move(300, 300);
    await line.getByText('available').waitFor({ state: 'attached' });
  });
  await step('a page that has stopped says so, and can be loaded again', async () => {
    await ada.page.goto(`${BASE}/chats`);
    await ada.row('Rates desk').click();
    await ada.sees('answer to the first');
    ada.broken = true;
    // The next element cannot be made, once.
    await ada.page.evaluate(() => {
      const make = Document.prototype.createElement;
      Document.prototype.createElement = function once() {
        Document.prototype.createElement = make;
        throw new Error('with a secret');
      };
    });
    await tells_in_group();
    await ada.page.getByRole('heading', { name: 'This page has stopped working' }).waitFor();
    found('secrets shown', (await ada.page.locator('body').innerText()).split('secret').length - 1);
    await ada.pictures('stopped');
    await ada.page.getByRole('button', { name: 'Reload' }).click();
    await ada.sees('answer to the first');
    ada.excused = false;
    ada.broken = false;
  });
});

async function tells_in_group() {
  await bela.page.goto(`${BASE}/chats`);
  await bela.row('Rates desk').tap();
  await tells('This breaks the page');
}

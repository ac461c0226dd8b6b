// The policy text: it stands in front of the chat until it is accepted, by mouse, by keyboard and on a phone; another version comes over
// what one reads; who declines is signed out. Officers write it, one of them agrees, and both see who accepted.
import { Hand } from './hand.mjs';
import { Person, ask, focused, found, launch, play, step } from './page.mjs';
import { box, button, dialog, region, text, toast } from './parts.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch()];
const at = (name, size = { width: 1440, height: 900 }, more = {}) => Person.at(browsers[0], name, size, { reducedMotion: 'reduce', locale: 'en-US', ...more });
const [ada, bela, cleo, olga, lena] = [await at('ada'), await at('bela'), await at('cleo', { width: 380, height: 800 }, { hasTouch: true, isMobile: true }), await at('olga'), await at('lena')];

const TITLE = 'Acceptable use policy';
const AGREE = /^I have read this policy and I accept it/;
const shown = (page, title = TITLE) => dialog(page, title);
const accept = (page) => button(page, 'Accept and continue');
const next = (page) => button(page, 'Next section');
const agree = (page) => page.getByRole('checkbox', { name: AGREE });
const opened = (page, words) => page.getByText(words, { exact: true }).waitFor();
const closed = (page) => page.locator('dialog.policy').waitFor({ state: 'detached' });

/** Presses Next until it is gone. What comes into sight by it is opened with the frame after. */
async function readAll(page) {
  for (;;) {
    await page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))));
    if (!(await next(page).isVisible())) return;
    await next(page).click();
  }
}

/** Signs in and does not wait for a list that does not come. */
async function enter(hand, name) {
  const { page } = hand;
  await page.goto(`${BASE}/sign-in`);
  await hand.write(page.getByLabel('Username'), name);
  await hand.write(page.getByLabel('Password', { exact: true }), PASSWORD);
  await hand.press(button(page, 'Sign in'));
}

async function byMouse() {
  const { page } = ada;
  const hand = new Hand(ada, false);
  await step('the text stands in front of everything', async () => {
    await enter(hand, 'ada');
    await shown(page).waitFor();
    await page.waitForURL(/\/welcome\/policy$/);
    await page.getByText(/^[12] of 6 sections opened$/).waitFor();
    found('conversations behind it', await page.locator('a[data-conversation-id]').count());
    found('accept is asleep', `${await accept(page).isDisabled()} ${await agree(page).isDisabled()}`);
    await ada.pictures('06-policy');
  });
  await step('it goes away by an answer only', async () => {
    for (const key of ['Escape', 'Escape', 'Escape']) await page.keyboard.press(key);
    await page.mouse.click(8, 8);
    await shown(page).waitFor();
    found('modal still', await page.evaluate(() => document.querySelector('dialog.policy').matches(':modal')));
  });
  await step('reading on opens what is read', async () => {
    // In a low window, where little of it is seen.
    await page.setViewportSize({ width: 1440, height: 660 });
    await page.locator('#policy-text').hover();
    await page.mouse.wheel(0, 240);
    await page.getByText(/^[3-5] of 6 sections opened$/).waitFor();
  });
  await step('each section wakes up what is asked', async () => {
    await button(page.getByRole('navigation', { name: 'Sections' }), /6\. Your rights/).click();
    await readAll(page);
    await opened(page, '6 of 6 sections opened');
    await focused(page, 'I have read this policy and I accept it (available once every section has been opened)');
    await page.setViewportSize({ width: 1440, height: 900 });
    if (await accept(page).isEnabled()) throw new Error('accepted without a tick');
    await agree(page).locator('xpath=..').click();
    await ada.pictures('06-policy-read');
    await accept(page).click();
    await closed(page);
    await page.waitForURL(/\/chats/);
    await ada.list().waitFor();
  });
  await step('what was accepted can be read again', async () => {
    await page.goto(`${BASE}/policy`);
    await page.getByText(/^You accepted version 1 on /).waitFor();
    await page.getByRole('heading', { name: '6. Your rights' }).waitFor();
    await ada.pictures('06-policy-page');
    await page.emulateMedia({ media: 'print' });
    found('printed beside it', await page.locator('.spine').isVisible());
    await page.screenshot({ path: `${process.env.SCREENSHOTS}/06-policy-page-print.png`, fullPage: true });
    await page.emulateMedia({ media: 'screen' });
    await page.goto(`${BASE}/welcome/policy`);
    await page.waitForURL(/\/chats/);
  });
}

async function byKeyboard() {
  const { page } = bela;
  const hand = new Hand(bela, true);
  await step('the focus stays inside', async () => {
    await enter(hand, 'bela');
    await shown(page).waitFor();
    await page.getByText(/^[12] of 6 sections opened$/).waitFor();
    const seen = new Set();
    for (let steps = 0; steps < 30; steps += 1) {
      await page.keyboard.press('Tab');
      seen.add(await page.evaluate(() => (document.activeElement === document.body ? 'the browser' : String(document.querySelector('dialog.policy').contains(document.activeElement)))));
    }
    found('focus outside', seen.has('false'));
    await page.keyboard.press('Control+k');
    found('palette over it', await page.locator('.palette[open]').count());
  });
  await step('it is read and accepted by keyboard alone', async () => {
    await hand.reach(next(page));
    for (let section = 2; section <= 6; section += 1) {
      await page.keyboard.press('Enter');
      await page.getByText(new RegExp(`^[${section}-6] of 6 sections opened$`)).waitFor();
      if (!(await next(page).isVisible())) break;
    }
    await opened(page, '6 of 6 sections opened');
    await page.keyboard.press('Space');
    await hand.press(accept(page));
    await closed(page);
    await bela.list().waitFor();
  });
}

async function onAPhone() {
  const { page } = cleo;
  await step('it is a page on a phone', async () => {
    await enter(new Hand(cleo, false), 'cleo');
    await shown(page).waitFor();
    const rect = await page.locator('dialog.policy').boundingBox();
    found('covers the phone', `${rect.x} ${rect.y} ${rect.width} ${rect.height}`);
    await readAll(page);
    await agree(page).locator('xpath=..').click();
    await accept(page).click();
    await closed(page);
  });
}

async function another() {
  const { page } = ada;
  await step('another version comes over what one reads', async () => {
    const address = page.url();
    await ask('another');
    await shown(page, 'Acceptable use policy of spring').waitFor();
    found('address stays', page.url() === address);
    await ada.pictures('06-policy-another');
    await page.emulateMedia({ media: 'print' });
    found('printed under it', await page.locator('.shell').isVisible());
    await page.screenshot({ path: `${process.env.SCREENSHOTS}/06-policy-print.png`, fullPage: true });
    await page.emulateMedia({ media: 'screen' });
  });
  await step('one that comes while one reads is shown at once', async () => {
    await ask('yet another');
    await readAll(page);
    await agree(page).locator('xpath=..').click();
    await ada.refused(async () => {
      await accept(page).click();
      await shown(page, 'Acceptable use policy of summer').waitFor();
    });
    await page.getByText(/^Another version came into force/).waitFor();
    await page.getByText(/^[12] of 6 sections opened$/).waitFor();
  });
  await step('who declines is told whom to talk to, and is signed out', async () => {
    await button(page, 'Decline and sign out').click();
    await focused(page, 'Decline and sign out?');
    await page.getByText('help@example.com').waitFor();
    await ada.pictures('06-policy-decline');
    await button(page, 'Back').click();
    await accept(page).waitFor();
    await button(page, 'Decline and sign out').first().click();
    await button(page, 'Decline and sign out').last().click();
    await page.waitForURL(/\/sign-in/);
    await page.getByText(/^You did not accept the acceptable use policy/).waitFor();
    await ada.pictures('06-policy-declined');
  });
}

async function officers() {
  const { page } = olga;
  const hand = new Hand(olga, false);
  await step('an officer writes another version and sends it', async () => {
    await olga.enterConsole(BASE, 'olga', PASSWORD);
    await page.getByRole('link', { name: 'Acceptable use' }).click();
    await page.waitForURL(/\/console\/aup$/);
    await region(page, 'Who accepted it').getByText('Ada Test').waitFor();
    await olga.pictures('24-aup');
    await hand.write(text(page, 'Title'), 'Acceptable use policy of autumn');
    await button(page, 'Preview').click();
    await dialog(page, 'Preview').getByText('Acceptable use policy of autumn').waitFor();
    await dialog(page, 'Preview').getByRole('heading', { name: '6. Your rights' }).waitFor();
    await dialog(page, 'Preview').getByRole('listitem').filter({ hasText: /^no insults, no threats$/ }).waitFor();
    await olga.pictures('24-aup-preview');
    await button(dialog(page), 'Close').click();
    found('sent before it is saved', await button(page, 'Send for approval').isEnabled());
    await button(page, 'Save draft').click();
    await toast(page, 'Draft saved').waitFor();
    await button(page, 'Send for approval').click();
    const form = dialog(page, 'Send for approval');
    await hand.write(text(form, 'Why'), 'The chapter on rights is new.');
    await olga.pictures('24-aup-send');
    await button(form, 'Send for approval').click();
    await toast(page, 'Sent for approval').waitFor();
    await region(page, 'Approval').getByText('Second approval').waitFor();
    found('asker may agree', await button(page, 'Approve').count());
    await olga.pictures('24-aup-sent');
  });
  await step('the focus stays with the sections that move', async () => {
    const on = (wanted) => page.waitForFunction((wanted) => (document.activeElement?.ariaLabel ?? document.activeElement?.textContent) === wanted, wanted);
    await button(page, 'Add section').click();
    await on('Heading 7');
    await page.keyboard.type('Questions');
    await button(page, 'Move up 7').click();
    await on('Move up 6');
    await button(page, 'Move up 2').click();
    await on('Heading 1');
    await button(page, 'Remove 6').click();
    await on('Heading 6');
    found('what comes after what is removed', await text(page, 'Heading 6').inputValue());
    await button(page, 'Remove 6').click();
    await on('Add section');
  });
  await step('a lead sees what it changes, and agrees', async () => {
    const { page: other } = lena;
    await lena.enterConsole(BASE, 'lena', PASSWORD);
    await other.goto(`${BASE}/console/aup`);
    await region(other, 'Approval').getByText('Changed').first().waitFor();
    await lena.pictures('24-aup-approve');
    await button(other, 'Approve').click();
    await toast(other, 'Approved').waitFor();
    await other.getByRole('link', { name: 'Version 4' }).click();
    await other.getByText('Asked for by Olga Test, agreed to by Lena Test').waitFor();
    await lena.pictures('24-aup-version');
  });
}

await play([ada, bela, cleo, olga, lena], browsers, async () => {
  await byMouse();
  await byKeyboard();
  await onAPhone();
  await another();
  await officers();
});

// Officers sign in again before they read messages: by password, by keyboard and by mouse, and at a provider. Nothing typed is lost.
import { Hand } from './hand.mjs';
import { Person, ask, launch, play, step } from './page.mjs';

const { BASE, PASSWORD, COMPANY } = process.env;
const REASON = 'Case C-0142, price talk before the announcement';
const browsers = [await launch()];
const at = (name) => Person.at(browsers[0], name, { width: 1440, height: 900 }, { reducedMotion: 'reduce' });
const [olga, alice] = [await at('olga'), await at('alice')];

const button = (place, name) => place.getByRole('button', { name, exact: true });
const query = (page) => page.getByRole('textbox', { name: 'What to look for' });
const hits = (page) => page.getByRole('list', { name: 'Messages found' }).getByRole('listitem');
const dialog = (page) => page.getByRole('dialog', { name: 'Sign in again to read messages' });

const waits = (page) => dialog(page).getByText('Sign in in the window that has opened. This one waits.');

const stale = () => ask('stale');

/** Says why, once. */
async function begin(hand) {
  const { page } = hand;
  await page.goto(`${BASE}/console/search`);
  const why = page.getByRole('dialog', { name: 'Why are you searching?' });
  await hand.write(why.getByRole('textbox', { name: 'Reason' }), REASON);
  await hand.press(button(why, 'Go on'));
  await why.waitFor({ state: 'hidden' });
}

async function look(hand, words) {
  await hand.write(query(hand.page), words);
  await hand.keys.press('Enter');
}

async function finds(page, words) {
  await hits(page).first().locator('mark').filter({ hasText: words }).first().waitFor();
  if (!new RegExp(words).test(await query(page).inputValue())) throw new Error('what was typed is gone');
}

/** An officer with a password made here. */
async function byPassword(person, byKey, tag) {
  const { page } = person;
  const hand = new Hand(person, byKey);
  const password = dialog(page).getByLabel('Password', { exact: true });
  const pictures = (what) => (byKey ? person.accessible(`${tag}: ${what}`) : person.pictures(what));
  await step(`${tag}: a fresh sign-in finds`, async () => {
    await begin(hand);
    await look(hand, 'price');
    await finds(page, 'price');
  });
  await step(`${tag}: an old one asks first, and says what is missing`, async () => {
    await stale();
    await look(hand, 'Erlenhof');
    await dialog(page).waitFor();
    await pictures('22-confirm');
    await hand.press(button(dialog(page), 'Continue'));
    await dialog(page).getByText('Enter your password.').waitFor();
    await hand.write(password, 'not my password at all');
    await hand.keys.press('Enter');
    await dialog(page).getByText('This is not your password. Try again.').waitFor();
    await pictures('22-confirm-wrong');
  });
  await step(`${tag}: not now leaves everything as it is`, async () => {
    await hand.press(button(dialog(page), 'Not now'));
    await dialog(page).waitFor({ state: 'hidden' });
    await page.getByText('You have not signed in again, so no messages are shown.').waitFor();
    await pictures('22-confirm-not');
    if ((await query(page).inputValue()) !== 'Erlenhof') throw new Error('what was typed is gone');
  });
  await step(`${tag}: trying again asks again, and the right password goes on`, async () => {
    await hand.press(button(page, 'Try again'));
    await dialog(page).waitFor();
    await hand.write(password, PASSWORD);
    await hand.keys.press('Enter');
    await dialog(page).waitFor({ state: 'hidden' });
    await finds(page, 'Erlenhof');
  });
  await step(`${tag}: a message that is opened waits, too`, async () => {
    await stale();
    await hand.press(hits(page).first().getByRole('button'));
    await dialog(page).waitFor();
    await hand.write(password, PASSWORD);
    await hand.keys.press('Enter');
    await page.getByRole('complementary').getByText('2 members at the time').waitFor();
    if (byKey) await page.keyboard.press('Escape');
    else await button(page.getByRole('complementary'), 'Close').click();
    await page.getByRole('complementary').waitFor({ state: 'hidden' });
  });
}

/** npm oidc-provider: a form; and a question, for whoever was not the last to sign in. */
async function inTheWindow(window, login) {
  await window.waitForURL((url) => url.href.startsWith(COMPANY), { waitUntil: 'commit' });
  await window.locator('input[name=login]').fill(login);
  await window.locator('input[name=password]').fill('anything');
  await window.locator('button[type=submit]').click();
}

const consent = (window) => window.getByRole('button', { name: 'Continue' }).click();

await play([olga, alice], browsers, async () => {
  await step('officers come in', async () => {
    await olga.refused(async () => {
      const { page } = olga;
      await page.goto(`${BASE}/console`);
      await page.getByLabel('Username').fill('olga');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await button(page, 'Sign in with password').click();
      await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
    });
    await alice.refused(async () => {
      await alice.page.goto(`${BASE}/sign-in`);
      await button(alice.page, 'Continue with Company').click();
      await inTheWindow(alice.page, 'alice');
      await consent(alice.page);
      await alice.page.waitForURL(/\/chats$/, { waitUntil: 'commit' });
      await ask('an officer');
    });
  });
  await olga.refused(async () => {
    await byPassword(olga, false, 'by mouse');
    await byPassword(olga, true, 'by key');
  });
  await alice.refused(async () => {
    const { page } = alice;
    const hand = new Hand(alice, false);
    const opened = async () => {
      const waiting = page.waitForEvent('popup');
      await button(dialog(page), 'Continue with Company').click();
      return waiting;
    };
    await step('at a provider: somebody else there is nobody here', async () => {
      await begin(hand);
      await stale();
      await look(hand, 'Erlenhof');
      await dialog(page).waitFor();
      await alice.pictures('22-confirm-provider');
      const window = await opened();
      await waits(page).waitFor();
      await inTheWindow(window, 'eve');
      await consent(window);
      await window.getByText('You signed in there as somebody else.').waitFor();
      const closed = window.waitForEvent('close');
      await button(window, 'Close this window').click();
      await closed;
      await waits(page).waitFor({ state: 'hidden' });
    });
    await step('at a provider: oneself goes on, and the window closes by itself', async () => {
      const window = await opened();
      const closed = window.waitForEvent('close');
      await inTheWindow(window, 'alice');
      // The provider forgot that she agreed when somebody else signed in.
      await consent(window);
      await closed;
      await dialog(page).waitFor({ state: 'hidden' });
      await finds(page, 'Erlenhof');
    });
  });
});

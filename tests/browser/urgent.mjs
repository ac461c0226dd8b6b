// Urgent messages: Ada sends one at her desk, Bela acknowledges it by mouse and Cleo on a phone, Dana has not yet; rules that hold one
// back keep it urgent. Olive reads it as an officer.
import { Person, ask, found, launch, play, step } from './page.mjs';
import { button, dialog, text } from './parts.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch()];
const ada = await Person.at(browsers[0], 'ada');
const bela = await Person.at(browsers[0], 'bela', undefined, { permissions: ['notifications'] });
const cleo = await Person.at(browsers[0], 'cleo', { width: 380, height: 800 }, { hasTouch: true, isMobile: true });
const dana = await Person.at(browsers[0], 'dana');
const olive = await Person.at(browsers[0], 'olive', { width: 1440, height: 900 }, { reducedMotion: 'reduce' });
const people = [ada, bela, cleo, dana, olive];

// Notes notifications, and lets the script hide the page as if another tab were in front.
await bela.page.addInitScript(() => {
  globalThis.shown = [];
  const Real = globalThis.Notification;
  globalThis.Notification = class extends Real {
    constructor(title, options) {
      super(title, options);
      globalThis.shown.push(`${title}: ${options.body}`);
    }
  };
  let hidden = false;
  Object.defineProperty(document, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
  globalThis.hide = (on) => {
    hidden = on;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  };
});

const toggle = (person) => button(person.page, 'Urgent');
const on = (person, is) => person.page.waitForFunction(
  (is) => document.querySelector('.composer-urge')?.getAttribute('aria-pressed') === String(is), is);
const typed = (person, wanted) => person.page.waitForFunction((wanted) => document.getElementById('composer')?.value === wanted, wanted);
const read = (message) => button(message, 'I have read this');
const bar = (person, said) => person.page.locator('.acknowledge-bar').getByText(said, { exact: true });
const badge = (message) => message.locator('.badge').getByText('Urgent', { exact: true });
const EVACUATE = 'The building is being left now, by the stairs.';

await play(people, browsers, async () => {
  await step('all sign in', async () => {
    for (const person of [ada, bela, cleo, dana]) await person.signIn(BASE, person.name, PASSWORD);
    await ada.row('Evacuation').click();
    await ada.say('An ordinary one');
    for (const person of [bela, cleo, dana]) {
      await person.row('Evacuation').click();
      await person.sees('An ordinary one');
    }
  });
  await step('an urgent message is written by keys, and the next one is ordinary again', async () => {
    await ada.composer().fill(EVACUATE);
    await toggle(ada).focus();
    await ada.page.keyboard.press('Space');
    await on(ada, true);
    await ada.page.getByText('Urgent. Everybody is asked to confirm; it comes through quiet hours.').waitFor();
    await ada.page.waitForFunction(() => document.activeElement?.id === 'composer');
    await ada.pictures('21-urgent-composer');
    await ada.page.keyboard.press('Enter');
    await ada.sees(EVACUATE);
    await on(ada, false);
    await badge(ada.message(EVACUATE)).waitFor();
    await bar(ada, '0 of 3 have acknowledged').waitFor();
    found('button for its author', await read(ada.message(EVACUATE)).count());
    await ada.say('This one is ordinary');
    await bela.sees('This one is ordinary');
    if (await badge(bela.message('This one is ordinary')).count()) throw new Error('the next one is urgent, too');
  });
  await step('others acknowledge it once', async () => {
    const message = bela.message(EVACUATE);
    await badge(message).waitFor();
    await bela.pictures('21-urgent-to-read');
    await read(message).click();
    await message.getByText(/^I have read this, recorded \d+:\d\d/).waitFor();
    await read(message).waitFor({ state: 'detached' });
    await bela.page.waitForFunction(() => document.activeElement?.tagName === 'ARTICLE');
    await bar(ada, '1 of 3 have acknowledged').waitFor();
    await cleo.pictures('21-urgent-to-read-touch');
    await read(cleo.message(EVACUATE)).tap();
    await cleo.message(EVACUATE).getByText(/^I have read this, recorded/).waitFor();
    await bela.pictures('21-urgent-read');
    await bela.page.reload();
    await bela.message(EVACUATE).getByText(/^I have read this, recorded/).waitFor();
  });
  await step('its author sees who has and who has not', async () => {
    await bar(ada, '2 of 3 have acknowledged').waitFor();
    await bar(ada, '66%').waitFor();
    await ada.pictures('21-urgent-bar');
    await button(ada.page, 'Who has not').click();
    const names = dialog(ada.page, '2 of 3 have acknowledged');
    const list = (head) => names.getByRole('heading', { name: head }).locator('xpath=following-sibling::ul[1]');
    await list('Have not yet').getByText('Dana Test', { exact: true }).waitFor();
    for (const name of ['Bela Test', 'Cleo Test']) await list('Have acknowledged').getByText(name, { exact: true }).waitFor();
    await ada.pictures('21-urgent-names');
    // It keeps up while it is open.
    await read(dana.message(EVACUATE)).click();
    await dialog(ada.page, '3 of 3 have acknowledged').getByText('Dana Test', { exact: true }).waitFor();
    await ada.page.keyboard.press('Escape');
    await button(ada.page, 'Who has').waitFor();
  });
  await step('a draft stays urgent, on a page loaded anew', async () => {
    await ada.composer().fill('Half a warning');
    await toggle(ada).click();
    await on(ada, true);
    const saved = () => ada.page.evaluate(() => document.querySelector('.composer-urge')?.getAttribute('aria-pressed'));
    await ada.newDirect('Bela Test');
    await on(ada, false);
    await ada.row('Evacuation').getByText('Draft:').waitFor({ state: 'attached' });
    await ada.page.reload();
    await ada.row('Evacuation').click();
    await typed(ada, 'Half a warning');
    await on(ada, true);
    if ((await saved()) !== 'true') throw new Error('the draft is not urgent any more');
    await toggle(ada).click();
    await ada.composer().fill('');
  });
  await step('what a rule blocks comes back urgent, what waits stays so', async () => {
    await ada.composer().fill('Sell Example Holdings at once');
    await toggle(ada).click();
    await ada.composer().press('Enter');
    const blocked = ada.page.locator('.margin-note').filter({ hasText: 'We do not write this here.' });
    await blocked.first().waitFor();
    await on(ada, false);
    await badge(ada.message('Sell Example')).waitFor();
    await blocked.getByRole('button', { name: /Edit/ }).click();
    await typed(ada, 'Sell Example Holdings at once');
    await on(ada, true);
    await ada.composer().fill('About alder, at once');
    await ada.composer().press('Enter');
    await ada.page.locator('.note-waiting').first().waitFor();
    await badge(ada.message('About alder')).waitFor();
    await ask('release');
    await read(bela.message('About alder')).click();
    await bar(ada, '1 of 3 have acknowledged').waitFor();
  });
  await step('an edit keeps it, and offers no toggle', async () => {
    await ada.act('About alder', 'Edit');
    await typed(ada, 'About alder, at once');
    found('toggle while editing', await toggle(ada).count());
    await ada.page.keyboard.press('Escape');
    await toggle(ada).waitFor();
  });
  await step('it makes itself heard where only mentions do', async () => {
    await bela.page.goto(`${BASE}/settings/notifications`);
    await bela.page.getByRole('switch', { name: 'Show a notification on the desktop' }).click();
    await bela.page.waitForFunction(() => document.querySelector('[aria-labelledby=set-desktop]').ariaChecked === 'true');
    await bela.page.goto(`${BASE}/chats`);
    await bela.row('Evacuation').click();
    await button(bela.page, 'Show details').click();
    await bela.page.getByRole('group', { name: 'Notify me of' }).getByRole('button', { name: 'Mentions' }).click();
    await bela.page.getByText('Only messages that mention you, and urgent ones').waitFor();
    await bela.page.keyboard.press('Escape');
    await bela.row('Ada Test').click();
    await bela.composer().waitFor();
    await bela.page.evaluate(() => globalThis.hide(true));
    await ada.say('Not for the ear');
    await toggle(ada).click();
    await ada.say('It is urgent');
    await bela.page.waitForFunction(() => globalThis.shown.length > 0);
    found('heard', JSON.stringify(await bela.page.evaluate(() => globalThis.shown)));
    await bela.page.evaluate(() => globalThis.hide(false));
    await bela.row('Evacuation').getByText('1 message that mentions you or is urgent').waitFor({ state: 'attached' });
  });
  await step('in a talk with oneself there is nobody to ask', async () => {
    await ada.newDirect('Ada Test');
    await ada.composer().waitFor();
    found('toggle in a talk with oneself', await toggle(ada).count());
  });
  await step('an officer sees that it was urgent and who acknowledged it', async () => {
    await olive.enterConsole(BASE, 'olive', PASSWORD);
    const { page } = olive;
    await page.goto(`${BASE}/console/search`);
    const why = dialog(page, 'Why are you searching?');
    await text(why, 'Reason').fill('Who knew of it, and when?');
    await button(why, 'Go on').click();
    await text(page, 'What to look for').fill('stairs');
    await page.keyboard.press('Enter');
    const hit = page.locator('.hit').first();
    await badge(hit).waitFor();
    await hit.click();
    const asked = page.locator('.context-asked');
    await asked.getByText('Acknowledged by 3 people').waitFor();
    for (const name of ['Bela Test', 'Cleo Test', 'Dana Test']) await asked.getByText(`${name}, `).waitFor();
    await olive.pictures('08-search-urgent');
  });
});

// Everything around the conversation, by keyboard alone and by mouse: palette, shortcuts, status, list, people, settings, details, the shell
// without a line.
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, LINE, PASSWORD } = process.env;
const browsers = [await launch(`MAP ${new URL(BASE).host} ${LINE}`), await launch()];
const ada = await Person.at(browsers[0], 'ada');
const bela = await Person.at(browsers[1], 'bela', { width: 380, height: 800 }, { hasTouch: true, isMobile: true });
const keys = ada.page.keyboard;

await play([ada, bela], browsers, async () => {
  await step('both sign in', async () => {
    await ada.signIn(BASE, 'ada', PASSWORD);
    await bela.signIn(BASE, 'bela', PASSWORD);
  });
  await step('the palette opens a talk with somebody new', async () => {
    await keys.press('Control+k');
    await keys.type('bel');
    await ada.page.getByRole('option', { name: /Bela Test/ }).waitFor();
    await ada.pictures('19-palette');
    await keys.press('Enter');
    await ada.page.waitForURL(/\/chats\/[0-9a-f-]{36}$/);
    await keys.type('Written by keyboard');
    await keys.press('Enter');
    await ada.sees('Written by keyboard');
  });
  await step('the shortcuts are listed', async () => {
    await keys.press('Control+/');
    await ada.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await ada.pictures('19-shortcuts');
    await keys.press('Escape');
    await ada.page.getByRole('dialog').waitFor({ state: 'hidden' });
  });
  await step('a state is set by key, by picker and seen by the other', async () => {
    await bela.row('Ada Test').getByText('available').waitFor({ state: 'attached' });
    await keys.press('Control+Shift+Digit3');
    await bela.row('Ada Test').getByText('busy').waitFor({ state: 'attached' });
    await ada.page.getByRole('button', { name: /^Your account/ }).first().click();
    await ada.page.getByRole('radio', { name: /Do not disturb/ }).click();
    await ada.page.getByRole('button', { name: '1 hour' }).click();
    await ada.page.getByText(/^Do not disturb until /).waitFor();
    await bela.row('Ada Test').getByText('do not disturb').waitFor({ state: 'attached' });
    await ada.pictures('04-status');
    await ada.page.getByRole('textbox', { name: 'Status text' }).fill('In the archive until noon');
    await keys.press('Enter');
    await ada.page.getByText('Status saved').waitFor();
    await keys.press('Escape');
    await ada.page.reload();
    await ada.row('Bela Test').waitFor();
    await ada.composer().waitFor();
    await bela.row('Ada Test').getByText('do not disturb').waitFor({ state: 'attached' });
    await keys.press('Control+Shift+Digit1');
    await bela.row('Ada Test').getByText('available').waitFor({ state: 'attached' });
  });
  await step('the list is filtered and walked by keys', async () => {
    await ada.page.locator('a[data-conversation-id]').first().waitFor();
    await ada.page.locator('.feed').focus();
    await keys.press('/');
    await keys.type('nobody of this name');
    await ada.page.getByText('Nothing matches').waitFor();
    await keys.press('Escape');
    await keys.type('bela');
    await keys.press('ArrowDown');
    await ada.page.waitForFunction(() => document.activeElement?.matches('a.row, .section-toggle'));
    await ada.page.getByRole('button', { name: 'Show only' }).click();
    await ada.page.getByRole('menuitem', { name: 'Groups' }).click();
    await ada.page.getByText(/^(None of this kind|Nothing matches)$/).waitFor();
    await ada.page.locator('.state').getByRole('button', { name: 'Show all' }).click();
    await ada.row('Bela Test').waitFor();
    await ada.page.getByRole('button', { name: 'Direct messages' }).click();
    await ada.row('Bela Test').waitFor({ state: 'detached' });
    await ada.page.getByRole('button', { name: 'Direct messages' }).click();
    await ada.row('Bela Test').waitFor();
  });
  await step('details open and close by address, key and back', async () => {
    await ada.row('Bela Test').click();
    await ada.page.getByRole('button', { name: 'Show details' }).click();
    await ada.page.waitForURL(/\/details$/);
    await ada.page.getByRole('heading', { name: 'Details' }).waitFor();
    await ada.pictures('02-details');
    await keys.press('Escape');
    await ada.page.getByRole('heading', { name: 'Details' }).waitFor({ state: 'hidden' });
    await ada.page.goBack();
    await ada.page.getByRole('heading', { name: 'Details' }).waitFor();
  });
  await step('people are found, and written to', async () => {
    await ada.page.getByRole('link', { name: 'People' }).click();
    await ada.page.getByRole('link', { name: /Rita Root/ }).waitFor();
    await ada.pictures('people');
    await ada.page.getByRole('searchbox', { name: 'Search for people' }).waitFor();
    await ada.page.locator('body').press('/');
    await ada.page.keyboard.type('bela');
    await ada.page.getByRole('link', { name: /Rita Root/ }).waitFor({ state: 'detached' });
    await ada.page.getByRole('link', { name: /Bela Test/ }).click();
    await ada.page.getByRole('heading', { name: 'Bela Test' }).waitFor();
    await ada.pictures('people-person');
    await ada.page.getByRole('button', { name: 'Send a message' }).click();
    await ada.page.waitForURL(/\/chats\/[0-9a-f-]{36}$/);
    await ada.sees('Written by keyboard');
  });
  await step('settings of the device are kept', async () => {
    await keys.press('Control+,');
    await ada.page.waitForURL(/\/settings\/notifications$/);
    await ada.page.getByRole('switch', { name: 'Enter sends a message' }).click();
    await ada.page.getByRole('switch', { name: 'Play a sound' }).press('Space');
    await ada.pictures('settings-notifications');
    await ada.page.reload();
    const state = (name) => ada.page.getByRole('switch', { name }).getAttribute('aria-checked');
    found('switches', `${await state('Enter sends a message')} ${await state('Play a sound')}`);
    await ada.page.getByRole('link', { name: 'Devices and password' }).click();
    await ada.page.getByRole('heading', { name: 'Devices', exact: true }).waitFor();
    await ada.pictures('settings-devices');
    await ada.page.goBack();
    await ada.page.getByRole('switch', { name: 'Enter sends a message' }).click();
  });
  await step('a new conversation has a page', async () => {
    await ada.page.goto(`${BASE}/chats/new`);
    await ada.page.getByLabel('People', { exact: true }).waitFor();
    await ada.pictures('new-conversation');
    await ada.page.goto(`${BASE}/nothing/here`);
    await ada.page.getByRole('heading', { name: 'Nothing here for you' }).first().waitFor();
    await ada.pictures('nothing');
  });
  await step('one hand and a phone', async () => {
    const small = async (name) => {
      const found = await bela.page.evaluate(() => [...document.querySelectorAll('button, a[href], input, textarea')]
        .filter((one) => one.checkVisibility() && getComputedStyle(one).opacity !== '0' && one.offsetParent)
        // A radio button is pressed by its line.
        .map((one) => (one.type === 'radio' ? one.closest('label') : one))
        .map((one) => [one.getBoundingClientRect(), one.getAttribute('aria-label') ?? one.textContent])
        .filter(([box]) => box.width > 0 && box.height > 0 && box.bottom > 0 && (box.height < 24 || box.width < 24))
        .map(([box, text]) => `${text.trim()} ${Math.round(box.width)}x${Math.round(box.height)}`));
      if (found.length > 0) bela.problems.push(`small on ${name}: ${found.join('; ')}`);
    };
    await bela.accessible('list on a phone');
    await small('list');
    await bela.row('Ada Test').tap();
    await bela.sees('Written by keyboard');
    await bela.composer().fill('From the phone');
    await bela.page.getByRole('button', { name: 'Send', exact: true }).tap();
    await bela.sees('From the phone');
    await bela.message('From the phone').tap();
    await bela.message('From the phone').getByRole('button', { name: 'More' }).tap();
    await bela.page.getByRole('menuitem', { name: 'Reply' }).waitFor();
    await bela.accessible('menu on a phone');
    await small('menu');
    await bela.page.screenshot({ path: `${process.env.SCREENSHOTS}/03-phone-menu.png` });
    await bela.page.getByRole('menuitem', { name: 'Reply' }).tap();
    await bela.composer().fill('And an answer');
    await bela.page.getByRole('button', { name: 'Send', exact: true }).tap();
    await bela.sees('And an answer');
    await bela.page.getByRole('link', { name: 'Back' }).tap();
    await bela.page.getByRole('link', { name: 'People' }).tap();
    await bela.page.getByRole('link', { name: /Rita Root/ }).waitFor();
    await bela.page.screenshot({ path: `${process.env.SCREENSHOTS}/03-phone-people.png` });
  });
  await step('without a line the shell is still there', async () => {
    await ada.page.goto(`${BASE}/chats`);
    await ada.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const kept = await ada.page.evaluate(async () => {
      const all = [];
      for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) all.push(new URL(request.url).pathname);
      }
      return all;
    });
    found('kept', kept.filter((path) => path !== '/chats' && !path.startsWith('/assets/')).join());
    ada.excused = true;
    await ask('cut');
    await ada.page.reload();
    await ada.page.getByText('The server cannot be reached').or(ada.page.getByRole('button', { name: 'Try again' })).first().waitFor();
    await ask('mend');
    await ada.page.getByRole('button', { name: 'Try again' }).click();
    await ada.row('Bela Test').waitFor();
    ada.excused = false;
  });
});

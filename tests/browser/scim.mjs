// A provider that writes to us: set up, given tokens, heard, looked at when a token ends, and kept out when one is revoked. By mouse and
// by keyboard alone.
import { Hand } from './hand.mjs';
import { Person, ask, clipboard, focused, found, gone, launch, play, step } from './page.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch()];
const at = (name) => Person.at(browsers[0], name, { width: 1440, height: 900 }, {
  permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'reduce', locale: 'en-US',
});
const [rita, olga] = [await at('rita'), await at('olga')];

const button = (place, name) => place.getByRole('button', { name, exact: true });
const text = (place, name) => place.getByRole('textbox', { name, exact: true });
const box = (page, name) => page.getByRole('checkbox', { name, exact: true });
const toast = (page, words) => page.locator('.toast').filter({ hasText: words });
const dialog = (page, name) => page.getByRole('dialog', { name, exact: true });
const card = (page, name) => page.getByRole('region', { name, exact: true });
const row = (page, name) => card(page, 'Tokens').getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
const linked = (page) => page.getByRole('combobox', { name: 'People sign in at' });
const saved = (page) => page.getByText('Everything is saved').waitFor();
const stands = (page, word) => card(page, 'Use').getByRole('status').getByText(word, { exact: true }).waitFor();

/** One of a few round buttons: they are one stop for Tab, and arrows lead from one to the next. */
async function choose(hand, place, group, name) {
  const wanted = place.getByRole('group', { name: group }).getByRole('radio', { name, exact: true });
  if (!hand.byKey) return wanted.click();
  await hand.reach(place.getByRole('group', { name: group }).getByRole('radio', { checked: true }));
  while (!(await wanted.isChecked())) await hand.keys.press('ArrowDown');
}

/** The day so many days from now, as the browser has it and as it is typed. */
const day = (page, days) => page.evaluate((days) => {
  const one = new Date();
  one.setDate(one.getDate() + days);
  const two = (number) => String(number).padStart(2, '0');
  const [year, month, date] = [one.getFullYear(), two(one.getMonth() + 1), two(one.getDate())];
  return { kept: `${year}-${month}-${date}`, typed: `${month}${date}${year}` };
}, days);

/** The tokens on a phone, where they stand below what fits at first. */
async function pocket(person, what) {
  const { page } = person;
  const size = page.viewportSize();
  await page.setViewportSize({ width: 380, height: 800 });
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await card(page, 'Tokens').evaluate((one) => {
      const around = one.closest('.overview-body');
      around.scrollTop += one.getBoundingClientRect().top - around.getBoundingClientRect().top;
    });
    await page.screenshot({ path: `${process.env.SCREENSHOTS}/${what}-list-380-${colorScheme}.png` });
    await person.accessible(`${what}, the list at 380 px, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(size);
}

/** Opens the dialog, enters what is asked, and answers the token. */
async function issue(page, hand, name, more = async () => {}) {
  await hand.press(button(card(page, 'Tokens'), 'Issue a token'));
  const form = dialog(page, 'Issue a token');
  await focused(page, 'Name');
  await hand.write(text(form, 'Name'), name);
  await more(form);
  await hand.press(button(form, 'Issue token'));
  const shown = text(dialog(page, 'Copy the token now'), `Token: ${name}`);
  await shown.waitFor();
  return shown.inputValue();
}

async function work(person, byKey, tag) {
  const { page } = person;
  const hand = new Hand(person, byKey);
  const look = (what) => (byKey ? person.accessible(`${tag}: ${what}`) : person.pictures(what));
  const name = `Entra ID ${tag}`;
  const [main, reader, short] = [`${tag} main`, `${tag} reader`, `${tag} short`];
  let token;
  await step(`${tag}: a provider that writes to us is begun from the menu`, async () => {
    await page.goto(`${BASE}/console/directory`);
    await hand.pick(button(page, 'Add a source'), 'A provider that writes to us (SCIM)');
    await page.waitForURL(/\/console\/directory\/new\/scim$/);
    await card(page, 'Tokens').getByText('Tokens can be issued once the source is saved.').waitFor();
    await look('14-scim-new');
  });
  await step(`${tag}: the address is copied when it is asked for, and not before`, async () => {
    await page.evaluate(() => navigator.clipboard.writeText('what was there'));
    await page.reload();
    await text(page, 'Address').waitFor();
    found(`clipboard before by ${tag}`, await clipboard(page));
    await hand.press(button(card(page, 'To be entered at the provider'), 'Copy'));
    await page.getByText('The address is on your clipboard.').waitFor();
    found(`address by ${tag}`, await clipboard(page));
  });
  await step(`${tag}: it needs a name, and is saved with who comes in`, async () => {
    await hand.press(button(page, 'Save source'));
    await page.getByText('1 field needs attention').waitFor();
    await focused(page, 'Name');
    await hand.write(text(page, 'Name'), name);
    await hand.choose(linked(page), 'Login');
    await card(page, 'What this does').getByText('People do that at Login').waitFor();
    await hand.tick(box(page, 'Make an account for whoever is new'));
    await hand.tick(box(page, 'The provider may write as soon as it is saved'));
    await look('14-scim-filled');
    await hand.press(button(page, 'Save source'));
    await page.waitForURL(/\/console\/directory\/[0-9a-f-]{36}$/);
    await saved(page);
    found(`linked by ${tag}`, await linked(page).locator('option:checked').innerText());
    found(`tests by ${tag}`, await page.getByRole('heading', { name: 'Test connection' }).count());
  });
  await step(`${tag}: before the first token the card says what one is for`, async () => {
    await card(page, 'Tokens').getByRole('heading', { name: 'No token yet' }).waitFor();
    await stands(page, 'No token');
    await look('14-scim-no-token');
  });
  await step(`${tag}: what is wrong with a token stands at its field`, async () => {
    await hand.press(button(card(page, 'Tokens'), 'Issue a token'));
    const form = dialog(page, 'Issue a token');
    await focused(page, 'Name');
    await look('22-token');
    await choose(hand, form, 'It works for', 'As long as you choose');
    await hand.press(button(form, 'Issue token'));
    await form.getByText('Give it a name, so that you know it again.').waitFor();
    await form.getByText('Choose the last day on which it works.').waitFor();
    await focused(page, 'Name');
    await look('22-token-wrong');
    // What only the server finds stands there, too.
    await choose(hand, form, 'It works for', '90 days');
    await hand.write(text(form, 'Name'), 'x'.repeat(300));
    await person.refused(async () => {
      await hand.press(button(form, 'Issue token'));
      await form.getByText('The name is too long.').waitFor();
    });
    await focused(page, 'Name');
    await hand.press(button(form, 'Cancel'));
    await form.waitFor({ state: 'hidden' });
    await focused(page, 'Issue a token');
  });
  await step(`${tag}: a token is shown once`, async () => {
    token = await issue(page, hand, main);
    const shown = dialog(page, 'Copy the token now');
    await shown.getByText('This is the only time it is shown.').waitFor();
    await shown.getByText('It may read and write, until').waitFor();
    await focused(page, `Token: ${main}`);
    await shown.getByText('The token is on your clipboard.').waitFor();
    found(`token marked by ${tag}`, await page.evaluate(() => {
      const { value, selectionStart, selectionEnd } = document.activeElement;
      return value.slice(selectionStart, selectionEnd) === value;
    }));
    found(`token copied by ${tag}`, (await clipboard(page)) === token);
    await look('22-token-secret');
    if (byKey) await page.keyboard.press('Escape');
    else await button(shown, 'Done').click();
    await shown.waitFor({ state: 'hidden' });
    await row(page, main).getByText('Valid', { exact: true }).waitFor();
    await focused(page, 'Issue a token');
    found(`token is gone by ${tag}`, await gone(page, token));
    await row(page, main).getByText('Never', { exact: true }).waitFor();
    await stands(page, 'Nothing yet');
    await look('14-scim-unused');
  });
  await step(`${tag}: the provider writes with it, and the page tells`, async () => {
    found(`write by ${tag}`, await ask(`write ${tag} ${token}`));
    // By itself, without anything pressed.
    await row(page, main).getByText('Never', { exact: true }).waitFor({ state: 'hidden' });
    await stands(page, 'In use');
    await card(page, 'Use').getByText(main, { exact: true }).waitFor();
  });
  await step(`${tag}: a token may only read, and another ends on a day of one's own`, async () => {
    const reads = await issue(page, hand, reader, (form) => choose(hand, form, 'It may', 'Only read, to look and to compare'));
    await page.keyboard.press('Escape');
    await row(page, reader).getByText('Only read', { exact: true }).waitFor();
    found(`write with the reader by ${tag}`, await ask(`write ${tag} ${reads}`));
    await issue(page, hand, short, async (form) => {
      await choose(hand, form, 'It works for', 'As long as you choose');
      const [over, soon] = [await day(page, -1), await day(page, 10)];
      const field = form.getByLabel('Last day');
      const enter = async (one) => {
        if (!byKey) return field.fill(one.kept);
        await hand.reach(field);
        // The field has three parts; one begins in the first.
        for (let part = 0; part < 3; part += 1) await page.keyboard.press('ArrowLeft');
        return page.keyboard.type(one.typed);
      };
      await enter(over);
      await hand.press(button(form, 'Issue token'));
      await form.getByText('This day is over. Choose today or a later one.').waitFor();
      await page.waitForFunction(() => document.activeElement?.id === 'token-day');
      await look('22-token-past');
      await enter(soon);
    });
    await page.keyboard.press('Escape');
    await row(page, short).getByText('Ends in 10 days', { exact: true }).waitFor();
    // Time goes by for one of them.
    await ask(`end ${reader}`);
    await page.reload();
    await row(page, reader).getByText('Over', { exact: true }).waitFor();
    found(`what is over can be revoked by ${tag}`, await row(page, reader).getByRole('button').count());
    await look('14-scim-tokens');
    if (!byKey) await pocket(person, '14-scim-tokens');
  });
  await step(`${tag}: it is revoked after a question, and opens nothing`, async () => {
    const question = dialog(page, `Revoke ${main}?`);
    const revoke = button(card(page, 'Tokens'), `Revoke ${main}`);
    await hand.press(revoke);
    await question.getByText('It is refused from now on, wherever it is entered.').waitFor();
    await look('22-token-revoke');
    await hand.press(button(question, 'Keep as it is'));
    await question.waitFor({ state: 'hidden' });
    await focused(page, `Revoke ${main}`);
    found(`kept by ${tag}`, await ask(`write ${tag} ${token}`));
    await hand.press(revoke);
    await hand.press(button(question, 'Revoke token'));
    await toast(page, 'Token revoked').waitFor();
    await row(page, main).getByText('Revoked', { exact: true }).waitFor();
    await page.waitForFunction((name) => document.activeElement?.matches('[data-token]') && document.activeElement.textContent.includes(name), main);
    found(`revoked by ${tag}`, await ask(`write ${tag} ${token}`));
    // What is left ends soon, and nothing could write after it.
    await stands(page, 'Ends soon');
    await card(page, 'Use').getByText('no other token may write after that').waitFor();
    await look('14-scim-revoked');
  });
  await step(`${tag}: the last one that may write is revoked with a warning`, async () => {
    await hand.press(button(card(page, 'Tokens'), `Revoke ${short}`));
    const question = dialog(page, `Revoke ${short}?`);
    await question.getByText('No other token may write').waitFor();
    await hand.press(button(question, 'Revoke token'));
    await stands(page, 'No token');
    await look('14-scim-none-left');
  });
  await step(`${tag}: it is changed like any other source`, async () => {
    await hand.choose(linked(page), 'None');
    await hand.write(text(page, 'Name'), `${name} 2`);
    await hand.press(button(page, 'Save changes'));
    await saved(page);
    await page.reload();
    await saved(page);
    found(`linked later by ${tag}`, await linked(page).locator('option:checked').innerText());
    found(`name later by ${tag}`, await text(page, 'Name').inputValue());
  });
  await step(`${tag}: it is switched off after a question, and on at once`, async () => {
    const lever = page.getByRole('switch', { name: 'The provider may write' });
    await hand.press(lever);
    const question = page.getByRole('dialog');
    await question.getByText('Its tokens open nothing from now on.').waitFor();
    await look('14-scim-switch-off');
    await hand.press(button(question, 'Switch off'));
    await toast(page, 'Source switched off').waitFor();
    await stands(page, 'Off');
    await look('14-scim-off');
    await hand.press(lever);
    await toast(page, 'Source switched on').waitFor();
    await stands(page, 'No token');
  });
  await step(`${tag}: one somebody came from stays, another is removed`, async () => {
    await page.getByText('1 person is linked to it, so it cannot be removed.').waitFor();
    const source = await ask(`unused ${tag}`);
    await page.goto(`${BASE}/console/directory/${source}`);
    await hand.press(button(page, 'Remove source'));
    const question = page.getByRole('dialog');
    await question.getByText('Its settings and its tokens are gone for good.').waitFor();
    await hand.press(button(question, 'Remove source'));
    await toast(page, 'Source removed').waitFor();
  });
}

/** Answers of the server that take their time, or are none. */
async function troubles(person) {
  const { page } = person;
  const source = await ask('unused Troubles');
  const list = /\/api\/v1\/sources\/[^/]+\/tokens$/;
  await step('while tokens are on their way their place is kept', async () => {
    let go;
    const held = new Promise((resolve) => { go = resolve; });
    await page.route(list, async (route) => { await held; await route.continue(); });
    await page.goto(`${BASE}/console/directory/${source}`);
    await card(page, 'Tokens').getByRole('status', { name: 'Loading' }).waitFor();
    await person.pictures('14-scim-loading');
    go();
    await card(page, 'Tokens').getByRole('heading', { name: 'No token yet' }).waitFor();
    await page.unroute(list);
  });
  const problem = (code, status) => ({
    status, contentType: 'application/problem+json',
    body: JSON.stringify({ type: `urn:chancery:problem:${code}`, code, status, title: 'Refused.' }),
  });
  await step('tokens that cannot be had are asked for again', async () => {
    await person.refused(async () => {
      await page.route(list, (route) => route.fulfill(problem('storage_unavailable', 503)));
      await page.reload();
      await page.getByRole('heading', { name: 'Tokens could not be loaded' }).waitFor();
      await card(page, 'Use').getByText('Not known while the tokens cannot be loaded.').waitFor();
      await person.pictures('14-scim-failed');
      await page.unroute(list);
      await button(card(page, 'Tokens'), 'Try again').click();
      await card(page, 'Tokens').getByRole('heading', { name: 'No token yet' }).waitFor();
    });
  });
  await step('a token that is not issued is said not to be, and what was typed stays', async () => {
    await person.refused(async () => {
      await button(card(page, 'Tokens'), 'Issue a token').click();
      const form = dialog(page, 'Issue a token');
      await text(form, 'Name').fill('Kept');
      await page.route(list, (route) => route.fulfill(problem('storage_unavailable', 503)));
      await button(form, 'Issue token').click();
      await form.getByRole('alert').getByText('The archive cannot be reached right now.').waitFor();
      await person.pictures('22-token-refused');
      found('typed name stays', await text(form, 'Name').inputValue());
      await page.unroute(list);
    });
  });
  await step('a token that comes after its dialog was closed is said to be there', async () => {
    let go;
    const held = new Promise((resolve) => { go = resolve; });
    await page.route(list, async (route) => { await held; await route.continue(); });
    await button(dialog(page, 'Issue a token'), 'Issue token').click();
    await page.keyboard.press('Escape');
    go();
    await toast(page, 'A token was issued that nobody saw').waitFor();
    await page.unroute(list);
    await row(page, 'Kept').getByText('Valid', { exact: true }).waitFor();
  });
  await step('more than a few that work no more are shown when one asks', async () => {
    await ask('ended Troubles');
    await page.reload();
    await button(card(page, 'Tokens'), 'Show all 5 that work no more').waitFor();
    found('lines before', await card(page, 'Tokens').getByRole('rowheader').count());
    await button(card(page, 'Tokens'), 'Show all 5 that work no more').click();
    await row(page, 'Ended 1').waitFor();
    found('lines after', await card(page, 'Tokens').getByRole('rowheader').count());
    await person.accessible('all tokens');
  });
  return source;
}

await play([rita, olga], browsers, async () => {
  await step('an administrator and an officer sign in', async () => {
    await rita.enterConsole(BASE, 'root', PASSWORD);
    await olga.enterConsole(BASE, 'olga', PASSWORD);
  });
  // Later, so that they sign in by the plain form.
  await ask('provider Login');
  await work(rita, false, 'Mouse');
  await work(rita, true, 'Keys');
  const source = await troubles(rita);
  await step('the audit log tells it in words', async () => {
    await rita.page.goto(`${BASE}/console/audit?what=sources`);
    await rita.page.getByRole('table').getByText('Issued token').first().waitFor();
    await rita.page.getByRole('table').getByText('Revoked token').first().waitFor();
    await rita.accessible('audit log of tokens');
  });
  await step('an officer sees nothing of it', async () => {
    const { page } = olga;
    await page.goto(`${BASE}/console/directory/${source}`);
    await page.getByRole('heading', { name: 'Nothing here for you' }).first().waitFor();
    found('officer sees tokens', await card(page, 'Tokens').count());
  });
});

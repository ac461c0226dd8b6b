// What was said is found: by an officer, for a reason and seen by an auditor; by a colleague, as far as he may see. Nobody else searches.
import { Hand } from './hand.mjs';
import { Person, found, launch, play, step } from './page.mjs';

const { BASE, PASSWORD } = process.env;
const REASON = 'Case C-0142, price talk before the announcement';
const WIDE = { width: 1440, height: 900 };
const browsers = [await launch()];
const at = (name) => Person.at(browsers[0], name, WIDE, { reducedMotion: 'reduce' });
const [olga, rita, aud, ada] = [await at('olga'), await at('rita'), await at('aud'), await at('ada')];

const button = (place, name) => place.getByRole('button', { name, exact: true });
const pane = (page) => page.getByRole('complementary');
const hits = (page) => page.getByRole('list', { name: 'Messages found' }).getByRole('listitem');
const query = (page) => page.getByRole('textbox', { name: 'What to look for' });
const places = (page) => page.getByRole('navigation', { name: 'Console' });

/** Where the navigation leads. */
const visited = async (page) => (await places(page).getByRole('link').allInnerTexts()).filter((name) => name !== 'Chancery').join(', ');

const enter = (person, username) => person.enterConsole(BASE, username, PASSWORD);

/** Looks for something, and waits for the one message it finds, with the place marked. */
async function finds(hand, words, marked) {
  const { page } = hand;
  await hand.write(query(page), words);
  await hand.keys.press('Enter');
  const mark = hits(page).first().locator('mark').filter({ hasText: marked });
  await mark.first().waitFor();
  await page.getByText('1 message', { exact: true }).waitFor();
}

/** What an officer does on a morning. */
async function morning(person, byKey, tag) {
  const { page } = person;
  const hand = new Hand(person, byKey);
  const look = (what) => (byKey ? person.accessible(`${tag}: ${what}`) : person.pictures(what));
  await step(`${tag}: the reason comes first`, async () => {
    await page.goto(`${BASE}/console/search`);
    const dialog = page.getByRole('dialog', { name: 'Why are you searching?' });
    await dialog.waitFor();
    await hand.press(button(dialog, 'Go on'));
    await dialog.getByText('Say why you are searching.').waitFor();
    await look('08-reason');
    await hand.write(dialog.getByRole('textbox', { name: 'Reason' }), REASON);
    await hand.press(button(dialog, 'Go on'));
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('heading', { name: 'Nothing is searched yet' }).waitFor();
    await look('08-start');
  });
  await step(`${tag}: part of a German compound, Japanese, an address and a phrase are found`, async () => {
    await finds(hand, 'vertrags', /vertrags/i);
    await finds(hand, '契約書', '契約書');
    await finds(hand, 'max.mustermann@example.com', 'max.mustermann');
    await finds(hand, '"price talk"', 'price');
    await look('08-search');
  });
  await step(`${tag}: a message is opened in its conversation`, async () => {
    await hand.press(hits(page).first().getByRole('button'));
    await pane(page).getByText('2 members at the time').waitFor();
    await pane(page).getByText('Ada Test, Bela Test').waitFor();
    await pane(page).getByText('We keep the price talk between us.').waitFor();
    await look('08-context');
    if (byKey) await page.keyboard.press('Escape');
    else await button(pane(page), 'Close').click();
    await pane(page).waitFor({ state: 'hidden' });
  });
  await step(`${tag}: what was edited or deleted is found by every version`, async () => {
    await finds(hand, '"fee is twelve"', 'fee');
    await hits(page).first().getByText('Edited').waitFor();
    await hand.press(hits(page).first().getByRole('button'));
    await pane(page).getByText('The fee is fifteen').waitFor();
    await pane(page).getByText(/^Version 1, /).waitFor();
    await look('08-versions');
    if (byKey) await page.keyboard.press('Escape');
    else await button(pane(page), 'Close').click();
    await finds(hand, 'regret', 'regret');
    await hits(page).first().getByText('Deleted').waitFor();
  });
  await step(`${tag}: what cannot be read or found is said`, async () => {
    await hand.write(query(page), 'alder (price');
    await page.locator('.query-wrong').waitFor();
    await look('08-wrong');
    await hand.write(query(page), 'nobodysaidthis');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
    await look('08-nothing');
  });
}

/** What one person did, as the log shows it, newest first. */
async function logged(page, who) {
  const rows = page.getByRole('row').filter({ hasText: who });
  return rows.locator('.cell-what').allInnerTexts();
}

await play([olga, rita, aud, ada], browsers, async () => {
  await step('an administrator finds no search', async () => {
    await enter(rita, 'root');
    found('places of an administrator', await visited(rita.page));
    await rita.page.goto(`${BASE}/console/search`);
    await rita.page.getByRole('heading', { name: 'Nothing here for you' }).first().waitFor();
    await rita.pictures('08-administrator');
    found('dialogs of an administrator', await rita.page.getByRole('dialog').count());
  });
  await step('an officer is led to search', async () => {
    await enter(olga, 'olga');
    await places(olga.page).getByRole('link', { name: 'Search' }).click();
    await olga.page.getByRole('dialog', { name: 'Why are you searching?' }).waitFor();
  });
  await morning(olga, false, 'Mouse');
  await morning(olga, true, 'Keys');
  await step('an auditor sees exactly what the officer did', async () => {
    const { page } = aud;
    await enter(aud, 'aud');
    found('places of an auditor', await visited(page));
    await page.goto(`${BASE}/console/audit?what=search`);
    await page.getByRole('link', { name: 'Ran search' }).first().waitFor();
    found('logged of olga', (await logged(page, 'Olga Test')).join(', '));
    await aud.pictures('16-searches');
    await page.getByRole('row').filter({ hasText: '1 result' }).getByRole('link', { name: 'Ran search' }).first().click();
    await pane(page).getByText(REASON).waitFor();
    await pane(page).getByText('regret').waitFor();
    await aud.pictures('16-search');
    found('a message in the log', await page.getByText('I regret').count());
  });
  await step('a colleague finds what he may see, and is led to it', async () => {
    const { page } = ada;
    await ada.signIn(BASE, 'ada', PASSWORD);
    await page.getByRole('link', { name: 'Search', exact: true }).click();
    const field = page.getByRole('searchbox', { name: 'Search your conversations' });
    await field.pressSequentially('vertrags');
    const hit = page.getByRole('list', { name: 'Messages found' }).getByRole('link');
    await hit.locator('mark').first().waitFor();
    found('hits of ada', await hit.count());
    await ada.pictures('search-own');
    await field.fill('fee is twelve');
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
    await ada.pictures('search-own-nothing');
    await field.fill('regret');
    await page.getByText('No message you can see has “regret”').waitFor();
    await field.fill('secret of others');
    await page.getByText('No message you can see has “secret of others”').waitFor();
    await field.fill('max.mustermann@example.com');
    await hit.first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.textContent.includes('max.mustermann@example.com'));
    await ada.message('max.mustermann@example.com').waitFor();
  });
});

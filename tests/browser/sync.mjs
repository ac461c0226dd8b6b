// A directory read in the background: looked at before, done, stopped where too many would go, failed, set to run by itself. By mouse
// and by keyboard alone.
import { Hand } from './hand.mjs';
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch()];
const rita = await Person.at(browsers[0], 'rita', { width: 1440, height: 900 }, { reducedMotion: 'reduce' });

const button = (place, name) => place.getByRole('button', { name, exact: true });
const toast = (page, words) => page.locator('.toast').filter({ hasText: words });
const text = (page, name) => page.getByRole('textbox', { name, exact: true });
const card = (page) => page.getByRole('region', { name: 'Sync', exact: true });
const history = (page) => page.getByRole('region', { name: 'Sync history' });
const report = (page, name) => page.getByRole('dialog', { name, exact: true });
const row = (place, name) => place.getByRole('listitem').filter({ hasText: name }).first();
const stands = (page, word) => card(page).getByRole('status').getByText(word, { exact: true }).waitFor();

/** A row of the report counts so many. */
async function counts(place, name, count) {
  await row(place, name).getByText(String(count), { exact: true }).first().waitFor();
}

/** From the browser's own list, by its first letters. */
async function choose(hand, select, option) {
  if (!hand.byKey) return select.selectOption({ label: option });
  await hand.reach(select);
  return hand.keys.type(option.split(' ')[0]);
}

async function day(person, byKey, tag) {
  const { page } = person;
  const hand = new Hand(person, byKey);
  const look = (what) => (byKey ? person.accessible(`${tag}: ${what}`) : person.pictures(what));
  const leave = async (dialog) => {
    if (byKey) await page.keyboard.press('Escape');
    else await button(dialog, 'Close').click();
    await dialog.waitFor({ state: 'hidden' });
  };
  const tell = async (name) => found(`${name} by ${tag}`, await ask(`accounts ${tag}`));
  /** Begins a run and waits for its report. */
  const run = async (what, title) => {
    await hand.press(button(card(page), what));
    const dialog = report(page, title);
    await dialog.getByText(/^Read: /).waitFor();
    return dialog;
  };
  const house = JSON.parse(await ask(`house ${tag}`));
  await step(`${tag}: before the first run the card says so`, async () => {
    await page.goto(`${BASE}/console/directory/${house.source}`);
    await stands(page, 'Never run');
    await history(page).getByRole('heading', { name: 'No sync yet' }).waitFor();
    await card(page).getByText('would suspend more than 10 % of the people').waitFor();
    await look('14-sync-never');
  });
  await step(`${tag}: a dry run shows what would happen and changes nothing`, async () => {
    const dialog = await run('Dry run', 'What a sync would do');
    await page.waitForURL(/\/syncs\/[0-9a-f-]{36}$/);
    await counts(dialog, 'Add', house.people);
    await counts(dialog, 'Suspend, sessions end at once', 0);
    await look('22-sync-dry');
    await hand.press(dialog.getByRole('button', { name: `Add ${house.people}` }));
    await dialog.getByText(house.first).waitFor();
    await look('22-sync-dry-list');
    await leave(dialog);
    await page.waitForURL(new RegExp(`/console/directory/${house.source}$`));
    await page.waitForFunction(() => document.activeElement?.textContent.trim() === 'Dry run');
    await stands(page, 'Never run');
    await tell('dry run');
  });
  await step(`${tag}: while one runs it is said how far it is, and no other begins`, async () => {
    await ask(`pause ${tag}`);
    await hand.press(button(card(page), 'Sync now'));
    const dialog = report(page, 'Sync under way');
    await dialog.getByText(/read so far$/).waitFor();
    await look('22-sync-running');
    await leave(dialog);
    await stands(page, 'Running');
    await card(page).getByText('A sync is under way.').waitFor();
    found(`buttons while it runs by ${tag}`, `${await button(card(page), 'Dry run').isDisabled()} ${await button(card(page), 'Sync now').isDisabled()}`);
    await look('14-sync-running');
    await ask(`go on ${tag}`);
    await stands(page, 'Up to date');
  });
  await step(`${tag}: it added everybody, and the history leads to what it did`, async () => {
    await tell('first sync');
    await card(page).getByText(`${house.people}, 0, 0`).waitFor();
    await look('14-sync-done');
    await hand.press(history(page).getByRole('link').first());
    const dialog = report(page, 'What the sync did');
    await counts(dialog, 'Added', house.people);
    await hand.press(dialog.getByRole('button', { name: `Added ${house.people}` }));
    await dialog.getByRole('link', { name: house.first }).waitFor();
    await look('22-sync-did');
    await leave(dialog);
    await page.waitForFunction(() => document.activeElement?.closest('[data-sync]'));
  });
  await step(`${tag}: a second run has nothing to do`, async () => {
    const dialog = await run('Sync now', 'What the sync did');
    await dialog.getByText('Nothing to do').first().waitFor();
    await look('22-sync-nothing');
    await leave(dialog);
  });
  await step(`${tag}: who left is suspended`, async () => {
    const [gone] = JSON.parse(await ask(`leave ${tag} 1`));
    const dialog = await run('Sync now', 'What the sync did');
    await counts(dialog, 'Suspended, sessions ended at once', 1);
    await hand.press(dialog.getByRole('button', { name: /^Suspended, / }));
    await dialog.getByRole('link', { name: gone }).waitFor();
    await dialog.getByText('No longer in the directory').waitFor();
    await look('22-sync-left');
    // Their own page says who did it.
    await hand.press(dialog.getByRole('link', { name: gone }));
    await page.getByText(/ did it, and lets them in again when it has them again\.$/).waitFor();
    await look('13-suspended-by-source');
    await page.goBack();
    await dialog.waitFor();
    await leave(dialog);
    await tell('leaver');
  });
  await step(`${tag}: more than the share waits, and can be looked at`, async () => {
    const gone = JSON.parse(await ask(`leave ${tag} 8`));
    let dialog = await run('Sync now', 'What a sync would do');
    await dialog.getByText('Stopped: 8 people would be suspended.').first().waitFor();
    await dialog.getByText('The limit is 5.').waitFor();
    await look('22-sync-waiting');
    await hand.press(button(dialog, 'See the 8'));
    for (const name of gone) await dialog.getByRole('link', { name }).waitFor();
    await page.waitForFunction(() => document.activeElement?.dataset.row === 'suspend');
    await look('22-sync-waiting-list');
    await hand.press(button(dialog, 'Cancel'));
    await dialog.waitFor({ state: 'hidden' });
    await stands(page, 'Waits for you');
    await look('14-sync-waiting');
    await tell('waiting');
    // The report has an address of its own.
    await hand.press(card(page).getByRole('link', { name: 'See what waits' }));
    await report(page, 'What a sync would do').waitFor();
    await page.reload();
    dialog = report(page, 'What a sync would do');
    await button(dialog, 'See the 8').waitFor();
  });
  await step(`${tag}: it is done after a question`, async () => {
    const dialog = report(page, 'What a sync would do');
    const question = report(page, 'Suspend 8 people?');
    await hand.press(button(dialog, 'Suspend 8…'));
    await question.getByText('Their sessions end at once').waitFor();
    await look('22-sync-question');
    await hand.press(button(question, 'Keep as it is'));
    await question.waitFor({ state: 'hidden' });
    await hand.press(button(dialog, 'Suspend 8…'));
    await hand.press(button(question, 'Suspend 8'));
    const did = report(page, 'What the sync did');
    await counts(did, 'Suspended, sessions ended at once', 8);
    await leave(did);
    await stands(page, 'Up to date');
    await tell('confirmed');
    // What stopped before is settled.
    await hand.press(history(page).getByRole('listitem').filter({ hasText: 'Stopped' }).first().getByRole('link'));
    await dialog.getByText('A later sync went through.').waitFor();
    found(`settled one can be done again by ${tag}`, await button(dialog, 'Suspend 8…').count());
    await leave(dialog);
  });
  await step(`${tag}: it is set to run by itself, and what is not saved is not synced`, async () => {
    await choose(hand, page.getByRole('combobox', { name: 'How often' }), '15 minutes');
    await hand.write(text(page, 'Stop and ask above, in percent of the people'), '300');
    await card(page).getByText('There are unsaved changes.').waitFor();
    found(`sync of what is not saved by ${tag}`, await button(card(page), 'Sync now').isDisabled());
    await hand.press(button(page, 'Save changes'));
    await page.getByText('Enter a whole number from 1 to 100.').waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'settings.sync.max_share_percent');
    await look('14-sync-schedule-wrong');
    await hand.write(text(page, 'Stop and ask above, in percent of the people'), '25');
    await hand.press(button(page, 'Save changes'));
    await page.getByText('Everything is saved').waitFor();
    await card(page).getByText('15 minutes', { exact: true }).waitFor();
    await card(page).getByText('would suspend more than 25 % of the people').waitFor();
    await look('14-sync-schedule');
    await page.reload();
    await card(page).getByText('15 minutes', { exact: true }).waitFor();
    found(`pause after a reload by ${tag}`, await page.getByRole('combobox', { name: 'How often' }).inputValue());
  });
  await step(`${tag}: one that is switched off is only looked at`, async () => {
    await hand.press(page.getByRole('switch'));
    await hand.press(button(page.getByRole('dialog'), 'Switch off'));
    await toast(page, 'Source switched off').waitFor();
    await stands(page, 'Off');
    await card(page).getByText('The source is switched off.').waitFor();
    found(`sync of what is off by ${tag}`, await button(card(page), 'Sync now').isDisabled());
    await look('14-sync-off');
    await leave(await run('Dry run', 'What a sync would do'));
    await hand.press(page.getByRole('switch'));
    await toast(page, 'Source switched on').waitFor();
    await stands(page, 'Up to date');
  });
  await step(`${tag}: a directory that is away fails with the reason`, async () => {
    await ask(`away ${tag}`);
    await hand.press(button(card(page), 'Sync now'));
    const dialog = report(page, 'What the sync did');
    await dialog.getByText('The sync failed.').first().waitFor();
    found(`reason by ${tag}`, (await dialog.locator('.sync-failure').first().innerText()).trim());
    await look('22-sync-failed');
    await leave(dialog);
    await stands(page, 'Failed');
    await look('14-sync-failed');
    await hand.press(button(history(page), /^Show all/));
    await look('14-sync-history');
    await tell('failed');
  });
}

await play([rita], browsers, async () => {
  await step('an administrator signs in', () => rita.enterConsole(BASE, 'root', PASSWORD));
  await day(rita, false, 'Mouse');
  await day(rita, true, 'Keys');
  await step('the audit log tells it in words', async () => {
    await rita.page.goto(`${BASE}/console/audit?what=sources`);
    await rita.page.getByRole('table').getByText('Started sync').first().waitFor();
    await rita.accessible('audit log of syncs');
  });
});

// The audit log: what an auditor finds, opens, hands on and takes along, by mouse and by keyboard alone, wide and narrow.
import { readFileSync } from 'node:fs';
import { Hand } from './hand.mjs';
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, PASSWORD } = process.env;
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 380, height: 800 };
const browsers = [await launch()];
const at = (name, size) =>
  Person.at(browsers[0], name, size, { permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'reduce', acceptDownloads: true });
const aud = await at('aud', WIDE);
const rita = await at('rita', WIDE);

const pane = (page) => page.getByRole('complementary');
const button = (place, name) => place.getByRole('button', { name, exact: true });
const entry = (page, what) => page.getByRole('row').filter({ has: page.getByRole('link', { name: what, exact: true }) }).first();

const enter = (person, username) => person.enterConsole(BASE, username, PASSWORD);

/** Takes the log along as a file, and says what stands in it. */
async function taken(person, hand, form) {
  const coming = person.page.waitForEvent('download');
  await hand.pick(button(person.page, 'Export'), form);
  const file = await coming;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

async function day(person, byKey, tag) {
  const { page } = person;
  const hand = new Hand(person, byKey);
  const look = (what) => (tag === 'Mouse' ? person.pictures(what) : person.accessible(`${tag}: ${what}`));
  await step(`${tag}: the newest entries stand above`, async () => {
    await page.goto(`${BASE}/console/audit`);
    await entry(page, 'Suspended user').waitFor();
    await look('16-audit');
  });
  await step(`${tag}: an entry says what it changed`, async () => {
    // By now the newest page may be about readings only.
    await page.goto(`${BASE}/console/audit?what=users`);
    await hand.press(entry(page, 'Changed user').getByRole('link'));
    await pane(page).getByRole('heading', { name: 'Changed user' }).waitFor();
    await page.waitForURL(/\/console\/audit\/\d+\?what=users$/);
    await pane(page).getByText('Ada Lovelace').first().waitFor();
    await pane(page).getByRole('heading', { name: 'What changed' }).waitFor();
    await look('16-audit-entry');
    await hand.press(button(pane(page), 'Copy a link to this entry'));
    await page.locator('.toast').filter({ hasText: 'Link copied' }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await page.goto(link);
    await pane(page).getByRole('heading', { name: 'Changed user' }).waitFor();
    if (byKey) await page.keyboard.press('Escape');
    else await button(pane(page), 'Close').click();
    await pane(page).waitFor({ state: 'hidden' });
  });
  await step(`${tag}: the log is filtered, and the address says how`, async () => {
    await hand.choose(page.getByRole('combobox', { name: 'What' }), 'Reading this log');
    await entry(page, 'Read audit log').waitFor();
    await entry(page, 'Suspended user').waitFor({ state: 'detached' });
    await page.waitForURL(/what=log/);
    await hand.press(button(page, 'Clear filter What'));
    if (byKey) await page.keyboard.press('/');
    else await page.getByRole('searchbox', { name: 'Find entries' }).click();
    await page.keyboard.type('bela suspended');
    await entry(page, 'Read audit log').waitFor({ state: 'detached' });
    await entry(page, 'Suspended user').waitFor();
    await page.keyboard.type(' nonsense');
    await page.getByRole('heading', { name: 'No entry matches' }).waitFor();
    await look('16-audit-nothing');
    await hand.press(button(page, 'Clear filters'));
    await entry(page, 'Suspended user').waitFor();
    await hand.choose(page.getByRole('combobox', { name: 'Who' }), 'Me');
    await page.waitForURL(/who=/);
    await entry(page, 'Suspended user').waitFor({ state: 'detached' });
    await page.goBack();
    await entry(page, 'Suspended user').waitFor();
  });
  await step(`${tag}: what is new is counted, and shown on a press`, async () => {
    await ask('suspend cleo');
    await button(page, /^\d+ new entr/).waitFor();
    await hand.press(button(page, /^\d+ new entr/));
    await page.getByText('Cleo Test').first().waitFor();
    await ask('reinstate cleo');
  });
  await step(`${tag}: the log is taken along`, async () => {
    const csv = await taken(person, hand, 'For a spreadsheet (CSV)');
    if (csv.name !== 'audit-log.csv' || !csv.text.startsWith('position,record,at,')) throw new Error(`${csv.name}: ${csv.text.slice(0, 80)}`);
    const lines = (await taken(person, hand, 'For a program (JSON Lines)')).text.trim().split('\n').map((line) => JSON.parse(line));
    if (!lines.some((line) => line.kind === 'person.suspended' && line.person.name === 'Bela Test')) throw new Error('the file lacks an entry');
  });
}

await play([aud, rita], browsers, async () => {
  await step('an auditor is led to the log', async () => {
    await enter(aud, 'aud');
    await aud.page.getByRole('link', { name: 'Audit log' }).click();
    await entry(aud.page, 'Suspended user').waitFor();
  });
  await day(aud, false, 'Mouse');
  await day(aud, true, 'Keys');
  await step('the same on a phone', () => aud.page.setViewportSize(NARROW));
  await day(aud, false, 'Thumb');
  await step('older pages follow', async () => {
    const { page } = aud;
    await page.setViewportSize(WIDE);
    await page.goto(`${BASE}/console/audit`);
    await button(page, 'Older').click();
    await page.waitForURL(/before=\d+/);
    await button(page, 'Newest').click();
    await page.waitForURL(/\/console\/audit$/);
  });
  await step('what is no entry, or fails, has its own face', async () => {
    const { page } = aud;
    aud.excused = true;
    await page.goto(`${BASE}/console/audit/999999`);
    await pane(page).getByRole('heading', { name: 'Nothing here for you' }).waitFor();
    await page.route(/\/api\/v1\/audit\?/, (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: '', code: 'storage_unavailable', status: 503, title: '' }) }));
    await page.goto(`${BASE}/console/audit`);
    await page.getByRole('heading', { name: 'The audit log could not be loaded' }).waitFor();
    await aud.pictures('16-audit-failed');
    await page.unroute(/\/api\/v1\/audit\?/);
    await button(page, 'Try again').click();
    await entry(page, 'Suspended user').waitFor();
    aud.excused = false;
  });
  await step('an administrator reads what he did himself', async () => {
    await enter(rita, 'root');
    await rita.page.getByRole('link', { name: 'Audit log' }).click();
    await entry(rita.page, 'Suspended user').waitFor();
    await rita.page.getByText('What you did.').waitFor();
    found('who for an administrator', await rita.page.getByRole('combobox', { name: 'Who' }).count());
    await rita.pictures('16-audit-own');
  });
});

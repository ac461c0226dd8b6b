// Linking a source to an account with a duty: an administrator asks in the console, a compliance lead sees what it would open and agrees.
import { Hand } from './hand.mjs';
import { Person, found, launch, play, step } from './page.mjs';
import { button, dialog, pane, text, toast } from './parts.mjs';

const { BASE, OLGA, PASSWORD } = process.env;
const browsers = [await launch()];
const at = (name, size = { width: 1440, height: 900 }, more = {}) => Person.at(browsers[0], name, size, { reducedMotion: 'reduce', locale: 'en-US', ...more });
const [rita, lena] = [await at('rita'), await at('lena')];
/** Signs in on the way to the console, past the source that stands first. Nobody is signed in at first, so the first questions are refused. */
const enter = (person, name) => person.refused(async () => {
  const { page } = person;
  await page.goto(`${BASE}/console`);
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await button(page, 'Sign in with password').click();
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
});
const reason = (page) => page.getByLabel('Why is it linked?');

await play([rita, lena], browsers, async () => {
  const hand = new Hand(rita, true);
  await step('an administrator asks', async () => {
    const { page } = rita;
    await enter(rita, 'root');
    await page.goto(`${BASE}/console/users/${OLGA}`);
    await hand.press(button(pane(page), 'Link'));
    await dialog(page).getByText(/a compliance lead has to agree/).waitFor();
    await hand.write(text(dialog(page), 'Id there'), '248289761001');
    await hand.press(button(dialog(page), 'Ask for approval'));
    await dialog(page).getByText(/^Use 10 to 500 characters/).waitFor();
    await hand.write(reason(page), 'Her name at the company since May.');
    await rita.pictures('35-link-ask');
    await hand.press(button(dialog(page), 'Ask for approval'));
    await toast(page, 'Asked for.').waitFor();
    await pane(page).getByRole('link', { name: 'Waits for a second person' }).waitFor();
    await rita.pictures('35-link-waits');
    await hand.press(pane(page).getByRole('link', { name: 'Waits for a second person' }));
    await page.getByText('Her name at the company since May.').waitFor();
    found('approve buttons of the asker', await button(page, 'Approve').count());
    found('withdraw buttons of the asker', await button(page, 'Withdraw').count());
    found('approvals in the menu', await page.getByRole('navigation', { name: 'Console', exact: true }).getByRole('link', { name: /^Approvals/ }).count());
    found('rules in the menu', await page.getByRole('link', { name: 'Policy rules' }).count());
    await rita.pictures('35-link-request-asker');
  });
  await step('a lead sees exactly what, and agrees', async () => {
    const { page } = lena;
    const by = new Hand(lena, false);
    await enter(lena, 'lena');
    await by.press(page.getByRole('link', { name: /^Approvals/ }));
    await by.press(page.getByRole('link', { name: /Link Olga Test to Corp/ }));
    const facts = page.locator('.request .changed');
    await facts.waitFor();
    found('what it would open', (await facts.locator('dd').allTextContents()).join(' | '));
    await lena.pictures('35-link-request');
    await by.press(button(page, 'Approve'));
    await toast(page, 'Approved. It is linked now.').waitFor();
    await page.locator('.strip').getByText('Linked').waitFor();
    await by.press(page.getByRole('link', { name: 'Olga Test (olga)' }));
    await pane(page).getByText('248289761001').first().waitFor();
    found('still waits', await pane(page).getByText('Waits for a second person').count());
    await by.press(page.getByRole('link', { name: 'Audit log' }));
    await page.getByText('by hand, agreed to by a second person').first().waitFor();
    await page.getByText('Linked to source').first().click();
    await pane(page).getByText('Agreed by').waitFor();
    await lena.pictures('35-link-log');
    found('who, in the log', (await pane(page).locator('.fact').filter({ hasText: /^(Asked|Agreed) by/ }).locator('dd').allTextContents()).join(' | '));
  });
});

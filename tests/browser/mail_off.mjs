// Bela turns mails off by the link in one of them, without being signed in; a link that is damaged or foreign says so.
import { Person, found, launch, play, step } from './page.mjs';

const { BASE, LINK, PASSWORD } = process.env;
const browsers = [await launch()];
const bela = await Person.at(browsers[0], 'bela');
const { page } = bela;
const invalid = () => page.getByText('This link does not work').last().waitFor();
const stop = page.getByRole('button', { name: 'Stop these mails' });

await play([bela], browsers, async () => {
  // Nobody is signed in, and that is asked.
  await bela.refused(async () => {
    await step('a link that lost its end says so', async () => {
      await page.goto(`${BASE}/mail/off/AQEHBwcH`);
      await invalid();
      await bela.pictures('mail-07-damaged');
    });
    await step('a foreign one is not taken', async () => {
      await page.goto(`${BASE}/mail/off/${'A'.repeat(46)}`);
      await stop.click();
      await invalid();
    });
    await step('the link asks before it does anything', async () => {
      await page.goto(LINK);
      await page.getByRole('heading', { name: 'Stop these mails?' }).waitFor();
      await bela.pictures('mail-08-stop');
      await stop.click();
      await page.getByText('These mails will not come any more.').waitFor();
      await bela.pictures('mail-09-stopped');
    });
    await step('they are turned on again in settings', async () => {
      await page.getByRole('button', { name: 'Open settings' }).click();
      await page.getByLabel('Username').fill('bela');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL(/\/settings\/notifications/, { waitUntil: 'commit' });
      await page.getByRole('radio', { name: 'Never', checked: true }).waitFor();
    });
  });
  await step('a link opened while signed in works as well', async () => {
    await page.getByRole('radio', { name: /^About each conversation/ }).check();
    await page.getByLabel('How long something waits unread').waitFor();
    await page.goto(LINK);
    await stop.click();
    await page.getByText('These mails will not come any more.').waitFor();
    await page.getByRole('button', { name: 'Open settings' }).click();
    await page.getByRole('radio', { name: 'Never', checked: true }).waitFor();
    found('turned off again', 'yes');
  });
});

// What Cora chooses about mails, on two devices of which one is in Tokyo; why no mail went; the page that turns mails off.
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch(), await launch(), await launch()];
const cora = await Person.at(browsers[0], 'cora', undefined, { timezoneId: 'Asia/Tokyo' });
const again = await Person.at(browsers[1], 'cora again', undefined, { timezoneId: 'Europe/Berlin' });
const stranger = await Person.at(browsers[2], 'stranger');
const EACH = 'About each conversation, once something in it has waited';
const DAILY = 'Once a day, about all conversations together';
const radio = (person, name) => person.page.getByRole('radio', { name, exact: true });
const card = (person, name) => person.page.getByRole('region', { name, exact: true });
const quiet = (person) => card(person, 'Quiet hours for e-mail');
const why = (person) => card(person, 'Why did I get no mail?');
/** Pictures of a card, each from its head on. */
async function pictures(person, region, name) {
  await region.scrollIntoViewIfNeeded();
  await region.evaluate((one) => one.scrollIntoView({ block: 'start' }));
  await person.pictures(name);
}
const holds = (person, name) => person.page.waitForFunction((name) =>
  [...document.querySelectorAll('.radio')].some((one) => one.textContent.trim() === name && one.querySelector('input').checked), name);
const shows = (person, label, value) => person.page.waitForFunction(([label, value]) =>
  [...document.querySelectorAll('label')].some((one) => one.textContent === label && one.control?.value === value), [label, value]);
/** What is kept, once it has come to the other device. */
const kept = async (name) => found(name, await ask('mailing'));

await play([cora, again, stranger], browsers, async () => {
  await step('cora signs in twice and reads nothing', async () => {
    for (const person of [cora, again]) {
      await person.signIn(BASE, 'cora', PASSWORD);
      await person.page.goto(`${BASE}/settings/notifications`);
      await holds(person, EACH);
    }
    await cora.page.getByText('Mails go to cora@example.com.').waitFor();
    await cora.page.getByText('A mail says who wrote, and not what.').waitFor();
    await cora.page.getByText('Quiet is 20:00 to 07:00, and all of Saturday and Sunday.').waitFor();
    await pictures(cora, card(cora, 'E-mail when you are away'), 'mail-01-house');
  });
  await step('it is told how conversations stand', async () => {
    const line = (name) => why(cora).getByRole('listitem').filter({ hasText: name });
    await line('Rates desk').getByText(/^Waits until/).waitFor();
    await line('Ada Test').getByText(/^Waits until/).waitFor();
    await pictures(cora, why(cora), 'mail-02-waits');
    await ask('read');
    await cora.page.reload();
    await line('Rates desk').getByText(/^Nothing sent: read/).waitFor();
    await pictures(cora, why(cora), 'mail-03-read');
  });
  await step('a daily mail at half past nine', async () => {
    await radio(cora, DAILY).check();
    await cora.page.getByLabel('Time of the daily mail').fill('09:30');
    await holds(again, DAILY);
    await shows(again, 'Time of the daily mail', '09:30');
    await kept('daily');
    await pictures(cora, card(cora, 'E-mail when you are away'), 'mail-04-daily');
  });
  await step('each conversation after half an hour, in German', async () => {
    await radio(again, EACH).press(' ');
    await again.page.getByLabel('How long something waits unread').selectOption('30 minutes');
    await again.page.getByLabel('Language of the mails').selectOption('German');
    await shows(cora, 'How long something waits unread', '30');
    await shows(cora, 'Language of the mails', 'de');
    await kept('each');
  });
  await step('own quiet hours by the clock of the device', async () => {
    await quiet(cora).getByRole('button', { name: 'My own' }).click();
    await quiet(cora).getByLabel('From').fill('22:00');
    await quiet(cora).getByRole('checkbox', { name: 'Friday' }).check();
    await quiet(cora).getByLabel('Time zone').selectOption('Asia/Tokyo, the zone of this device');
    await quiet(cora).getByRole('switch', { name: 'Urgent messages may come through' }).click();
    await quiet(again).getByText('Quiet is 22:00 to 07:00, and all of Friday, Saturday and Sunday.').waitFor();
    await shows(again, 'Time zone', 'Asia/Tokyo');
    await quiet(again).locator('[role=switch][aria-checked=false]').waitFor();
    await kept('own');
    await pictures(cora, quiet(cora), 'mail-05-own');
  });
  await step('an emptied time shows again what holds', async () => {
    await quiet(cora).getByLabel('From').evaluate((field) => {
      field.value = '';
      field.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await shows(cora, 'From', '22:00');
  });
  await step('as for everybody, and never', async () => {
    await quiet(cora).getByRole('button', { name: 'As for everybody here' }).click();
    await quiet(cora).getByLabel('Time zone').selectOption('Europe/Berlin, as for everybody here');
    await cora.page.getByLabel('Language of the mails').selectOption('English, as for everybody here');
    await cora.page.getByLabel('How long something waits unread').selectOption('15 minutes, as for everybody here');
    await radio(cora, 'Never').check();
    await holds(again, 'Never');
    await quiet(again).waitFor({ state: 'hidden' });
    found('quiet card while never', await quiet(cora).count());
    await kept('house again');
  });
  await step('the details of a conversation say that it holds for mails', async () => {
    await cora.row('Rates desk').click();
    await cora.page.getByRole('button', { name: 'Show details' }).click();
    await cora.page.getByText('This holds for e-mails too.').waitFor();
    await cora.pictures('mail-06-details');
  });
  await step('a link that lost its end says so', async () => {
    const { page } = stranger;
    stranger.excused = true;
    await page.goto(`${BASE}/mail/off/AQEHBwcH`);
    await page.getByText('This link does not work').last().waitFor();
    await stranger.pictures('mail-07-damaged');
    await page.goto(`${BASE}/mail/off/${'A'.repeat(46)}`);
    await page.getByRole('heading', { name: 'Stop these mails?' }).waitFor();
    await stranger.pictures('mail-08-stop');
    await page.getByRole('button', { name: 'Stop these mails' }).click();
    await page.getByText('This link does not work').last().waitFor();
    // As the server answers to a token of its own.
    await page.route('**/mail/off/**', (route) => route.request().method() === 'POST' ? route.fulfill({ status: 200, body: 'done' }) : route.continue());
    await page.reload();
    await page.getByRole('button', { name: 'Stop these mails' }).click();
    await page.getByText('These mails will not come any more.').waitFor();
    await stranger.pictures('mail-09-stopped');
    await page.getByRole('button', { name: 'Open settings' }).click();
    await page.getByLabel('Username').waitFor();
    await page.getByLabel('Username').fill('cora');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/settings\/notifications/, { waitUntil: 'commit' });
    await holds(stranger, 'Never');
    stranger.excused = false;
  });
});

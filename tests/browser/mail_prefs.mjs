// What Bela chooses about mails, on two devices of which one is in Tokyo; why no mail went.
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch(), await launch()];
const bela = await Person.at(browsers[0], 'bela', undefined, { timezoneId: 'Asia/Tokyo' });
const again = await Person.at(browsers[1], 'bela again', undefined, { timezoneId: 'Europe/Berlin' });
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

await play([bela, again], browsers, async () => {
  await step('bela signs in twice and reads nothing', async () => {
    for (const person of [bela, again]) {
      await person.signIn(BASE, 'bela', PASSWORD);
      await person.page.goto(`${BASE}/settings/notifications`);
      await holds(person, EACH);
    }
    await bela.page.getByText('Mails go to bela@example.org.').waitFor();
    await bela.page.getByText('A mail says who wrote, and not what.').waitFor();
    await bela.page.getByText('Quiet is 20:00 to 07:00, and all of Saturday and Sunday.').waitFor();
    await pictures(bela, card(bela, 'E-mail when you are away'), 'mail-01-house');
  });
  await step('it is told how conversations stand', async () => {
    const line = (name) => why(bela).getByRole('listitem').filter({ hasText: name });
    await line('Rates desk').getByText(/^Waits until/).waitFor();
    await line('Ada Test').getByText(/^Waits until/).waitFor();
    await pictures(bela, why(bela), 'mail-02-waits');
    await ask('read');
    await bela.page.reload();
    await line('Rates desk').getByText(/^Nothing sent: read/).waitFor();
    await pictures(bela, why(bela), 'mail-03-read');
  });
  await step('a daily mail at half past nine', async () => {
    await radio(bela, DAILY).check();
    await bela.page.getByLabel('Time of the daily mail').fill('09:30');
    await holds(again, DAILY);
    await shows(again, 'Time of the daily mail', '09:30');
    await kept('daily');
    await pictures(bela, card(bela, 'E-mail when you are away'), 'mail-04-daily');
  });
  await step('each conversation after half an hour, in German', async () => {
    await radio(again, EACH).press(' ');
    await again.page.getByLabel('How long something waits unread').selectOption('30 minutes');
    await again.page.getByLabel('Language of the mails').selectOption('German');
    await shows(bela, 'How long something waits unread', '30');
    await shows(bela, 'Language of the mails', 'de');
    await kept('each');
  });
  await step('own quiet hours by the clock of the device', async () => {
    await quiet(bela).getByRole('button', { name: 'My own' }).click();
    await quiet(bela).getByLabel('From').fill('22:00');
    await quiet(bela).getByRole('checkbox', { name: 'Friday' }).check();
    await quiet(bela).getByLabel('Time zone').selectOption('Asia/Tokyo, the zone of this device');
    await quiet(bela).getByRole('switch', { name: 'Urgent messages may come through' }).click();
    await quiet(again).getByText('Quiet is 22:00 to 07:00, and all of Friday, Saturday and Sunday.').waitFor();
    await shows(again, 'Time zone', 'Asia/Tokyo');
    await quiet(again).locator('[role=switch][aria-checked=false]').waitFor();
    await kept('own');
    await pictures(bela, quiet(bela), 'mail-05-own');
  });
  await step('an emptied time shows again what holds', async () => {
    await quiet(bela).getByLabel('From').evaluate((field) => {
      field.value = '';
      field.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await shows(bela, 'From', '22:00');
  });
  await step('as for everybody, and never', async () => {
    await quiet(bela).getByRole('button', { name: 'As for everybody here' }).click();
    await quiet(bela).getByLabel('Time zone').selectOption('Europe/Berlin, as for everybody here');
    await bela.page.getByLabel('Language of the mails').selectOption('English, as for everybody here');
    await bela.page.getByLabel('How long something waits unread').selectOption('15 minutes, as for everybody here');
    await radio(bela, 'Never').check();
    await holds(again, 'Never');
    await quiet(again).waitFor({ state: 'hidden' });
    found('quiet card while never', await quiet(bela).count());
    await kept('house again');
  });
  await step('the details of a conversation say that it holds for mails', async () => {
    await bela.page.goto(`${BASE}/chats`);
    await bela.row('Rates desk').click();
    await bela.page.getByRole('button', { name: 'Show details' }).click();
    await bela.page.getByText('This holds for e-mails too.').waitFor();
    await bela.pictures('mail-06-details');
  });
});

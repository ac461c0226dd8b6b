// The outbox: how each mail fares and why, by key and by thumb; why somebody got no mail; another address for them.
import { Hand } from './hand.mjs';
import { Person, ask, focused, found, launch, play, step } from './page.mjs';
import { button, dialog, pane, region, text, toast } from './parts.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch()];
const more = { reducedMotion: 'reduce', locale: 'en-GB' };
const rita = await Person.at(browsers[0], 'rita', { width: 1440, height: 900 }, more);
const phone = await Person.at(browsers[0], 'phone', { width: 380, height: 800 }, more);
const { page } = rita;
const hand = new Hand(rita, true);

const outbox = `${BASE}/console/settings/notifications/outbox`;
const rows = (page) => page.locator('.outbox-table tbody tr');
const rowOf = (page, name) => rows(page).filter({ has: page.getByRole('link', { name, exact: true }) });
const states = (page) => page.getByRole('combobox', { name: 'Show', exact: true });
const only = async (option, address) => {
  await hand.choose(states(page), option);
  await page.waitForURL(address);
};
const email = () => pane(page).locator('.fact').filter({ hasText: 'E-mail' });

await play([rita, phone], browsers, async () => {
  await step('an empty outbox says what will stand there', async () => {
    await rita.enterConsole(BASE, 'root', PASSWORD);
    await page.goto(outbox);
    await page.getByText('Mails about unread messages, invitations and resets stand here for 30 days.').waitFor();
    await rita.pictures('outbox-empty');
  });
  await step('what keeps every mail from leaving stands above them', async () => {
    await page.goto(`${BASE}/console/users`);
    await rita.refused(async () => {
      await ask('wait');
      await page.goto(outbox);
      await page.getByText('No mail leaves.').waitFor();
    });
    await page.getByText('Nobody answers there').first().waitFor();
    await rita.pictures('outbox-stuck');
    await hand.press(page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Health', exact: true }));
    const mail = page.getByRole('region', { name: 'Worth a look' }).getByRole('listitem').filter({ hasText: 'the mail server is not reached' });
    await mail.getByText('55 mails wait, the oldest since').waitFor();
    await mail.scrollIntoViewIfNeeded();
    await rita.pictures('outbox-health');
    await hand.press(mail.getByRole('link', { name: 'Open outbox' }));
    await page.getByText('No mail leaves.').waitFor();
  });
  await step('each mail says how it fares and why', async () => {
    await ask('leave');
    await page.getByText('No mail leaves.').waitFor({ state: 'hidden' });
    await rowOf(page, 'Cleo Test').getByText('mailbox is locked').first().waitFor();
    await rowOf(page, 'Cleo Test').getByText('Tried 1 time.').first().waitFor();
    await rowOf(page, 'Cleo Test').getByText(/Next try /).first().waitFor();
    await rowOf(page, 'Dana Test').getByText('It is not tried again.').first().waitFor();
    await rowOf(page, 'Dana Test').getByText('no such user').first().waitFor();
    await rowOf(page, 'Emil Test').getByText('what was unread was deleted').waitFor();
    await rowOf(page, 'Bela Test').getByText('Taken by the mail server').first().waitFor();
    await rita.pictures('outbox');
  });
  await step('pages follow one another', async () => {
    found('mails of the first page', await rows(page).count());
    await hand.press(button(page, 'Older'));
    await page.waitForURL(/before=/);
    await rowOf(page, 'Gus Test').getByText('No mail server', { exact: true }).waitFor();
    found('mails of the second page', await rows(page).count());
    if (await button(page, 'Older').isEnabled()) throw new Error('there is nothing older');
    await rita.pictures('outbox-older');
    await hand.press(button(page, 'Newest'));
    await page.waitForURL(/outbox$/);
  });
  await step('only those in one state, at an address', async () => {
    await only('Refused', /state=refused/);
    await rowOf(page, 'Cleo Test').first().waitFor({ state: 'hidden' });
    if ((await rows(page).count()) !== 9) throw new Error('not the refused ones');
    await page.reload();
    await rowOf(page, 'Dana Test').first().waitFor();
    await only('Being sent', /state=leaving/);
    await page.getByText('No mail of the last 30 days is in this state.').waitFor();
    await rita.pictures('outbox-none');
    await hand.press(button(page, 'All mails'));
    await page.waitForURL(/outbox$/);
  });
  await step('an address is mended on the page of its account', async () => {
    await hand.press(rowOf(page, 'Cleo Test').getByRole('link', { name: 'Cleo Test', exact: true }).first());
    await pane(page).getByText('later@example.org').waitFor();
    await rita.pictures('outbox-account');
    await hand.press(button(email(), 'Change e-mail'));
    await focused(page, 'E-mail');
    await hand.write(dialog(page).locator('#new-email'), 'cleo');
    await rita.refused(async () => {
      await hand.press(button(dialog(page), 'Save'));
      await dialog(page).getByText('This is no e-mail address.').waitFor();
      await page.waitForFunction(() => document.activeElement?.id === 'new-email');
    });
    await rita.pictures('address-wrong');
    await hand.write(dialog(page).locator('#new-email'), 'Cleo@Example.org');
    await hand.press(button(dialog(page), 'Save'));
    await email().getByText('cleo@example.org').waitFor();
    await hand.press(button(toast(page, 'E-mail changed'), 'Undo'));
    await email().getByText('later@example.org').waitFor();
  });
  await step('what somebody else entered meanwhile is not overwritten unasked', async () => {
    await hand.press(button(email(), 'Change e-mail'));
    await ask('other');
    await hand.write(dialog(page).locator('#new-email'), 'cleo@example.org');
    await rita.refused(async () => {
      await hand.press(button(dialog(page), 'Save'));
      await dialog(page).getByText('Somebody else changed the address to else@example.org').waitFor();
    });
    await rita.pictures('address-outdated');
    await hand.press(button(dialog(page), 'Save'));
    await email().getByText('cleo@example.org').waitFor();
  });
  await step('why somebody got no mail', async () => {
    await hand.press(button(region(page, 'Mails'), 'Why did they get no mail?'));
    await dialog(page, 'Mails to Cleo Test').waitFor();
    await dialog(page).getByText('That you looked is on record.').waitFor();
    await dialog(page).getByText('A mail waits to be sent.').first().waitFor();
    await rita.pictures('outbox-why');
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'hidden' });
    await focused(page, 'Why did they get no mail?');
  });
  await step('their mails, and one of them tried again', async () => {
    await hand.press(region(page, 'Mails').getByRole('link', { name: 'Show in the outbox' }));
    await page.waitForURL(/person=/);
    await rowOf(page, 'Cleo Test').first().waitFor();
    if ((await rows(page).count()) !== 9) throw new Error('not only theirs');
    await hand.press(button(rows(page).first(), 'Try now'));
    await toast(page, 'It is tried now').waitFor();
    await rowOf(page, 'Cleo Test').getByText('Taken by the mail server').waitFor();
    await rita.pictures('outbox-person');
    await hand.press(button(page, 'Show mails to everybody'));
    await page.waitForURL(/outbox$/);
  });
  await step('the same question from the line of a mail', async () => {
    await only('Refused', /state=refused/);
    await rowOf(page, 'Cleo Test').first().waitFor({ state: 'hidden' });
    await hand.pick(button(rows(page).first(), 'More about the mail to Dana Test'), 'Why did they get no mail?');
    await dialog(page, 'Mails to Dana Test').getByText('A mail was refused by the mail server.').first().waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'hidden' });
    await hand.pick(button(rows(page).first(), 'More about the mail to Dana Test'), 'Show only mails to them');
    await page.waitForURL(/state=refused&person=/);
  });
  await step('an address that comes from a source is not changed here', async () => {
    await page.goto(`${BASE}/console/users`);
    await hand.press(page.getByRole('link', { name: 'Ines Test', exact: true }));
    await email().getByText('Comes from Our provider').waitFor();
    if (await button(email(), 'Change e-mail').count()) throw new Error('it seems to be changeable');
    await rita.pictures('address-from-source');
  });
  await step('by thumb', async () => {
    const thumb = phone.page;
    await phone.enterConsole(BASE, 'root', PASSWORD);
    await thumb.goto(outbox);
    await states(thumb).selectOption({ label: 'Waiting' });
    await thumb.waitForURL(/state=waiting/);
    await rowOf(thumb, 'Cleo Test').first().getByRole('button', { name: 'Try now' }).waitFor();
    await button(rows(thumb).first(), 'More about the mail to Cleo Test').click();
    await thumb.getByRole('menuitem', { name: 'Why did they get no mail?', exact: true }).click();
    await dialog(thumb, 'Mails to Cleo Test').getByText('What was decided').waitFor();
    await phone.accessible('decisions by thumb');
  });
});

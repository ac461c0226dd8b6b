// How people are told by mail: what an administrator sets up and tries out, by mouse, by key and by thumb.
import { Hand } from './hand.mjs';
import { Person, ask, focused, found, launch, play, step } from './page.mjs';
import { box, button, dialog, text, toast } from './parts.mjs';

const { BASE, PASSWORD } = process.env;
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 380, height: 800 };
// A frame in which nothing may run would get a process of its own, of which the tool loses track.
const browsers = [await launch(undefined, ['--disable-features=IsolateSandboxedIframes'])];
const at = (name, size) => Person.at(browsers[0], name, size, { reducedMotion: 'reduce' });
const rita = await at('rita', WIDE);
const olga = await at('olga', WIDE);

const saved = (page) => page.getByText('Everything is saved').waitFor();
const place = (page, name) => page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name, exact: true });
const tab = (page, name) => page.getByRole('navigation', { name: 'Settings of mail' }).getByRole('link', { name, exact: true });
const pick = (page, name) => page.getByRole('combobox', { name, exact: true });

async function go(page, hand, name) {
  if (await button(page, 'Open the menu').isVisible()) await hand.press(button(page, 'Open the menu'));
  await hand.press(place(page, name));
}

async function day(person, byKey, tag) {
  const { page } = person;
  const hand = new Hand(person, byKey);
  const look = (what) => (tag === 'Mouse' ? person.pictures(what) : person.accessible(`${tag}: ${what}`));
  const { port, user, password, authority } = JSON.parse(await ask('settings'));
  await step(`${tag}: the page says that no mail is sent yet`, async () => {
    await go(page, hand, 'Mail');
    await page.waitForURL(/\/console\/settings\/notifications$/);
    await page.getByText('No mail server is set up').waitFor();
    await look('mail-empty');
  });
  await step(`${tag}: what is wrong stands at its field, and the first has the focus`, async () => {
    await hand.write(text(page, 'Server'), 'localhost');
    await hand.write(text(page, 'Port'), '70000');
    await person.refused(async () => {
      await hand.press(button(page, 'Save changes'));
      await page.getByText('2 settings need attention').waitFor();
      await page.getByText('"70000" is not a port').waitFor();
      await focused(page, 'Port');
    });
    await look('mail-wrong');
    await hand.write(text(page, 'Port'), port);
    await hand.write(text(page, 'Certificate authorities'), authority);
    await hand.write(text(page, 'Sender'), 'Chat of Example <chat@example.org>');
  });
  await step(`${tag}: a test with a wrong password says which step failed and what to do`, async () => {
    if (byKey) {
      // One of a group has the focus; the others are reached by arrows.
      await hand.press(page.getByRole('radio', { name: 'Not at all' }), 'ArrowDown');
    } else {
      await page.getByRole('radio', { name: 'With a password' }).click();
    }
    await hand.write(text(page, 'Account'), user);
    await hand.write(page.getByLabel('Password', { exact: true }), 'wrong');
    await hand.write(text(page, 'Send the test mail to'), 'alice@example.org');
    await hand.press(button(page, 'Run the test'));
    await page.locator('[data-step=sign_in] .step-mend').getByText('Check mail.user').waitFor();
    await page.locator('[data-step=send]').getByText('not run').waitFor();
    await look('mail-failed');
  });
  await step(`${tag}: mended, a mail arrives before anything is saved`, async () => {
    await hand.write(page.getByLabel('Password', { exact: true }), password);
    await hand.press(button(page, 'Test again'));
    await page.locator('.test-foot').getByText('A mail is on its way to alice@example.org.').waitFor();
    await page.getByText('with unsaved values').waitFor();
    await look('mail-tested');
  });
  await step(`${tag}: it is saved, and its password never comes back`, async () => {
    await hand.press(button(page, 'Save changes'));
    await saved(page);
    await page.getByText('One is kept').waitFor();
    found(`password in the page by ${tag}`, (await page.content()).includes(password));
  });
  await step(`${tag}: a secret that is kept is asked for again when the account is another`, async () => {
    await hand.write(text(page, 'Account'), 'other');
    await person.refused(async () => {
      await hand.press(button(page, 'Save changes'));
      await page.getByText('Give it again').waitFor();
    });
    await hand.press(button(page, 'Discard'));
    await saved(page);
  });
  await step(`${tag}: house rules are typed, and are not lost by leaving`, async () => {
    await hand.press(tab(page, 'House rules'));
    await page.waitForURL(/\/notifications\/rules$/);
    await hand.write(text(page, 'Time of the daily mail'), '07:30');
    await hand.write(text(page, 'Quiet hours'), '20:00-07:00');
    await hand.tick(box(page, 'Sunday'), true);
    await hand.write(text(page, 'Time zone'), 'Europe/Berlin');
    await hand.press(tab(page, 'Templates'));
    await hand.press(tab(page, 'House rules'));
    await page.getByText('Not saved yet').waitFor();
    await go(page, hand, 'Users');
    await dialog(page).getByRole('heading', { name: 'Leave without saving?' }).waitFor();
    await hand.press(button(dialog(page), 'Stay here'));
    await look('mail-rules');
  });
  await step(`${tag}: what somebody else saved is not overwritten unasked`, async () => {
    await ask('change');
    await person.refused(async () => {
      await hand.press(button(page, 'Save changes'));
      await page.getByText('Somebody else changed the settings of mail in the meantime.').waitFor();
    });
    await look('mail-outdated');
    await hand.press(button(page, 'Keep mine, then save again'));
    await hand.press(button(page, 'Save changes'));
    await saved(page);
    found(`digest by ${tag}`, await text(page, 'Time of the daily mail').inputValue());
    if ((await pick(page, 'Language of mails').inputValue()) !== 'de') throw new Error('their change is lost');
  });
  await step(`${tag}: mails are looked at, each at an address`, async () => {
    await hand.press(tab(page, 'Templates'));
    // Nothing runs in the frame, not even what looks into it: its address is told, and the plain text beside it.
    const shown = (address) => page.locator(`.mail-frame[src*="${address}"]`).waitFor();
    const said = (words) => page.locator('.mail-text').getByText(words).first().waitFor();
    await page.getByText('This is what is set now').waitFor();
    await said('Sie erhalten diese E-Mail');
    await hand.choose(pick(page, 'What a mail may say'), 'Everything: who wrote what, and where');
    await page.waitForURL(/content=full/);
    await shown('content=full');
    await said('fee table is final');
    await hand.choose(pick(page, 'Language'), 'English');
    await shown('language=en');
    await said('You get this mail');
    await look('mail-templates');
    await hand.choose(pick(page, 'Kind of mail'), 'Invitation');
    await page.waitForURL(/kind=invitation/);
    await shown('template=invitation');
    await said('Amara Osei');
    await page.reload();
    await shown('template=invitation');
    await said('Amara Osei');
    if (tag === 'Mouse') {
      const sandbox = await page.locator('.mail-frame').getAttribute('sandbox');
      found('frame can run scripts', sandbox !== '');
    }
  });
  await ask('forget');
  // As somebody who comes back later.
  await page.goto(`${BASE}/console/users`);
  await page.getByRole('table').first().waitFor();
}

await play([rita, olga], browsers, async () => {
  await step('an administrator signs in', () => rita.enterConsole(BASE, 'root', PASSWORD));
  await day(rita, false, 'Mouse');
  await day(rita, true, 'Keys');
  await rita.page.setViewportSize(NARROW);
  await day(rita, false, 'Thumb');
  await step('an officer has no menu entry and no page', async () => {
    await olga.enterConsole(BASE, 'olga', PASSWORD);
    await place(olga.page, 'Users').waitFor();
    found('officer has a menu entry', await place(olga.page, 'Mail').count());
    await olga.page.goto(`${BASE}/console/settings/notifications`);
    await olga.page.getByRole('heading', { name: 'Nothing here for you' }).first().waitFor();
  });
});

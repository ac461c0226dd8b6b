// Links by mail in the console: an invitation that arrives, another that is refused and handed over instead, several at once.
import { Hand } from './hand.mjs';
import { Person, ask, focused, found, gone, launch, play, step } from './page.mjs';
import { button, dialog, pane, region, text, toast } from './parts.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch()];
const more = { reducedMotion: 'reduce', locale: 'en-US' };
const rita = await Person.at(browsers[0], 'rita', { width: 1440, height: 900 }, more);
const phone = await Person.at(browsers[0], 'phone', { width: 380, height: 800 }, more);
const { page } = rita;
const hand = new Hand(rita, true);

const radio = (name) => dialog(page).getByRole('radio', { name, exact: true });
const address = (form) => form.getByRole('textbox', { name: /^E-mail/ });
const mail = () => region(page, 'Last e-mail');

async function fill(name, username, to) {
  const form = dialog(page, 'Add user');
  await focused(page, 'Name');
  await hand.write(text(form, 'Name'), name);
  await hand.write(text(form, 'Username'), username);
  if (to) await hand.write(address(form), to);
}

await play([rita, phone], browsers, async () => {
  let first;
  await step('an invitation goes by mail', async () => {
    await rita.enterConsole(BASE, 'rita', PASSWORD);
    await page.goto(`${BASE}/console/users`);
    await hand.press(button(page, 'Add user'));
    await fill('Nora New', 'nora');
    found('radios without an address', await dialog(page).getByRole('radio').count());
    await hand.write(address(dialog(page)), 'nora');
    await rita.refused(async () => {
      await hand.press(button(dialog(page), 'Create invitation'));
      await dialog(page).getByText('This is no e-mail address.').waitFor();
      await page.waitForFunction(() => document.activeElement?.id === 'invite-email');
    });
    await hand.write(address(dialog(page)), 'nora@example.org');
    if (!(await radio('Send it by e-mail').isChecked())) throw new Error('mail is not offered first');
    await rita.pictures('mail-invite');
    await hand.press(button(dialog(page), 'Create invitation'));
    await dialog(page).getByText('The link is on its way to nora@example.org.').waitFor();
    await rita.pictures('mail-invited');
    await hand.press(button(dialog(page), 'Done'));
    await mail().getByText('Sent', { exact: true }).waitFor();
    await mail().getByText('Invitation', { exact: true }).waitFor();
    await rita.pictures('mail-sent');
    first = await ask('token nora 1');
    if (!(await gone(page, first))) throw new Error('the console shows the link');
  });
  await step('its recipient uses it', async () => {
    await phone.refused(async () => {
      await phone.page.goto(`${BASE}/link#${first}`);
      await phone.page.getByRole('heading', { name: 'Welcome, Nora New' }).waitFor();
    });
    found('nora sees her link', true);
  });
  await step('another one makes it void', async () => {
    await hand.press(button(pane(page), 'New invitation'));
    await dialog(page).getByText('Their address is nora@example.org.').waitFor();
    await rita.pictures('mail-again');
    await hand.press(button(dialog(page), 'Issue link'));
    await toast(page, 'The link is on its way by e-mail').waitFor();
    const second = await ask('token nora 2');
    if (!(await gone(page, second))) throw new Error('the console shows the link');
    await phone.refused(async () => {
      await phone.page.reload();
      await phone.page.getByRole('heading', { name: 'This link no longer works', level: 2 }).waitFor();
    });
  });
  await step('a refused mail is shown, and the link handed over instead', async () => {
    await hand.press(button(page, 'Add user'));
    await fill('Noel Nowhere', 'nobody', 'nobody@example.org');
    await hand.press(button(dialog(page), 'Create invitation'));
    await hand.press(button(dialog(page), 'Done'));
    await mail().getByText('Refused', { exact: true }).waitFor();
    await mail().getByText('550 5.1.1 no such user').waitFor();
    await rita.pictures('mail-refused');
    await hand.press(button(mail(), 'Issue a link by hand instead'));
    await button(dialog(page), 'Make a link').waitFor();
    found('radios by hand', await dialog(page).getByRole('radio').count());
    await hand.press(button(dialog(page), 'Make a link'));
    const link = await dialog(page).getByLabel('Link for Noel Nowhere').inputValue();
    if (!link.startsWith(`${BASE}/link#`)) throw new Error(`no link: ${link}`);
    await hand.press(button(dialog(page), 'Done'));
  });
  await step('several at once, and who has no address is left alone', async () => {
    await page.goto(`${BASE}/console/users`);
    for (const who of ['Ada Test', 'Nora New']) await hand.tick(page.getByRole('checkbox', { name: `Select ${who}` }));
    await hand.press(button(region(page, 'With the selected users'), 'Reset sign-in'));
    await dialog(page).getByText('1 person will get a one-time link by e-mail').waitFor();
    await dialog(page).getByText('There is no e-mail address to send this to.').waitFor();
    await rita.pictures('mail-several');
    await hand.reach(radio('Send it by e-mail'));
    await page.keyboard.press('ArrowDown');
    await dialog(page).getByText('2 people will get a one-time link').waitFor();
    await page.waitForFunction(() => document.activeElement?.value === 'hand');
    await page.keyboard.press('ArrowUp');
    await hand.press(button(dialog(page), 'Send 1 link'));
    await dialog(page).getByText('The links are on their way by e-mail.').waitFor();
    await rita.pictures('mail-several-sent');
    const third = await ask('token nora 3');
    if (!(await gone(page, third))) throw new Error('the console shows the link');
    await hand.press(button(dialog(page), 'Done'));
  });
});

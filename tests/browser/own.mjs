// What is one's own in the console: an employee without a duty comes from the chat's settings, issues a token and revokes it; a guest
// has nothing there.
import { Person, ask, clipboard, found, launch, play, step } from './page.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch()];
const at = (name) => Person.at(browsers[0], name, { width: 1440, height: 900 }, {
  permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'reduce', locale: 'en-US',
});
const [ada, vera] = [await at('ada'), await at('vera')];
const people = [ada, vera];

const button = (place, name) => place.getByRole('button', { name, exact: true });
const link = (place, name) => place.getByRole('link', { name, exact: true });
const menu = (page) => page.getByRole('navigation', { name: 'Console', exact: true });
const nothing = (page) => page.getByRole('heading', { name: 'Nothing here for you' }).first();

/** Follows a link that opens a new tab. */
async function follow(person, name) {
  const [tab] = await Promise.all([person.page.context().waitForEvent('page'), link(person.page, name).click()]);
  const there = new Person(`${person.name} at ${name}`, tab);
  there.motion = 'reduce';
  people.push(there);
  return there;
}

await play(people, browsers, async () => {
  await step('an employee goes from the settings to the page', async () => {
    await ada.signIn(BASE, 'ada', PASSWORD);
    await ada.page.goto(`${BASE}/settings/devices`);
    await link(ada.page, 'Access tokens').scrollIntoViewIfNeeded();
    await ada.pictures('settings-devices-more');
  });
  const tokens = await follow(ada, 'Access tokens');
  const { page } = tokens;
  await step('the page stands alone: a menu of what is their own, and no tie to the chat', async () => {
    await page.waitForURL(/\/console\/tokens$/);
    await page.getByRole('heading', { name: 'No access tokens' }).waitFor();
    found('tie to the chat', await page.evaluate(() => window.opener !== null));
    found('menu of ada', (await menu(page).getByRole('listitem').allInnerTexts()).map((one) => one.trim()).join(', '));
    await tokens.pictures('console-own-tokens');
  });
  await step('a token is issued, used and revoked', async () => {
    await button(page, 'Issue an access token').click();
    const form = page.getByRole('dialog', { name: 'Issue an access token', exact: true });
    await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Own script');
    for (const scope of ['Read messages', 'Write messages', 'Begin and change conversations']) {
      await form.getByRole('checkbox', { name: scope, exact: true }).check();
    }
    await button(form, 'Issue token').click();
    await page.getByText('The token is on your clipboard.').waitFor();
    const token = await clipboard(page);
    await page.keyboard.press('Escape');
    found('ada writes by it', await ask(`write ${token} bela By a program`));
    await ada.page.goto(`${BASE}/chats`);
    await ada.row('Bela Test').click();
    await ada.sees('By a program');
    await button(page, 'Revoke Own script').click();
    await button(page.getByRole('dialog', { name: 'Revoke Own script?' }), 'Revoke token').click();
    await page.getByRole('heading', { name: 'No access tokens' }).waitFor();
    found('after the end', await ask(`over ${token}`));
  });
  await step('the door of the console leads to what is their own, and nothing else opens', async () => {
    await page.goto(`${BASE}/console`);
    await page.waitForURL(/\/console\/security$/);
    await page.getByRole('heading', { name: 'Sign-in and security', level: 1 }).waitFor();
    await tokens.pictures('console-own-security');
    for (const closed of ['users', 'health', 'audit', 'search', 'directory', 'groups']) {
      await page.goto(`${BASE}/console/${closed}`);
      await nothing(page).waitFor();
    }
  });
  await step('passkeys and codes are a link away, too', async () => {
    await ada.page.goto(`${BASE}/settings/devices`);
    const factors = await follow(ada, 'Passkeys and codes');
    await factors.page.waitForURL(/\/console\/security$/);
    await factors.page.getByRole('heading', { name: 'Sign-in and security', level: 1 }).waitFor();
  });
  await step('a guest sees no link, and the page says that there is nothing', async () => {
    await vera.signIn(BASE, 'vera', PASSWORD);
    await vera.page.goto(`${BASE}/settings/devices`);
    await vera.page.getByRole('heading', { name: 'Appearance' }).waitFor();
    found('links of a guest', await vera.page.getByRole('link', { name: /Access tokens|Passkeys and codes/ }).count());
    for (const own of ['tokens', 'security', '']) {
      await vera.page.goto(`${BASE}/console/${own}`);
      await nothing(vera.page).waitFor();
      found(`menu of a guest at /${own}`, await menu(vera.page).getByRole('listitem').count());
    }
    await vera.page.locator('.console-own button').first().click();
    await vera.page.getByRole('menuitem', { name: 'Back to chats' }).waitFor();
    found('own menu of a guest', await vera.page.getByRole('menuitem', { name: /Access tokens|security/ }).count());
    await vera.accessible('the console of a guest');
  });
});

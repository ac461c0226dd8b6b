// Where people come from: sources set up, tried out, switched and removed, by mouse and by keyboard alone; groups and their roles; who
// somebody is elsewhere. What administrators do, and what officers see of it.
import { Hand } from './hand.mjs';
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, PASSWORD } = process.env;
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 380, height: 800 };
const browsers = [await launch()];
const at = (name, size) =>
  Person.at(browsers[0], name, size, { permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'reduce' });
const rita = await at('rita', WIDE);
const olga = await at('olga', WIDE);

const dialog = (page) => page.getByRole('dialog');
const pane = (page) => page.getByRole('complementary');
const toast = (page, words) => page.locator('.toast').filter({ hasText: words });
const button = (place, name) => place.getByRole('button', { name, exact: true });
const text = (page, name) => page.getByRole('textbox', { name, exact: true });
const box = (page, name) => page.getByRole('checkbox', { name, exact: true });
const tab = (page, name) => page.getByRole('navigation', { name: /^Sources/ }).getByRole('link', { name });
const place = (page, name) => page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name, exact: true });
const saved = (page) => page.getByText('Everything is saved').waitFor();

async function focused(page, name) {
  await page.waitForFunction((name) => {
    const one = document.activeElement;
    return (one?.labels?.[0]?.textContent ?? one?.getAttribute('aria-label') ?? '').trim() === name;
  }, name);
}

/** Goes to a place of the menu, which is behind a button where there is little room. */
async function go(page, hand, name) {
  if (await button(page, 'Open the menu').isVisible()) await hand.press(button(page, 'Open the menu'));
  await hand.press(place(page, name));
}

/** A directory is entered wrong, mended, tried out, saved, switched on and off, and removed again. */
async function day(person, byKey, tag) {
  const { page } = person;
  const hand = new Hand(person, byKey);
  const look = (what) => (tag === 'Mouse' ? person.pictures(what) : person.accessible(`${tag}: ${what}`));
  const name = `House ${tag}`;
  const house = JSON.parse(await ask('directory'));
  await step(`${tag}: a source is begun from the menu`, async () => {
    await go(page, hand, 'Directory and SSO');
    await page.getByRole('heading', { name: 'Directory and single sign-on', level: 1 }).waitFor();
    await hand.pick(button(page, 'Add a source'), 'OpenLDAP and alike');
    await page.waitForURL(/\/console\/directory\/new\/open_ldap$/);
    await text(page, 'Server 1').waitFor();
    await look('14-directory-new');
  });
  await step(`${tag}: what is wrong stands at its field, and the first has the focus`, async () => {
    await hand.write(text(page, 'Server 1'), 'nowhere.example');
    await hand.press(button(page, 'Save source'));
    await focused(page, 'Name');
    await hand.write(text(page, 'Name').first(), name);
    await person.refused(async () => {
      await hand.press(button(page, 'Save source'));
      await page.getByText('2 fields need attention').waitFor();
      await focused(page, 'Server 1');
      const wrong = await page.locator('#source [aria-invalid=true]').evaluateAll((all) => all.map((one) => one.labels[0]?.textContent ?? one.getAttribute('aria-label')));
      if (wrong.join() !== 'Server 1,Base for people') throw new Error(`wrong is ${wrong}`);
    });
    await look('14-directory-wrong');
  });
  await step(`${tag}: a test with unsaved values says what was found`, async () => {
    await hand.choose(page.getByRole('combobox', { name: 'Encryption' }), house.encryption);
    // Nobody listens there: the next is tried.
    await hand.write(text(page, 'Server 1'), `${new URL(house.server).protocol}//127.0.0.1:1`);
    await hand.press(button(page, 'Add a server'));
    await focused(page, 'Server 2');
    await page.keyboard.type(house.server);
    await hand.press(button(page.getByRole('group', { name: 'Order of server 2' }), 'Try earlier'));
    await hand.write(text(page, 'Sign in to the directory as'), house.bind_dn);
    await hand.write(text(page, 'Password'), house.password);
    await hand.write(text(page, 'Base for people'), house.people);
    await hand.write(text(page, 'Base for groups'), house.groups);
    await hand.press(button(page, 'Run the test'));
    await page.getByRole('heading', { name: 'People as they would come in' }).waitFor();
    await page.getByRole('table', { name: 'People as they would come in' }).getByText(house.person).waitFor();
    await page.getByText('with unsaved values').waitFor();
    await look('14-directory-tested');
  });
  await step(`${tag}: it is saved, and its password never comes back`, async () => {
    await hand.press(button(page, 'Save source'));
    await page.waitForURL(/\/console\/directory\/[0-9a-f-]{36}$/);
    await saved(page);
    await page.getByText('A password is kept').waitFor();
    found(`password in the page by ${tag}`, (await page.content()).includes(house.password));
    await button(page, 'Test again').or(button(page, 'Run the test')).waitFor();
  });
  await step(`${tag}: it is switched on at once, and off after a question`, async () => {
    const lever = page.getByRole('switch');
    await hand.press(lever);
    await toast(page, 'Source switched on').waitFor();
    await hand.press(lever);
    await dialog(page).getByText('Whoever is signed in stays signed in.').waitFor();
    await look('14-directory-switch-off');
    await hand.press(button(dialog(page), 'Switch off'));
    await dialog(page).waitFor({ state: 'hidden' });
    await toast(page, 'Source switched off').waitFor();
  });
  await step(`${tag}: unsaved changes are not lost by leaving`, async () => {
    await hand.write(text(page, 'Filter for people'), '(objectClass=person)');
    await go(page, hand, 'Users');
    await dialog(page).getByRole('heading', { name: 'Leave without saving?' }).waitFor();
    await look('14-directory-leave');
    await hand.press(button(dialog(page), 'Stay here'));
    await page.getByText('Not saved yet').waitFor();
    await hand.press(button(page, 'Discard'));
    await saved(page);
  });
  await step(`${tag}: what somebody else saved is shown, and not overwritten`, async () => {
    await hand.write(text(page, 'Filter for people'), '(objectClass=person)');
    await ask(`change ${name}`);
    await person.refused(async () => {
      await hand.press(button(page, 'Save changes'));
      await page.getByText('Somebody else changed this source in the meantime.').waitFor();
    });
    await look('14-directory-outdated');
    await hand.press(button(page, 'Keep mine, then save again'));
    await hand.press(button(page, 'Save changes'));
    await saved(page);
    found(`filter kept by ${tag}`, await text(page, 'Filter for people').inputValue());
  });
  await step(`${tag}: it is removed, after a question`, async () => {
    await hand.press(button(page, 'Remove source'));
    await hand.press(button(dialog(page), 'Remove source'));
    await toast(page, 'Source removed').waitFor();
    await tab(page, name).waitFor({ state: 'hidden' });
  });
}

/** A provider: what is entered there can be copied, and somebody is linked by hand. */
async function provider(person) {
  const { page } = person;
  await step('a provider gets the addresses it needs', async () => {
    await page.goto(`${BASE}/console/directory/new/oidc`);
    await page.getByText('Known once the source is saved').waitFor();
    await button(page, 'Copy: Redirect address').click();
    await toast(page, 'Copied').waitFor();
    found('redirect address', await page.evaluate(() => navigator.clipboard.readText()));
    await text(page, 'Name').first().fill('Provider');
    await text(page, 'Issuer').fill('https://login.example.org');
    await text(page, 'Client id').fill('chancery');
    await button(page, 'Save source').click();
    await page.waitForURL(/\/console\/directory\/[0-9a-f-]{36}$/);
    await saved(page);
    await button(page, 'Copy: Back-channel logout address').click();
    await page.waitForFunction(async () => /\/sources\/[0-9a-f-]{36}\/logout$/.test(await navigator.clipboard.readText()));
    await person.pictures('14-provider');
  });
  await step('somebody is linked by hand and taken off', async () => {
    await page.goto(`${BASE}/console/users`);
    await page.getByRole('link', { name: 'Ada Test', exact: true }).click();
    await pane(page).getByText('Linked to no source.').waitFor();
    await button(pane(page), 'Link').click();
    await button(dialog(page), 'Link').click();
    await focused(page, 'Id there');
    await text(dialog(page), 'Id there').fill('248289761001');
    await person.accessible('linking');
    await button(dialog(page), 'Link').click();
    await dialog(page).waitFor({ state: 'hidden' });
    await pane(page).getByText('248289761001').waitFor();
    await person.pictures('13-users-sources');
    await button(pane(page), 'Take off: Provider').click();
    await button(dialog(page), 'Take off').click();
    await pane(page).getByText('Linked to no source.').waitFor();
  });
}

/** Groups: found, opened, given a role, and what cannot be done to one's own. */
async function groups(person, byKey, tag) {
  const { page } = person;
  const hand = new Hand(person, byKey);
  const { group, own } = JSON.parse(await ask('groups'));
  await step(`${tag}: a group is found and opened`, async () => {
    await page.goto(`${BASE}/console/groups`);
    await page.getByRole('link', { name: group, exact: true }).waitFor();
    if (tag === 'Mouse') await person.pictures('22-groups');
    await page.keyboard.press('/');
    await page.keyboard.type('no such group');
    await page.getByRole('heading', { name: 'No group matches' }).waitFor();
    await hand.press(button(page, 'Clear filters'));
    await hand.press(page.getByRole('link', { name: group, exact: true }));
    await pane(page).getByRole('heading', { name: group, level: 2 }).waitFor();
    if (tag === 'Mouse') await person.pictures('22-group');
  });
  await step(`${tag}: its members are made auditors, and that is taken back`, async () => {
    await hand.press(button(pane(page), 'Change roles'));
    await hand.tick(box(dialog(page), 'Auditor'));
    await hand.press(button(dialog(page), 'Save'));
    await dialog(page).waitFor({ state: 'hidden' });
    await pane(page).getByText('Auditor').waitFor();
    await hand.press(button(page, 'Undo'));
    await toast(page, 'Taken back').waitFor();
    await pane(page).getByText('Being in this group gives no role.').waitFor();
  });
  await step(`${tag}: nobody changes the roles of a group they are in`, async () => {
    await page.goto(`${BASE}/console/groups`);
    await hand.press(page.getByRole('link', { name: own, exact: true }));
    await pane(page).getByText('You are in this group yourself.').waitFor();
    if (await button(pane(page), 'Change roles').count()) throw new Error('the button is there');
  });
}

await play([rita, olga], browsers, async () => {
  await step('an administrator signs in', () => rita.enterConsole(BASE, 'root', PASSWORD));
  await step('before there is a source the page says what it is for', async () => {
    await rita.page.goto(`${BASE}/console/directory`);
    await rita.page.getByRole('heading', { name: 'Everybody has an account made here' }).waitFor();
    await rita.pictures('14-directory-empty');
  });
  await day(rita, false, 'Mouse');
  await day(rita, true, 'Keys');
  await rita.page.setViewportSize(NARROW);
  await day(rita, false, 'Thumb');
  await rita.page.setViewportSize(WIDE);
  await provider(rita);
  await groups(rita, false, 'Mouse');
  await groups(rita, true, 'Keys');
  await step('an officer reads groups and finds no sources', async () => {
    const { page } = olga;
    await olga.enterConsole(BASE, 'olga', PASSWORD);
    await page.goto(`${BASE}/console/directory`);
    await page.getByRole('heading', { name: 'Nothing here for you' }).first().waitFor();
    found('officer has a menu entry', await place(page, 'Directory and SSO').count());
    await place(page, 'Groups').click();
    await page.getByRole('table').waitFor();
    await page.getByRole('table').getByRole('link').first().click();
    await pane(page).getByRole('heading', { name: 'Members' }).waitFor();
    found('officer changes roles', await button(pane(page), 'Change roles').count());
    await olga.accessible('groups of an officer');
  });
});

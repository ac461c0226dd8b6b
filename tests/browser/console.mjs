// The console: everything an administrator does with accounts, by mouse and by keyboard alone, wide and narrow; what goes wrong; what others see.
import { Hand } from './hand.mjs';
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, LINE, PASSWORD } = process.env;
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 380, height: 800 };
const browsers = [await launch(`MAP ${new URL(BASE).host} ${LINE}`)];
// What is still appearing is paler than it will be, so nothing moves here.
const at = (name, size) =>
  Person.at(browsers[0], name, size, { permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'reduce' });
const rita = await at('rita', WIDE);
const olga = await at('olga', WIDE);
const otto = await at('otto', WIDE);
const ada = await at('ada', WIDE);

const dialog = (page) => page.getByRole('dialog');
const pane = (page) => page.getByRole('complementary');
const toast = (page, words) => page.locator('.toast').filter({ hasText: words });
const row = (page, name) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
const nameOf = (page, name) => row(page, name).getByRole('link', { name, exact: true });
const button = (place, name) => place.getByRole('button', { name, exact: true });

/** Signs in on the chat's page and comes back to the console. */
async function enter(person, username) {
  const { page } = person;
  // One page gives way to another while it still loads.
  await person.refused(async () => {
    await page.goto(`${BASE}/console/users`);
    await page.waitForURL(/\/sign-in\?to=/);
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await button(page, 'Sign in').click();
    await page.waitForURL(/\/console\/users$/);
  });
  await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
}

async function closed(page) {
  await dialog(page).waitFor({ state: 'hidden' });
}

/** Waits until nothing is said any more; toasts lie over what is at the corner. */
async function quiet(page) {
  while (await page.locator('.toast').count()) await page.locator('.toast').first().getByRole('button', { name: 'Close' }).click();
}

/** Everything that is done with one account, and with several. */
async function day(person, byKey, tag) {
  const { page } = person;
  const hand = new Hand(person, byKey);
  const { keys } = hand;
  const name = `Nora ${tag}`;
  const username = `nora.${tag.toLowerCase()}`;
  // The first day is photographed in every width and theme; the others are looked at as they are.
  const look = (what) => (tag === 'Mouse' ? person.pictures(what) : person.accessible(`${tag}: ${what}`));
  await page.goto(`${BASE}/console/users`);
  await row(page, 'Ada Test').waitFor();

  await step(`${tag}: a form says what is missing, then invites`, async () => {
    await hand.press(button(page, 'Add user'));
    await hand.press(button(dialog(page), 'Create invitation'));
    await page.getByText('Enter a name.').waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'invite-name');
    await hand.write(dialog(page).getByLabel('Name', { exact: true }), name);
    await hand.write(dialog(page).getByLabel('Username'), 'ada');
    await person.refused(async () => {
      await hand.press(button(dialog(page), 'Create invitation'));
      await page.waitForFunction(() => document.activeElement?.id === 'invite-username' && document.activeElement.ariaInvalid === 'true');
    });
    await person.accessible(`${tag}: a wrong form`);
    await hand.write(dialog(page).getByLabel('Username'), username);
    await hand.press(button(dialog(page), 'Create invitation'));
    const link = await dialog(page).getByLabel(`Link for ${name}`).inputValue();
    await page.getByText('The link is on your clipboard.').waitFor();
    if ((await page.evaluate(() => navigator.clipboard.readText())) !== link) throw new Error('the clipboard holds something else');
    await look('13-invited');
    await hand.press(button(dialog(page), 'Done'));
    await closed(page);
    await pane(page).getByText('Has not chosen a password yet.').waitFor();
    await page.waitForURL(/\/console\/users\/[0-9a-f-]{36}$/);
    await ask(`redeem ${link}`);
    await ask(`login ${username}`);
    await page.reload();
    await pane(page).getByText('Active', { exact: true }).waitFor();
  });
  await step(`${tag}: a name is changed and taken back`, async () => {
    await hand.press(button(pane(page), 'Edit name'));
    await hand.write(dialog(page).getByLabel('Name', { exact: true }), `Other ${tag}`);
    await hand.press(button(dialog(page), 'Save'));
    await closed(page);
    await pane(page).getByRole('heading', { name: `Other ${tag}` }).waitFor();
    if (byKey) await keys.press('z');
    else await button(toast(page, 'Name changed'), 'Undo').click();
    await pane(page).getByRole('heading', { name, exact: true }).waitFor();
    await toast(page, 'Taken back').waitFor();
    await quiet(page);
  });
  await step(`${tag}: roles are changed, and what somebody else did is not overwritten`, async () => {
    await hand.press(button(pane(page), 'Change roles'));
    await ask(`make-officer ${username}`);
    await hand.tick(dialog(page).getByRole('checkbox', { name: 'Auditor' }));
    await person.refused(async () => {
      await hand.press(button(dialog(page), 'Save'));
      await dialog(page).getByText('Somebody else changed the roles').waitFor();
    });
    await hand.tick(dialog(page).getByRole('checkbox', { name: 'Auditor' }));
    await hand.press(button(dialog(page), 'Save'));
    await closed(page);
    await pane(page).getByText('Auditor', { exact: true }).waitFor();
    await pane(page).getByText('Compliance officer', { exact: true }).waitFor();
    await quiet(page);
  });
  await step(`${tag}: sessions are looked at and ended`, async () => {
    await hand.press(button(pane(page), 'Show sessions'));
    const ends = pane(page).getByRole('button', { name: 'End', exact: true });
    await ends.nth(1).waitFor();
    await look('13-sessions');
    await hand.press(ends.first());
    await toast(page, 'Session ended').waitFor();
    await ends.nth(1).waitFor({ state: 'hidden' });
    await ask(`login ${username}`);
    await page.reload();
    await hand.press(button(pane(page), 'Show sessions'));
    await hand.press(button(pane(page), 'End all'));
    await dialog(page).getByText('2 sessions end at once.').waitFor();
    await hand.press(button(dialog(page), 'End sessions'));
    await closed(page);
    await pane(page).getByText('Signed in nowhere.').waitFor();
    await quiet(page);
  });
  await step(`${tag}: an account is suspended and lifted`, async () => {
    await hand.press(button(pane(page), 'Suspend'));
    await page.waitForFunction(() => document.activeElement?.textContent === 'Keep as it is');
    await keys.press('Escape');
    await closed(page);
    await hand.press(button(pane(page), 'Suspend'));
    await hand.press(button(dialog(page), 'Suspend'));
    await closed(page);
    await pane(page).getByText(/^Suspended since /).waitFor();
    await look('13-suspended');
    await hand.press(button(pane(page), 'Lift suspension'));
    await hand.press(button(dialog(page), 'Lift suspension'));
    await closed(page);
    await pane(page).getByText('Active', { exact: true }).waitFor();
    await quiet(page);
  });
  await step(`${tag}: signing in is reset from the row's menu`, async () => {
    if (byKey) await keys.press('Escape');
    else await button(pane(page), 'Close').click();
    await pane(page).waitFor({ state: 'hidden' });
    await page.waitForURL(/\/console\/users$/);
    await page.waitForFunction((name) => document.activeElement?.textContent === name, name);
    await hand.pick(button(row(page, name), `Actions for ${name}`), 'Reset sign-in');
    await hand.press(button(dialog(page), 'Make a link'));
    await dialog(page).getByLabel(`Link for ${name}`).waitFor();
    await hand.press(button(dialog(page), 'Done'));
    await closed(page);
  });
  await step(`${tag}: the list is filtered, and the address says how`, async () => {
    const find = page.getByRole('searchbox', { name: 'Find users' });
    if (byKey) await keys.press('/');
    else await find.click();
    await keys.type('nora');
    await row(page, 'Ada Test').waitFor({ state: 'detached' });
    await page.waitForURL(/text=nora/);
    await hand.choose(page.getByRole('combobox', { name: 'State' }), 'Suspended');
    await page.getByRole('heading', { name: 'Nobody matches' }).waitFor();
    await page.getByText('No account has “nora” in name or username, state Suspended.').waitFor();
    await look('13-nobody');
    await hand.press(button(page, 'Clear filters'));
    await row(page, 'Ada Test').waitFor();
    await hand.choose(page.getByRole('combobox', { name: 'Role' }), 'Auditor');
    await row(page, 'Ada Test').waitFor({ state: 'detached' });
    await hand.press(button(page, 'Clear filter Role'));
    await row(page, 'Ada Test').waitFor();
    await page.goBack();
    await row(page, 'Ada Test').waitFor({ state: 'detached' });
    await page.goForward();
    await row(page, 'Ada Test').waitFor();
  });
  await step(`${tag}: several at once, with a preview`, async () => {
    const boxes = ['Bela Test', 'Cleo Test', 'Rita Root'].map((who) => page.getByRole('checkbox', { name: `Select ${who}` }));
    for (const box of boxes) await hand.tick(box);
    const bar = page.getByRole('region', { name: 'With the selected users' });
    await bar.getByText('3 selected').waitFor();
    await look('13-selected');
    await hand.press(button(bar, 'Suspend'));
    await dialog(page).getByText('2 people will be suspended').waitFor();
    await dialog(page).getByText('1 person will be left alone').waitFor();
    await look('13-preview');
    await hand.press(button(dialog(page), 'Suspend 2 people'));
    await dialog(page).getByText('Done for 2 people').waitFor();
    await hand.press(button(dialog(page), 'Done'));
    await closed(page);
    await row(page, 'Bela Test').getByText('Suspended').waitFor();
    for (const box of boxes.slice(0, 2)) await hand.tick(box);
    await hand.press(button(bar, 'Lift suspension'));
    await hand.press(button(dialog(page), 'Lift for 2 people'));
    await dialog(page).getByText('Done for 2 people').waitFor();
    await hand.press(button(dialog(page), 'Done'));
    await closed(page);
    await row(page, 'Bela Test').getByText('Active').waitFor();
    for (const box of boxes.slice(0, 2)) await hand.tick(box);
    await hand.pick(button(bar, 'Add role'), 'Employee');
    await dialog(page).getByText('Nothing would change for any of them.').waitFor();
    await hand.press(button(dialog(page).locator('.dialog-acts'), 'Close'));
    await closed(page);
    await hand.press(button(bar, 'Reset sign-in'));
    await hand.press(button(dialog(page), 'Make 2 links'));
    await hand.press(button(dialog(page), 'Copy all links'));
    await toast(page, 'Copied').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    if (!/^Bela Test\t\S+\nCleo Test\t\S+$/.test(copied)) throw new Error(`the clipboard holds ${copied.replace(/\S{20,}/g, '…')}`);
    await hand.press(button(dialog(page), 'Done'));
    await closed(page);
    await quiet(page);
  });
}

await play([rita, olga, otto, ada], browsers, async () => {
  await step('signing in leads back to where one wanted to be', () => enter(rita, 'root'));
  await step('the first look, in every width and theme', async () => {
    await row(rita.page, 'Ada Test').waitFor();
    await rita.page.getByText('All people and messages are invented.').waitFor();
    await rita.pictures('13-users');
    await button(rita.page, 'Lower rows').click();
    await button(rita.page, 'Higher rows').click();
    await nameOf(rita.page, 'Ada Test').click();
    await pane(rita.page).getByRole('heading', { name: 'Ada Test' }).waitFor();
    await rita.pictures('13-user');
    for (const size of [{ width: 1024, height: 768 }, { width: 820, height: 1000 }]) {
      await rita.page.setViewportSize(size);
      await rita.accessible(`the pane at ${size.width} px`);
    }
    await rita.page.setViewportSize(WIDE);
  });
  await step('rows are walked, ticked and opened by key', async () => {
    const keys = rita.page.keyboard;
    await keys.press('Escape');
    await pane(rita.page).waitFor({ state: 'hidden' });
    const here = () => rita.page.evaluate(() => document.activeElement?.closest('tr')?.querySelector('.who-name')?.textContent);
    await keys.press('j');
    await keys.press('k');
    found('walked to', await here());
    await keys.press('x');
    await keys.press('j');
    await keys.press('j');
    await keys.press('Shift+X');
    await rita.page.getByText('3 selected').waitFor();
    await keys.press('Escape');
    await rita.page.getByText('3 selected').waitFor({ state: 'hidden' });
    await keys.press('o');
    await pane(rita.page).getByRole('heading', { name: 'Cleo Test' }).waitFor();
    await rita.page.goBack();
    await pane(rita.page).waitFor({ state: 'hidden' });
  });
  await day(rita, false, 'Mouse');
  await day(rita, true, 'Keys');
  const phone = await at('rita on a phone', NARROW);
  await step('the same on a phone', async () => {
    await phone.page.context().addCookies(await rita.page.context().cookies());
    await phone.page.addInitScript(() => localStorage.setItem('chancery.session', '1'));
  });
  try {
    await day(phone, false, 'Thumb');
    await day(phone, true, 'Narrow');
    await step('the menu of a phone opens, leads and closes', async () => {
      const { page } = phone;
      await page.setViewportSize(NARROW);
      await button(page, 'Open the menu').click();
      await page.getByRole('navigation', { name: 'Console' }).waitFor();
      await phone.accessible('the menu on a phone');
      await page.keyboard.press('Escape');
      await page.getByRole('navigation', { name: 'Console' }).waitFor({ state: 'hidden' });
    });
  } finally {
    rita.problems.push(...phone.problems);
  }
  await step('every component is shown in both themes', async () => {
    await rita.page.goto(`${BASE}/console/kit`);
    await rita.page.getByRole('heading', { name: 'Components' }).waitFor();
    await rita.pictures('18-components');
    const chart = rita.page.getByRole('slider', { name: /Direct messages lead all week/ });
    await chart.focus();
    await rita.page.keyboard.press('Home');
    found('read out', await chart.getAttribute('aria-valuetext'));
    await rita.page.keyboard.press('ArrowRight');
    await rita.page.getByRole('figure', { name: 'Friday had the most flags' }).getByRole('button', { name: 'Show as table' }).click();
    await rita.page.getByRole('rowheader', { name: 'Medium' }).waitFor();
    await button(rita.page, 'Dialog').click();
    await rita.accessible('a dialog that is typed to');
    await rita.page.getByLabel('Type H-031 to go on').fill('H-031');
    await button(dialog(rita.page), 'Ask to release').click();
    await closed(rita.page);
  });
  await step('failing, waiting and nothing there have their own faces', async () => {
    const { page } = rita;
    rita.excused = true;
    let release;
    const held = new Promise((done) => { release = done; });
    await page.route(/\/api\/v1\/people\?/, async (route) => {
      await held;
      await route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: '', code: 'storage_unavailable', status: 503, title: '' }) });
    });
    await page.goto(`${BASE}/console/users`);
    await page.getByRole('status', { name: 'Loading', exact: true }).waitFor();
    await rita.accessible('while the list loads');
    release();
    await page.getByRole('heading', { name: 'Users could not be loaded' }).waitFor();
    await rita.pictures('13-failed');
    await page.unroute(/\/api\/v1\/people\?/);
    await button(page, 'Try again').click();
    await row(page, 'Ada Test').waitFor();
    await page.goto(`${BASE}/console/users/00000000-0000-7000-8000-000000000000`);
    await pane(page).getByRole('heading', { name: 'Nothing here for you' }).waitFor();
    await page.goto(`${BASE}/console/keys`);
    await page.getByRole('heading', { name: 'Nothing here for you' }).first().waitFor();
    await rita.pictures('console-nothing');
    rita.excused = false;
  });
  await step('without a line what is loaded stays, and says so', async () => {
    const { page } = rita;
    await page.goto(`${BASE}/console/users`);
    await row(page, 'Ada Test').waitFor();
    rita.excused = true;
    await ask('cut');
    await page.getByRole('button', { name: 'Name' }).click();
    await page.getByText('You are offline.').waitFor();
    await row(page, 'Ada Test').waitFor();
    await rita.pictures('13-offline');
    await ask('mend');
    await button(page, 'Try now').click();
    await page.getByText('You are offline.').waitFor({ state: 'hidden' });
    rita.excused = false;
  });
  await step('an officer reads and changes nothing', async () => {
    const { page } = olga;
    await olga.signIn(BASE, 'olga', PASSWORD);
    await page.getByRole('button', { name: /^Your account/ }).first().click();
    await page.getByRole('link', { name: 'Console' }).click();
    await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Users' }).click();
    await page.waitForURL(/\/console\/users$/);
    await row(page, 'Ada Test').waitFor();
    await page.getByText('Changing them is for administrators.').waitFor();
    await nameOf(page, 'Ada Test').click();
    await pane(page).getByRole('heading', { name: 'Ada Test' }).waitFor();
    await olga.pictures('13-officer');
    found('officer', `${await page.getByRole('checkbox').count()} ${await button(page, 'Add user').count()} ${await pane(page).getByRole('button').count()}`);
  });
  await step('who only has duties lands in the console', async () => {
    const { page } = otto;
    await page.goto(`${BASE}/sign-in`);
    await page.getByLabel('Username').fill('otto');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await button(page, 'Sign in').click();
    await page.waitForURL(/\/console$/);
    await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Users' }).click();
    await row(page, 'Ada Test').waitFor();
    await button(page, 'Otto Test Administrator').click();
    found('chats for otto', await page.getByRole('menuitem', { name: 'Back to chats' }).count());
    await otto.accessible('the own menu');
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in$/);
  });
  await step('a colleague without duties sees no console', async () => {
    const { page } = ada;
    await ada.signIn(BASE, 'ada', PASSWORD);
    await page.getByRole('button', { name: /^Your account/ }).first().click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    found('link for ada', await page.getByRole('link', { name: 'Console' }).count());
    await page.goto(`${BASE}/console/users`);
    await page.getByRole('heading', { name: 'Nothing here for you' }).first().waitFor();
    found('places for ada', await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Users' }).count());
    await ada.pictures('console-employee');
  });
  await step('a session that ends leads to sign-in and back', async () => {
    await rita.page.goto(`${BASE}/console/users?role=employee`);
    await row(rita.page, 'Ada Test').waitFor();
    rita.excused = true;
    await ask('logout root');
    await rita.page.getByRole('button', { name: 'Name' }).click();
    await rita.page.waitForURL(/\/sign-in\?to=/);
    await rita.page.getByLabel('Username').fill('root');
    await rita.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await button(rita.page, 'Sign in').click();
    await rita.page.waitForURL(/\/console\/users\?.*role=employee/);
    rita.excused = false;
  });
});

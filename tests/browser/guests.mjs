// Guests: an administrator invites them, by mouse and by keyboard; a colleague sees that somebody is from outside, who answers for them and
// until when; the guest is offered what a guest may do; and whose time is over is out until there is another end.
import { Hand } from './hand.mjs';
import { Person, ask, focused, found, launch, play, step } from './page.mjs';
import { box, button, dialog, pane, region, text, toast } from './parts.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch()];
const at = (name) => Person.at(browsers[0], name, { width: 1440, height: 900 }, {
  permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'reduce', locale: 'en-US',
});
const [rita, ada, gwen] = [await at('rita'), await at('ada'), await at('gwen')];

const closed = (page) => dialog(page).waitFor({ state: 'hidden' });
const row = (page, name) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
const badge = (place) => place.getByText('External', { exact: true });
const until = (form) => form.getByLabel('Until', { exact: true });
const head = (page) => page.locator('.conversation-head');

/** A day so many days from now: as the browser keeps it, as it is typed, and in words with and without its year. */
const day = (page, days) => page.evaluate((days) => {
  const [today, one] = [new Date(), new Date()];
  one.setDate(one.getDate() + days);
  const two = (number) => String(number).padStart(2, '0');
  const [year, month, date] = [one.getFullYear(), two(one.getMonth() + 1), two(one.getDate())];
  const said = `${one.getDate()} ${one.toLocaleDateString('en-US', { month: 'long' })}`;
  const full = `${said} ${year}`;
  return { kept: `${year}-${month}-${date}`, typed: `${month}${date}${year}`, full, near: year === today.getFullYear() ? said : full };
}, days);

/** Enters a day, as a hand does: what is typed goes into one part after the other. */
async function enter(hand, field, one) {
  if (!hand.byKey) return field.fill(one.kept);
  await hand.reach(field);
  // From whichever part has the focus to the first.
  for (let part = 0; part < 3; part += 1) await hand.keys.press('ArrowLeft');
  await hand.keys.type(one.typed);
  if (await field.inputValue() !== one.kept) throw new Error(`${await field.inputValue()} was typed instead of ${one.kept}`);
}

/** Chooses who answers for somebody. */
async function sponsor(hand, form, part, name) {
  await hand.write(text(form, 'Sponsor'), part);
  const first = form.getByRole('list', { name: 'People found' }).getByRole('button').first();
  await first.filter({ hasText: name }).waitFor();
  await (hand.byKey ? hand.keys.press('Enter') : first.click());
  await focused(hand.page, 'Choose somebody else');
}

/** Waits until nothing is said any more; toasts lie over what is at the corner. */
async function quiet(page) {
  while (await page.locator('.toast').count()) await page.locator('.toast').first().getByRole('button', { name: 'Close' }).click();
}

/** Fills in the form and answers the link. */
async function invite(hand, name, username, of, days) {
  const { page } = hand;
  await hand.press(button(page, 'Add user'));
  const form = dialog(page);
  await hand.write(text(form, 'Name'), name);
  await hand.write(text(form, 'Username'), username);
  await hand.tick(box(form, 'Guest'));
  await sponsor(hand, form, of.slice(0, 3).toLowerCase(), of);
  await enter(hand, until(form), await day(page, days));
  await hand.press(button(form, 'Create invitation'));
  const link = await form.getByLabel(`Link for ${name}`).inputValue();
  await hand.press(button(form, 'Done'));
  await closed(page);
  return link;
}

async function invitations() {
  const { page } = rita;
  const [mouse, keys] = [new Hand(rita, false), new Hand(rita, true)];
  await step('a guest is a guest and nothing else, with a sponsor and an end', async () => {
    await page.goto(`${BASE}/console/users`);
    await button(page, 'Add user').click();
    const form = dialog(page);
    await mouse.tick(box(form, 'Guest'));
    const states = await form.getByRole('checkbox').evaluateAll((all) => all.filter((one) => one.id !== 'role-guest').map((one) => [one.checked, one.disabled]));
    found('other roles of a guest', `${states.filter(([on]) => on).length} ${states.filter(([, off]) => off).length}`);
    if (await until(form).inputValue() !== (await day(page, 30)).kept) throw new Error('a guest is not here for a month');
    await mouse.tick(box(form, 'Guest'));
    await until(form).waitFor({ state: 'hidden' });
    found('roles come back', await form.getByRole('checkbox', { checked: true }).evaluateAll((all) => all.map((one) => one.labels[0].textContent).join()));
    await mouse.tick(box(form, 'Guest'));
    await mouse.write(text(form, 'Name'), 'Gwen Guest');
    await mouse.write(text(form, 'Username'), 'gwen');
    await enter(mouse, until(form), await day(page, 0));
    await button(form, 'Create invitation').click();
    await form.getByText('Choose a colleague who answers for them.').waitFor();
    await form.getByText('Choose a day from tomorrow on, at most five years away.').waitFor();
    await focused(page, 'Sponsor');
    await rita.pictures('13-guest-wrong');
    await enter(mouse, until(form), await day(page, 6 * 366));
    await sponsor(mouse, form, 'bel', 'Bela Test');
    await button(form, 'Create invitation').click();
    await focused(page, 'Until');
    await form.getByText('Choose a day from tomorrow on').waitFor();
    await enter(mouse, until(form), await day(page, 60));
    await rita.pictures('13-guest-form');
    await page.keyboard.press('Escape');
    await closed(page);
  });
  const link = await step('a guest is invited by mouse', async () => {
    const link = await invite(mouse, 'Gwen Guest', 'gwen', 'Bela Test', 60);
    const part = region(page, 'Guest');
    await part.getByRole('link', { name: 'Bela Test' }).waitFor();
    await part.getByText((await day(page, 60)).full).waitFor();
    await badge(row(page, 'Gwen Guest')).waitFor();
    await row(page, 'Gwen Guest').getByText(`until ${(await day(page, 60)).near}`).waitFor();
    await rita.pictures('13-guest-page');
    return link;
  });
  await step('another by keyboard alone', async () => {
    await page.keyboard.press('Escape');
    await pane(page).waitFor({ state: 'hidden' });
    await invite(keys, 'Gil Guest', 'gil', 'Ada Test', 90);
    await region(page, 'Guest').getByText((await day(page, 90)).full).waitFor();
    await page.keyboard.press('Escape');
    await pane(page).waitFor({ state: 'hidden' });
    await rita.pictures('13-guest-list');
  });
  return link;
}

/** What a guest sees of a house nobody has led them into yet, and what they are offered. */
async function alone(link) {
  const { page } = gwen;
  await step('a guest signs in and is told who answers for them', async () => {
    await gwen.refused(async () => {
      await page.goto(link);
      await text(page, 'Password').fill(PASSWORD);
      await text(page, 'Repeat the password').fill(PASSWORD);
      await button(page, 'Save and sign in').click();
      await page.waitForURL(/\/chats/);
    });
    await page.getByText('You see conversations here once a colleague adds you to one.').waitFor();
    await gwen.pictures('02-guest-nothing');
    await page.getByRole('button', { name: /^Your account/ }).first().click();
    await dialog(page).getByText(`You are here as a guest of Bela Test until ${(await day(page, 60)).near}.`).waitFor();
    await gwen.pictures('04-guest-status');
    await page.keyboard.press('Escape');
    await closed(page);
  });
  await step('a guest is offered nothing that guests may not do', async () => {
    found('guest begins', await page.getByRole('link', { name: 'New conversation' }).count());
    found('guest finds', await page.getByRole('link', { name: 'People', exact: true }).count());
    await page.keyboard.press('Control+k');
    await page.keyboard.type('>');
    await page.getByRole('option', { name: 'Set a status' }).waitFor();
    const barred = ['New conversation', 'Join a group', 'People', 'New list of people'];
    const offered = await page.getByRole('option').allInnerTexts();
    found('acts of a guest', offered.filter((one) => barred.includes(one.trim())).length);
    await page.keyboard.press('Escape');
    for (const path of ['/people', '/chats/new', '/chats/join']) {
      await page.goto(`${BASE}${path}`);
      await page.getByRole('heading', { name: 'Nothing here for you' }).first().waitFor();
    }
  });
}

async function together() {
  const { page } = ada;
  await step('a colleague adds the guest to a group, and everybody sees it at once', async () => {
    await ask('group Counterparty onboarding');
    await ada.row('Counterparty onboarding').click();
    await button(page, 'Show details').click();
    await pane(page).getByRole('link', { name: /Bela Test/ }).waitFor();
    await page.getByRole('button', { name: /^Add people/ }).click();
    await text(dialog(page), 'People').fill('gwen');
    const line = dialog(page).getByRole('button', { name: /Gwen Guest/ });
    await badge(line).waitFor();
    await line.click();
    await ada.pictures('02-guest-picker');
    await dialog(page).getByRole('button', { name: /^Add 1/ }).click();
    await closed(page);
    const spoken = 'External: people from outside are in this conversation';
    await ada.row('Counterparty onboarding').getByText(spoken).waitFor();
    await head(page).getByText(spoken).waitFor();
    const member = pane(page).getByRole('link', { name: /Gwen Guest/ });
    await badge(member).waitFor();
    await member.getByText(`Guest of Bela Test until ${(await day(page, 60)).near}`).waitFor();
  });
  await step('what a guest writes is marked', async () => {
    await gwen.row('Counterparty onboarding').click();
    await gwen.say('Forms attached, please check');
    await ada.sees('Forms attached, please check');
    await badge(ada.message('Forms attached, please check')).waitFor();
    await page.getByRole('article', { name: /^Gwen Guest, external/ }).waitFor();
    await ada.say('Thank you, looking');
    await quiet(page);
    await ada.pictures('02-guest-group');
    await button(pane(page), 'Close').click();
    await pane(page).waitFor({ state: 'hidden' });
    await ada.pictures('02-guest-chat');
    await gwen.sees('Thank you, looking');
    if (await gwen.page.getByText('External: people from outside').count()) throw new Error('a guest alone is shown as an outsider to themselves');
    await gwen.pictures('02-guest-own');
    await gwen.page.getByText('Ada Test', { exact: true }).first().waitFor();
    await button(gwen.page, 'Show details').click();
    await pane(gwen.page).getByRole('link', { name: /^Bela Test/ }).click();
    await gwen.page.getByRole('heading', { name: 'Bela Test', level: 2 }).waitFor();
    await gwen.pictures('people-for-guest');
  });
  await step('people are named with their badge when they are mentioned or looked for', async () => {
    await ada.composer().fill('@gw');
    await badge(page.getByRole('option', { name: /Gwen Guest/ })).waitFor();
    await ada.composer().fill('');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('@gwen');
    await badge(page.getByRole('option', { name: /Gwen Guest/ })).waitFor();
    await ada.pictures('19-guest');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => /\/chats\/[0-9a-f-]{36}$/.test(url.pathname));
    await head(page).getByRole('heading', { name: 'Gwen Guest' }).waitFor();
  });
  await step('a direct talk says on which terms the other one is here', async () => {
    await ada.say('And here in private');
    await badge(head(page)).waitFor();
    await badge(ada.row('Gwen Guest')).waitFor();
    found('rows with two badges', await page.locator('.row:has(.badge + .badge)').count());
    await button(page, 'Show details').click();
    await pane(page).getByText(`Guest of Bela Test until ${(await day(page, 60)).near}`).first().waitFor();
    await quiet(page);
    await ada.pictures('02-guest-direct');
  });
}

async function terms() {
  const { page } = rita;
  const keys = new Hand(rita, true);
  const open = async (name) => {
    await page.goto(`${BASE}/console/users?role=guest`);
    await page.getByRole('link', { name, exact: true }).click();
    await region(page, 'Guest').waitFor();
  };
  const change = button(region(page, 'Guest'), 'Change sponsor and end');
  await step('sponsor and end are changed by keyboard, and chats show it at once', async () => {
    await open('Gwen Guest');
    await keys.press(change);
    await focused(page, 'Until');
    await enter(keys, until(dialog(page)), await day(page, 400));
    await keys.press(button(dialog(page), 'Choose somebody else'));
    await focused(page, 'Sponsor');
    await keys.write(text(dialog(page), 'Sponsor'), 'guest');
    await dialog(page).getByText('Nobody of this name can answer for a guest.').waitFor();
    found('guests are offered as sponsors', await dialog(page).getByRole('list', { name: 'People found' }).count());
    await sponsor(keys, dialog(page), 'ada', 'Ada Test');
    await rita.pictures('13-guest-terms');
    await keys.press(button(dialog(page), 'Save'));
    await closed(page);
    await toast(page, 'Sponsor and end saved').waitFor();
    await region(page, 'Guest').getByRole('link', { name: 'Ada Test' }).waitFor();
    const line = `Guest of Ada Test until ${(await day(page, 400)).full}`;
    await pane(ada.page).getByText(line).first().waitFor();
    await quiet(page);
  });
  await step('an end that is near is said to be, also on the health page', async () => {
    await ask('near gil');
    await open('Gil Guest');
    await region(page, 'Guest').getByText('in 3 days').waitFor();
    await rita.pictures('13-guest-near');
    await page.goto(`${BASE}/console/health`);
    const check = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Guests' }) });
    await check.getByRole('link', { name: 'Open users' }).click();
    await page.waitForURL(/\/console\/users\?role=guest$/);
    await row(page, 'Gil Guest').waitFor();
  });
  await step('a guest becomes a colleague, and is taken back on the same terms', async () => {
    await open('Gil Guest');
    await keys.press(button(pane(page), 'Change roles'));
    await keys.tick(box(dialog(page), 'Guest'));
    await keys.tick(box(dialog(page), 'Employee'));
    await keys.press(button(dialog(page), 'Save'));
    await closed(page);
    await region(page, 'Guest').waitFor({ state: 'hidden' });
    await button(toast(page, 'Roles changed'), 'Undo').click();
    await toast(page, 'Taken back').waitFor();
    await region(page, 'Guest').getByText('in 3 days').waitFor();
    await quiet(page);
  });
  await step('a colleague becomes a guest with a sponsor and an end', async () => {
    await page.goto(`${BASE}/console/users`);
    await page.getByRole('link', { name: 'Cleo Test', exact: true }).click();
    await keys.press(button(pane(page), 'Change roles'));
    await keys.tick(box(dialog(page), 'Guest'));
    await until(dialog(page)).waitFor();
    await keys.press(button(dialog(page), 'Save'));
    await focused(page, 'Sponsor');
    await rita.pictures('13-guest-roles');
    await keys.write(text(dialog(page), 'Sponsor'), 'cleo');
    await dialog(page).getByText('Nobody of this name can answer for a guest.').waitFor();
    await sponsor(keys, dialog(page), 'ada', 'Ada Test');
    await keys.press(button(dialog(page), 'Save'));
    await closed(page);
    await region(page, 'Guest').getByText((await day(page, 30)).full).waitFor();
    await button(toast(page, 'Roles changed'), 'Undo').click();
    await region(page, 'Guest').waitFor({ state: 'hidden' });
    await quiet(page);
  });
  await step('a guest whom a source made has nobody who answers, and can be given somebody', async () => {
    // No source is at hand: what it would leave behind is left out of the answers.
    await page.route(/\/api\/v1\/people\/[0-9a-f-]{36}$/, async (route) => {
      const response = await route.fetch();
      const account = await response.json();
      delete account.person.terms;
      await route.fulfill({ response, json: account });
    });
    await open('Gil Guest');
    await region(page, 'Guest').getByText('Nobody answers for this guest, and there is no end.').waitFor();
    await rita.pictures('13-guest-nobody');
    await keys.press(button(region(page, 'Guest'), 'Set sponsor and end'));
    await focused(page, 'Sponsor');
    await page.keyboard.press('Escape');
    await closed(page);
    await page.unroute(/\/api\/v1\/people\/[0-9a-f-]{36}$/);
  });
}

async function over() {
  const { page } = rita;
  const keys = new Hand(rita, true);
  await step('when the time is over the guest is out, and no badge speaks of them', async () => {
    gwen.excused = true;
    await ada.row('Counterparty onboarding').click();
    await head(ada.page).getByText('External: people').waitFor();
    await ask('over gwen');
    await gwen.page.waitForURL(/\/sign-in/, { timeout: 60_000 });
    await head(ada.page).getByText('External: people').waitFor({ state: 'hidden' });
    await ada.row('Counterparty onboarding').getByText('External: people').waitFor({ state: 'hidden' });
    await badge(ada.message('Forms attached, please check')).waitFor();
  });
  await step('nobody lifts the suspension before there is another end', async () => {
    await page.goto(`${BASE}/console/users?role=guest`);
    await page.getByRole('link', { name: 'Gwen Guest', exact: true }).click();
    await region(page, 'Guest').getByText('ended').waitFor();
    await keys.press(button(pane(page), 'Lift suspension'));
    await rita.refused(async () => {
      await keys.press(button(dialog(page), 'Lift suspension'));
      await dialog(page).getByText('Their time as a guest is over.').waitFor();
    });
    await rita.pictures('13-guest-over');
    await keys.press(button(dialog(page), 'Set another end'));
    const field = until(dialog(page));
    await field.waitFor();
    await focused(page, 'Until');
    found('last day offered to key', (await field.inputValue()) === (await day(page, 30)).kept);
    await enter(keys, field, await day(page, 10));
    await keys.press(button(dialog(page), 'Save'));
    await closed(page);
    await keys.press(button(pane(page), 'Lift suspension'));
    await keys.press(button(dialog(page), 'Lift suspension'));
    await closed(page);
    await pane(page).getByText('Active', { exact: true }).waitFor();
    await head(ada.page).getByText('External: people').waitFor();
    await quiet(page);
  });
  await step('the log says in words what changed', async () => {
    await page.goto(`${BASE}/console/audit`);
    await page.getByRole('link', { name: 'Set terms of guest', exact: true }).first().click();
    const changed = region(page, 'What changed');
    await changed.getByText(new RegExp(`${(await day(page, 10)).full}, 23:59`)).waitFor();
    await rita.pictures('16-guest');
  });
}

await play([rita, ada, gwen], browsers, async () => {
  await step('everybody signs in', async () => {
    await rita.enterConsole(BASE, 'root', PASSWORD);
    await ada.signIn(BASE, 'ada', PASSWORD);
  });
  const link = await invitations();
  await alone(link);
  await together();
  await terms();
  await over();
});

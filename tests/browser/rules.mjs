// What rules of acceptable use do to whoever writes: a reason is asked for, something is blocked, waits for an officer, or arrives
// without a part. Ada writes at her desk on a line that is cut, Bela reads, Cleo has a phone.
import { Person, ask, clipboard, found, launch, play, step } from './page.mjs';
import { button, dialog, text, toast } from './parts.mjs';

const { BASE, LINE, PASSWORD } = process.env;
const ACCOUNT = 'DE89 3704 0044 0532 0130 00';
const CARD = '4111 1111 1111 1111';
const browsers = [await launch(`MAP ${new URL(BASE).host} ${LINE}`), await launch()];
const copying = { permissions: ['clipboard-read', 'clipboard-write', 'notifications'] };
const ada = await Person.at(browsers[0], 'ada', undefined, copying);
const bela = await Person.at(browsers[1], 'bela', undefined, copying);
const cleo = await Person.at(browsers[1], 'cleo', { width: 380, height: 800 }, { hasTouch: true, isMobile: true });

// Notes notifications, and lets the script hide the page as if another tab were in front.
await bela.page.addInitScript(() => {
  globalThis.shown = [];
  const Real = globalThis.Notification;
  globalThis.Notification = class extends Real {
    constructor(title, options) {
      super(title, options);
      globalThis.shown.push(`${title}: ${options.body}`);
    }
  };
  let hidden = false;
  Object.defineProperty(document, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
  globalThis.hide = (on) => {
    hidden = on;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  };
});

const card = (person) => person.page.getByRole('alertdialog');
const choice = (person, name) => card(person).getByRole('radio', { name, exact: true });
const reason = (person) => text(card(person), 'Why it has to be sent');
const note = (person, said) => person.page.locator('.margin-note').filter({ hasText: said });
const typed = (person, wanted) => person.page.waitForFunction((wanted) => document.getElementById('composer')?.value === wanted, wanted);
const asked = async (person, about) => {
  await card(person).getByRole('heading', { name: `Check before you send: ${about}`, exact: true }).waitFor();
  await person.page.waitForFunction(() => document.activeElement?.id === 'check-choice-0');
};
/** The focus comes back to the composer once the question is answered. */
const answered = async (person) => {
  await card(person).waitFor({ state: 'hidden' });
  await person.page.waitForFunction(() => document.activeElement?.id === 'composer');
};

await play([ada, bela, cleo], browsers, async () => {
  await step('all sign in', async () => {
    for (const person of [ada, bela, cleo]) await person.signIn(BASE, person.name, PASSWORD);
    await ada.newDirect('Cleo Test');
    await ada.newDirect('Bela Test');
    await ada.say('Good morning');
    await bela.row('Ada Test').click();
    await bela.sees('Good morning');
  });
  await step('what a rule asks about is sent with a reason, by mouse', async () => {
    await ada.say(`Deposit goes to ${ACCOUNT}, value date Friday.`);
    await asked(ada, 'Client account numbers');
    found('marked', await card(ada).locator('mark').allInnerTexts());
    await ada.pictures('02-check');
    await button(card(ada), 'Send with reason').click();
    await card(ada).getByText('Choose a reason.').waitFor();
    await choice(ada, 'Settlement').check();
    await button(card(ada), 'Send with reason').click();
    await card(ada).getByText('At least 10 characters').waitFor();
    await reason(ada).fill('The client asked for it in writing');
    await card(ada).getByText('34 of 288').waitFor();
    await ada.pictures('02-check-filled');
    await button(card(ada), 'Send with reason').click();
    await answered(ada);
    await bela.sees(`Deposit goes to ${ACCOUNT}`);
  });
  await step('the same by keyboard, for two rules at once', async () => {
    await ada.composer().pressSequentially(`This is internal only: ${ACCOUNT}`);
    await ada.page.keyboard.press('Enter');
    await asked(ada, 'Client account numbers, Internal papers');
    await card(ada).getByText('This is marked as internal.').waitFor();
    await ada.page.keyboard.press('Space');
    await ada.page.keyboard.press('Tab');
    await ada.page.keyboard.type('Client has asked for both');
    await ada.page.keyboard.press('Enter');
    await answered(ada);
    await bela.sees('This is internal only');
  });
  await step('it is written differently, by Esc, or given up', async () => {
    await ada.say(`Please use ${ACCOUNT}`);
    await asked(ada, 'Client account numbers');
    await ada.page.keyboard.press('Escape');
    await answered(ada);
    await typed(ada, `Please use ${ACCOUNT}`);
    await ada.say('Please use the usual account');
    await bela.sees('Please use the usual account');
    await ada.say(`Never mind ${ACCOUNT}`);
    await asked(ada, 'Client account numbers');
    await button(card(ada), 'Discard').click();
    await answered(ada);
    await ada.seesNot('Never mind');
  });
  await step('another conversation goes on meanwhile, and the question survives a lost line', async () => {
    await ada.say(`Kept: ${ACCOUNT}`);
    await asked(ada, 'Client account numbers');
    if (await ada.composer().evaluate((one) => !one.closest('form').inert)) throw new Error('the composer can be used');
    await choice(ada, 'Other').check();
    await reason(ada).fill('Half a reason, and');
    await ada.row('Cleo Test').click();
    await card(ada).waitFor({ state: 'hidden' });
    await ada.say('Hello Cleo');
    await ada.sees('Hello Cleo');
    await ada.row('Bela Test').click();
    await asked(ada, 'Client account numbers');
    ada.excused = true;
    await ask('cut');
    await ada.page.getByText('You are offline.').first().waitFor();
    await card(ada).waitFor();
    await reason(ada).fill('Half a reason, and the rest');
    await button(card(ada), 'Send with reason').click();
    await answered(ada);
    await ada.message('Kept:').getByText('Waiting for the connection').waitFor();
    await ask('mend');
    await ada.back();
    ada.excused = false;
    await bela.sees(`Kept: ${ACCOUNT}`);
  });
  await step('a rule that changed meanwhile asks again', async () => {
    await ada.say(`Again: ${ACCOUNT}`);
    await asked(ada, 'Client account numbers');
    await choice(ada, 'Settlement').check();
    await reason(ada).fill('For the old version of the rule');
    await ask('change Account numbers are for the payments desk.');
    await button(card(ada), 'Send with reason').click();
    await card(ada).getByText('Your reason did not arrive in time, or the rules have changed since.').waitFor();
    await card(ada).getByText('Account numbers are for the payments desk.').waitFor();
    await ada.page.waitForFunction(() => document.getElementById('check-words')?.value === 'For the old version of the rule');
    await button(card(ada), 'Send with reason').click();
    await answered(ada);
    await bela.sees(`Again: ${ACCOUNT}`);
  });
  await step('what is blocked stays with the rule\'s words', async () => {
    await ada.say('We could benchmark the fee against Example Holdings before the review.');
    const blocked = note(ada, 'Not sent: blocked by a policy rule');
    await blocked.getByText('“Don\'t name issuers on the restricted list outside their own deal team.”').waitFor();
    await blocked.getByText('Rule restricted-list, Restricted list. If in doubt, ask Data Protection.').waitFor();
    await ada.message('benchmark').locator('mark').filter({ hasText: 'Example Holdings' }).waitFor();
    await ada.say('This goes on');
    await bela.sees('This goes on');
    await ada.pictures('02-blocked');
    await button(blocked, 'Edit message').click();
    await typed(ada, 'We could benchmark the fee against Example Holdings before the review.');
    await ada.seesNot('benchmark');
    await ada.say('We could benchmark the fee against others.');
    await bela.sees('against others');
    await ada.say('Example Holdings again');
    await button(blocked, 'Discard').click();
    await ada.seesNot('Example Holdings again');
  });
  await step('what waits is seen by its author only, and is taken back, delivered or refused', async () => {
    await ada.say('Sending the guest list for Thursday');
    const waits = note(ada, 'Waiting for review');
    await waits.getByText('Guest lists are read first.').waitFor();
    found('waiting', await ask('waiting'));
    await ada.pictures('21-waiting');
    await ada.page.reload();
    await button(waits, 'Take it back').click();
    await ada.seesNot('Sending the guest list for Thursday');
    found('waiting after', await ask('waiting'));
    await ada.say('The guest list for Friday');
    await waits.waitFor();
    await ask('release');
    await bela.sees('The guest list for Friday');
    await waits.waitFor({ state: 'hidden' });
    await ada.sees('The guest list for Friday');
    await ada.say('The guest list for Sunday');
    await waits.waitFor();
    await ask('refuse Please send it without the phone numbers.');
    const refused = note(ada, 'Not delivered');
    await refused.getByText('“Please send it without the phone numbers.”').waitFor();
    await ada.pictures('21-refused');
    await button(refused, 'Edit message').click();
    await typed(ada, 'The guest list for Sunday');
    await refused.waitFor({ state: 'hidden' });
    await ada.composer().fill('');
    if (await bela.message(/Thursday|Sunday/).count()) throw new Error('Bela sees what was not delivered');
  });
  await step('what a rule takes out reaches nobody', async () => {
    await bela.page.goto(`${BASE}/settings/notifications`);
    await bela.page.getByRole('switch', { name: 'Show a notification on the desktop' }).click();
    await bela.page.waitForFunction(() => document.querySelector('[aria-labelledby=set-desktop]').ariaChecked === 'true');
    await bela.page.goto(`${BASE}/chats`);
    await bela.row('Ada Test').click();
    await bela.composer().waitFor();
    await bela.page.evaluate(() => globalThis.hide(true));
    await ada.say(`The card is ${CARD}, please book it.`);
    const gone = note(ada, 'Delivered without what a policy rule takes out');
    await gone.getByText('“Nobody needs a card number in a message.”').waitFor();
    const label = (person) => person.message('please book it').locator('.text-mark-redacted').filter({ hasText: 'card number removed' });
    await bela.page.waitForFunction(() => globalThis.shown.length === 1);
    found('notification', await bela.page.evaluate(() => globalThis.shown[0]));
    await bela.page.evaluate(() => globalThis.hide(false));
    await label(bela).waitFor();
    await label(ada).waitFor();
    await bela.row('Ada Test').locator('.text-mark-redacted').waitFor();
    await ada.pictures('02-redacted');
    await bela.pictures('02-redacted-reader');
    await button(gone, 'Close').click();
    await gone.waitFor({ state: 'hidden' });
    await bela.act('please book it', 'Copy text');
    await toast(bela.page, 'Text copied').waitFor();
    found('copied', await clipboard(bela.page));
    await bela.act('please book it', 'Reply');
    await bela.say('Booked');
    await bela.message('Booked').getByRole('button').filter({ hasText: 'card number removed' }).waitFor();
    const traces = [await clipboard(bela.page), await bela.page.content(), await ada.page.content(), await bela.page.evaluate(() => globalThis.shown.join())];
    await bela.page.goto(`${BASE}/search`);
    await bela.page.locator('#search').fill('book');
    await bela.page.keyboard.press('Enter');
    await bela.page.locator('.search-hit').filter({ hasText: 'please book it' }).waitFor();
    await bela.pictures('search-redacted');
    traces.push(await bela.page.content());
    for (const asked of ['4111', CARD]) {
      await bela.page.locator('#search').fill(asked);
      await bela.page.keyboard.press('Enter');
      await bela.page.getByRole('heading', { name: /Nothing|No / }).first().waitFor();
    }
    found('traces of the card', traces.some((one) => /4111|\u0002|\u0003/.test(one)) ? 'some' : 'none');
    await bela.page.goBack();
  });
  await step('changes are asked about, blocked and wait like messages', async () => {
    await ada.act('Good morning', 'Edit');
    await ada.composer().fill(`Good morning, ${ACCOUNT}`);
    await ada.composer().press('Enter');
    await asked(ada, 'Client account numbers');
    await card(ada).getByText('Your change:').waitFor();
    await ada.pictures('02-check-edit');
    await button(card(ada), 'Edit message').click();
    await answered(ada);
    await typed(ada, `Good morning, ${ACCOUNT}`);
    await ada.composer().fill('Good morning, Example Holdings');
    await ada.composer().press('Enter');
    const blocked = note(ada, 'Not changed: blocked by a policy rule');
    await blocked.waitFor();
    await typed(ada, 'Good morning, Example Holdings');
    await ada.composer().fill('Good morning, here is the guest list');
    await ada.composer().press('Enter');
    await blocked.waitFor({ state: 'hidden' });
    const waits = note(ada, 'Your change waits for review');
    await waits.getByText('Good morning, here is the guest list').waitFor();
    await ada.pictures('21-waiting-change');
    await button(waits, 'Take it back').click();
    await waits.waitFor({ state: 'hidden' });
    await ada.act('Good morning', 'Edit');
    await ada.composer().fill(`Good morning, all: ${ACCOUNT}`);
    await ada.composer().press('Enter');
    await asked(ada, 'Client account numbers');
    await choice(ada, 'Other').check();
    await reason(ada).fill('It belongs to this very message');
    await reason(ada).press('Enter');
    await answered(ada);
    await bela.row('Ada Test').click();
    await bela.sees('Good morning, all');
  });
  await step('names and status texts are asked about and blocked where they are typed', async () => {
    await ada.page.getByRole('button', { name: 'Your account' }).first().click();
    const status = text(dialog(ada.page), 'Status text');
    await status.fill('Pitching Example Holdings');
    await status.press('Enter');
    await dialog(ada.page).getByText('“Don\'t name issuers on the restricted list').waitFor();
    await ada.pictures('04-status-blocked');
    await status.fill(`Ask for ${ACCOUNT}`);
    await status.press('Enter');
    await card(ada).getByRole('heading', { name: /Client account numbers/ }).waitFor();
    await ada.pictures('04-status-check');
    await choice(ada, 'Other').check();
    await reason(ada).fill('Everybody has to know it today');
    await button(card(ada), 'Save with reason').click();
    await toast(ada.page, 'Status saved').waitFor();
    await ada.page.keyboard.press('Escape');
    await ada.page.getByRole('link', { name: 'New conversation' }).or(ada.page.getByRole('button', { name: 'New conversation' })).first().click();
    await ada.page.getByLabel('People', { exact: true }).or(ada.page.getByRole('combobox', { name: 'People' })).first().fill('Bela');
    await ada.page.getByText('Rita Root').waitFor({ state: 'hidden' });
    await ada.page.locator('form').getByText('Bela Test', { exact: true }).first().click();
    await ada.page.getByLabel('Make it a group').check();
    await text(ada.page, 'Name').fill('Example Holdings');
    await button(ada.page, 'Create group').click();
    await ada.page.getByText('“Don\'t name issuers on the restricted list').waitFor();
    await text(ada.page, 'Name').fill('Deal team');
    await ada.page.getByRole('textbox', { name: /^Topic/ }).fill('internal only');
    await button(ada.page, 'Create group').click();
    await card(ada).getByRole('heading', { name: /Internal papers/ }).waitFor();
    await ada.pictures('new-group-check');
    await choice(ada, 'Regulatory request').check();
    await reason(ada).fill('The regulator wants it like this');
    await button(card(ada), 'Save with reason').click();
    await ada.page.waitForURL(/\/chats\/[0-9a-f-]{36}/);
    await ada.page.getByText('internal only').first().waitFor();
  });
  await step('on a phone the question is a sheet that keeps the focus', async () => {
    await cleo.row('Ada Test').click();
    await cleo.composer().fill(`Deposit goes to ${ACCOUNT}, value date Friday.`);
    await button(cleo.page, 'Send').click();
    await asked(cleo, 'Client account numbers');
    await cleo.pictures('03-check');
    if (!(await card(cleo).evaluate((one) => one.matches(':modal')))) throw new Error('not a sheet');
    await cleo.page.keyboard.press('Escape');
    await card(cleo).waitFor({ state: 'hidden' });
    await typed(cleo, `Deposit goes to ${ACCOUNT}, value date Friday.`);
  });
});

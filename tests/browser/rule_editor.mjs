// A rule's life in the console, by an officer who writes it and a lead who agrees: tried in the box, run over the archive, sent, agreed
// to, refused, rolled back, switched off; and texts that wait for an officer.
import { Hand } from './hand.mjs';
import { Person, ask, focused, found, launch, play, step } from './page.mjs';
import { button, dialog, region, text, toast } from './parts.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch()];
const at = (name) => Person.at(browsers[0], name, { width: 1440, height: 900 }, { reducedMotion: 'reduce', locale: 'en-US' });
const [olga, lena, rita] = [await at('olga'), await at('lena'), await at('rita')];

const IBAN = 'DE89 3704 0044 0532 0130 00';
const REASON = 'Account numbers leave by e-mail again.';
const rule = `${BASE}/console/rules/client-account-numbers`;
const badge = (page, words) => page.locator('.rule-head .badge').getByText(words, { exact: true });
const outcome = (page, name) => page.locator('.outcome').filter({ hasText: name });

/** Sends what is open for approval. */
async function send(page, reason = REASON) {
  await button(page.locator('.rule-head'), 'Send for approval').click();
  const form = dialog(page, 'Send Client account numbers for approval');
  await text(form, 'Why?').fill(reason);
  await button(form, 'Send for approval').click();
  await toast(page, 'Sent for approval').first().waitFor();
  await region(page, 'Approval').waitFor();
}

/** Waits until what has the focus is called so. */
const focusedOn = (page, label) => page.waitForFunction((label) => document.activeElement?.getAttribute('aria-label') === label, label);

/** The lead opens the request that waits. */
async function openRequest(page) {
  await page.goto(`${BASE}/console/approvals`);
  await page.getByRole('link', { name: /Rule client-account-numbers/ }).first().click();
  await page.getByText('May agree:').waitFor();
}

async function agree(page) {
  await openRequest(page);
  await button(page, 'Approve').click();
  await toast(page, 'Approved. It is in force now.').first().waitFor();
}

await play([olga, lena, rita], browsers, async () => {
  await step('before there is a rule the page says what rules are', async () => {
    await olga.enterConsole(BASE, 'olga', PASSWORD);
    await lena.enterConsole(BASE, 'lena', PASSWORD);
    await olga.page.getByRole('link', { name: 'Policy rules' }).click();
    await olga.page.getByRole('heading', { name: 'No rules yet' }).waitFor();
    found('before the rule', await ask(`say first ${IBAN}`));
    await olga.pictures('11-rules-none');
  });
  await step('a rule is written, and says at once what is wrong with it', async () => {
    const { page } = olga;
    await button(page.locator('.console-head'), 'New rule').click();
    const form = dialog(page, 'New rule');
    await focused(page, 'Name');
    await button(form, 'Begin').click();
    await form.getByText('Enter a name.').waitFor();
    await text(form, 'Name').fill('Client account numbers');
    await button(form, 'Begin').click();
    await page.waitForURL(/\/console\/rules\/client-account-numbers\?new=/);
    await text(page, 'contains').fill('detect:iban AND');
    await page.locator('#rule-match-note .wrong-place mark').waitFor();
    await olga.pictures('11-rule-wrong');
    await text(page, 'contains').fill('detect:iban');
    await page.locator('#rule-match-note').getByText('Valid').waitFor();
  });
  await step('it is tried on a text in the browser', async () => {
    const { page } = olga;
    const box = region(page, 'Try it').or(page.locator('section', { has: page.locator('#try-text') })).first();
    await page.locator('#try-text').fill('Please send it to XY00 today.');
    await box.getByText('Would be delivered.').waitFor();
    await page.locator('#try-text').fill(`Please send it to ${IBAN} today. Ref 0012345678 is our own ticket.`);
    await box.getByText('Would flag.').waitFor();
    await box.getByText('1 match').waitFor();
    found('marked', await box.locator('mark').innerText());
    await outcome(page, 'Block').click();
    await box.getByText('Would block.').waitFor();
  });
  await step('what is missing is told when it is saved', async () => {
    const { page } = olga;
    await olga.refused(async () => {
      await button(page.locator('.rule-head'), 'Save as draft').click();
      await page.getByText('2 fields need attention').waitFor();
    });
    await focused(page, 'What the sender reads');
    await text(page, 'What the sender reads').fill('This looks like a client account number. Leave it out; the payment system has it.');
    await text(page, 'Whom the sender may ask').fill('Data Protection');
    await text(page, 'Review queue').fill('client-data');
    await page.getByLabel('Severity').selectOption('high');
    await page.getByRole('group', { name: 'Must match', exact: true }).getByRole('button', { name: /^Add a line/ }).click();
    await text(page, 'Must match 1').fill(`pay ${IBAN}`);
    await page.getByRole('group', { name: 'Must not match' }).getByRole('button', { name: /^Add a line/ }).click();
    await text(page, 'Must not match 1').fill(`our own ${IBAN}`);
    await page.getByText('1 of 2 lines wrong').waitFor();
    await text(page, 'Must not match 1').fill('our ticket 0012345678');
    await page.getByText('2 lines right').waitFor();
    const must = page.getByRole('group', { name: 'Must match', exact: true });
    const add = must.getByRole('button', { name: /^Add a line/ });
    await add.click();
    await add.click();
    await button(must, 'Remove line 2').click();
    await focusedOn(page, 'Must match 2');
    await button(must, 'Remove line 2').click();
    await focused(page, 'Add a line Must match');
    await page.getByText('2 lines right').waitFor();
    await badge(page, 'Unsaved').waitFor();
    await button(page.locator('.rule-head'), 'Save as draft').click();
    await badge(page, 'Unsaved').waitFor({ state: 'detached' });
    await badge(page, 'Draft').waitFor();
  });
  await step('it is run over the archive, and a sample is read', async () => {
    const { page } = olga;
    const card = page.locator('section', { has: page.locator('#backtest') });
    await button(card, 'Run').click();
    await card.getByText('Use 10 to 500 characters.').waitFor();
    await text(card, 'Why?').fill('To see what it would have caught.');
    await button(card, 'Run').click();
    await card.getByText('Would have caught 2 of 5 messages in the last 30 days.').waitFor();
    await card.getByText('Is this meant to catch so many?').waitFor();
    await page.reload();
    await card.getByText('Would have caught 2 of 5 messages').waitFor();
    await card.getByText('Reading it is on record.').waitFor();
    await page.locator('#try-text').fill(`Please send it to ${IBAN} today. Ref 0012345678 is our own ticket.`);
    await page.getByText('Would block.').waitFor();
    await olga.pictures('11-rule');
    await button(card, 'Read the sample').click();
    const sample = dialog(page, 'Sample of the hits');
    await sample.locator('mark').first().waitFor();
    found('sample', await sample.getByRole('listitem').count());
    await olga.pictures('11-rule-sample');
    await page.keyboard.press('Escape');
    await sample.waitFor({ state: 'hidden' });
  });
  await step('what is typed is not lost unasked', async () => {
    const { page } = olga;
    await text(page, 'Review queue').fill('other');
    await page.getByRole('link', { name: 'Word lists' }).click();
    const question = dialog(page, 'Leave without saving?');
    await button(question, 'Stay here').click();
    await text(page, 'Review queue').fill('client-data');
    await badge(page, 'Unsaved').waitFor({ state: 'detached' });
  });
  await step('it is sent for approval, and whoever asked cannot agree', async () => {
    const { page } = olga;
    await button(page.locator('.rule-head'), 'Send for approval').click();
    const form = dialog(page, 'Send Client account numbers for approval');
    await focused(page, 'Why?');
    await text(form, 'Why?').fill('short');
    await button(form, 'Send for approval').click();
    await form.getByText('Use 10 to 500 characters.').waitFor();
    await text(form, 'Why?').fill(REASON);
    await olga.pictures('11-rule-send');
    await button(form, 'Send for approval').click();
    await region(page, 'Approval').getByText('May agree: Lena Test.').waitFor();
    await badge(page, 'Waits for approval').waitFor();
    found('own approve buttons', await button(page, 'Approve').count());
    await button(page, 'Withdraw').waitFor();
    await olga.pictures('11-rule-waits');
  });
  await step('the lead sees all of it and agrees, by keyboard', async () => {
    const { page } = lena;
    const hand = new Hand(lena, true);
    await page.reload();
    await page.getByText('1 request waits for you').waitFor({ state: 'attached' });
    found('lead\'s count', await page.locator('.console-count .count').first().locator('[aria-hidden]').innerText());
    await hand.press(page.getByRole('link', { name: /^Approvals/ }));
    await hand.press(page.getByRole('link', { name: /Rule client-account-numbers/ }));
    await page.getByText('detect:iban', { exact: true }).waitFor();
    await page.getByText(REASON).waitFor();
    await lena.pictures('22-approval');
    await hand.press(button(page, 'Approve'));
    await toast(page, 'Approved. It is in force now.').waitFor();
    await page.getByText('1 request waits for you').waitFor({ state: 'detached' });
    found('with version 1', await ask(`say then ${IBAN}`));
  });
  await step('another version is asked for, and refused with words', async () => {
    const { page } = olga;
    await page.goto(rule);
    await badge(page, 'On, v1').waitFor();
    await outcome(page, 'Review first').click();
    await button(page.locator('#rule-compared'), 'Show').click();
    await page.locator('.difference').getByText('Block').waitFor();
    await text(page, 'Must not match 1').fill(`our own ${IBAN}`);
    await button(page.locator('.rule-head'), 'Send for approval').click();
    const form = dialog(page, 'Send Client account numbers for approval');
    await text(form, 'Why?').fill(REASON);
    await button(form, 'Send for approval').click();
    await form.getByText('Client account numbers: 1 of 2 lines fails').waitFor();
    await form.getByText('Must not match and does:').waitFor();
    found('sent with a line that fails', await region(page, 'Approval').count());
    await olga.pictures('11-rule-send-failing');
    await button(form, 'Send all the same').click();
    await region(page, 'Approval').waitFor();
    await openRequest(lena.page);
    await lena.page.locator('.changed').getByText('Client account numbers: 1 of 2 lines fails').waitFor();
    await lena.page.locator('.changed .failing').getByText(`our own ${IBAN}`).waitFor();
    await lena.pictures('22-approval-failing');
    await button(lena.page, 'Refuse').click();
    await focused(lena.page, 'Why is it refused?');
    await text(lena.page, 'Why is it refused?').fill('no');
    await button(lena.page, 'Refuse').click();
    await lena.page.getByText('Use 10 to 500 characters.').waitFor();
    await text(lena.page, 'Why is it refused?').fill('Say first who is going to look at them.');
    await button(lena.page, 'Refuse').click();
    await toast(lena.page, 'The request was refused').waitFor();
    await page.goto(`${BASE}/console/approvals?show=all`);
    await page.getByRole('link', { name: /Refused/ }).click();
    await page.getByText('Say first who is going to look at them.').waitFor();
    found('tried after it was decided', await page.locator('.changed .failing').count());
    await olga.pictures('22-approval-refused');
    found('after a refusal', await ask(`say again ${IBAN}`));
  });
  await step('asked for again, it is agreed to', async () => {
    await olga.page.goto(rule);
    await badge(olga.page, 'Draft').waitFor();
    await text(olga.page, 'Must not match 1').fill('our ticket 0012345678');
    await send(olga.page, 'Olga and Lena look at them every hour.');
    await openRequest(lena.page);
    await lena.page.locator('.changed').getByText('2 lines right').waitFor();
    await button(lena.page, 'Approve').click();
    await toast(lena.page, 'Approved. It is in force now.').first().waitFor();
    await lena.page.goto(`${BASE}/console/approvals?show=all`);
    await lena.page.getByRole('link', { name: /In force/ }).first().click();
    await lena.page.getByText('Olga and Lena look at them every hour.').waitFor();
    await lena.page.locator('.difference').getByText('Review first').waitFor();
    found('outdated by itself', await lena.page.getByText('A newer version came into force').count());
    await lena.pictures('22-approval-agreed');
    found('with version 2', await ask(`say please pay ${IBAN}`));
    found('another with version 2', await ask(`say and also ${IBAN}`));
  });
  await step('texts that wait are delivered and refused, by keyboard', async () => {
    const { page } = olga;
    await page.goto(`${BASE}/console/review`);
    // The head knows how many before the texts are there.
    await page.getByText('and also').first().waitFor();
    await page.keyboard.press('j');
    await page.waitForURL(/\/review\/[0-9a-f-]{36}$/);
    await page.locator('.waiting-card mark').getByText(IBAN).waitFor();
    await page.locator('.matched').getByRole('link', { name: 'Client account numbers' }).waitFor();
    await page.keyboard.press('c');
    await page.getByRole('list', { name: 'What was said before' }).getByText('see you').waitFor();
    await olga.pictures('22-review');
    await page.keyboard.press('y');
    await toast(page, 'Delivered').waitFor();
    await page.locator('.waiting-card').getByText('and also').waitFor();
    await page.keyboard.press('r');
    await focused(page, 'What the author reads');
    await page.keyboard.type('no');
    await button(page, 'Do not deliver').click();
    await page.getByText('Use 10 to 500 characters.').waitFor();
    await text(page, 'What the author reads').fill('Take the number out; the payment system has it.');
    await button(page, 'Do not deliver').click();
    await toast(page, 'Not delivered, and the author told').waitFor();
    await page.getByRole('heading', { name: 'All done' }).waitFor();
    await olga.pictures('22-review-done');
    found('released is read', await ask('reads please pay'));
    found('refused is read', await ask('reads and also'));
  });
  await step('an earlier version is brought back', async () => {
    const { page } = olga;
    await page.goto(`${rule}/history`);
    await page.getByRole('heading', { name: /^Version 2/ }).waitFor();
    await olga.pictures('11-rule-history');
    await button(page, 'Open version 1 as a draft').click();
    await page.waitForURL(rule);
    await badge(page, 'Unsaved').waitFor();
    await send(page, 'Nobody has the time to look at them.');
    await agree(lena.page);
    found('with version 3', await ask(`say third ${IBAN}`));
  });
  await step('it is switched off', async () => {
    const { page } = olga;
    await page.goto(rule);
    await badge(page, 'On, v3').waitFor();
    await button(page.locator('.rule-head'), 'More acts').click();
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    const form = dialog(page, 'Ask to switch Client account numbers off');
    await text(form, 'Why?').fill('The payment system warns by itself now.');
    await button(form, 'Send for approval').click();
    await region(page, 'Approval').waitFor();
    await agree(lena.page);
    found('switched off', await ask(`say fourth ${IBAN}`));
  });
  await step('delivered packs come as drafts, with their lists', async () => {
    const { page } = olga;
    await page.goto(`${BASE}/console/rules`);
    await button(page.locator('.console-head'), 'Delivered packs').click();
    const packs = dialog(page, 'Delivered packs');
    await packs.getByRole('button', { name: 'Add as drafts Market abuse' }).click();
    await toast(page, /drafts? added/).waitFor();
    await olga.pictures('11-packs');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Word lists' }).click();
    await page.getByRole('list', { name: 'Word lists' }).getByRole('link').first().click();
    await page.locator('#list-entries').waitFor();
    await olga.pictures('11-word-list');
  });
  await step('a rule is written by keyboard alone', async () => {
    const { page } = olga;
    const hand = new Hand(olga, true);
    await page.goto(`${BASE}/console/rules`);
    await hand.press(button(page.locator('.console-head'), 'New rule'));
    const form = dialog(page, 'New rule');
    await hand.write(text(form, 'Name'), 'Guest list');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/console\/rules\/guest-list/);
    await hand.write(text(page, 'contains'), '"guest list"');
    await page.locator('#rule-match-note').getByText('Valid').waitFor();
    await hand.reach(page.locator('.outcome input:checked'));
    await page.keyboard.press('ArrowDown');
    await hand.write(text(page, 'What the sender reads'), 'This names guests. Say why it has to be sent.');
    await hand.write(text(page, 'Whom the sender may ask'), 'Compliance');
    await page.keyboard.press('Shift+Tab');
    await button(page.locator('.rule-head'), 'Save as draft').focus();
    await page.keyboard.press('Enter');
    await badge(page, 'Unsaved').waitFor({ state: 'detached' });
    await page.locator('[data-rule="guest-list"]').getByText('Warn').waitFor();
  });
  await step('an administrator finds nothing of it', async () => {
    const { page } = rita;
    await rita.enterConsole(BASE, 'root', PASSWORD);
    found('rules in the administrator\'s menu', await page.getByRole('link', { name: /Policy rules|Review first/ }).count());
    await page.goto(rule);
    await page.getByRole('heading', { name: 'Nothing here', exact: false }).first().waitFor({ state: 'attached' });
  });
});

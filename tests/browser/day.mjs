// A day in the office: two people in two browsers. One line is cut and comes back; one account is suspended.
import { Person, ask, found, launch, step } from './page.mjs';

const { BASE, LINE, PASSWORD } = process.env;
const host = new URL(BASE).host;
const browsers = [await launch(), await launch(`MAP ${host} ${LINE}`)];
const ada = await Person.at(browsers[0], 'ada');
const bela = await Person.at(browsers[1], 'bela');

try {
  await step('the sign-in page is there', async () => {
    await ada.page.goto(BASE);
    await ada.page.waitForURL(/\/sign-in/);
    await ada.page.getByLabel('Username').waitFor();
    await ada.pictures('01-sign-in');
  });
  await step('both sign in', async () => {
    await ada.signIn(BASE, 'ada', PASSWORD);
    await bela.signIn(BASE, 'bela', PASSWORD);
  });
  await step('ada opens a direct message and writes', async () => {
    await ada.newDirect('Bela Test');
    await ada.say('Good morning, Bela');
    await ada.sees('Good morning, Bela');
  });
  await step('bela sees it unread and ada available', async () => {
    const row = bela.row('Ada Test');
    await row.getByText('1 unread').or(row.getByLabel('1 unread')).first().waitFor({ state: 'attached' });
    await row.getByText('available').first().waitFor({ state: 'attached' });
    await bela.page.waitForFunction(() => document.title.startsWith('(1)'));
  });
  await step('bela opens it and it is read', async () => {
    await bela.row('Ada Test').click();
    await bela.sees('Good morning, Bela');
    await bela.page.waitForFunction(() => !document.title.startsWith('('));
  });
  await step('ada sees bela typing, then the answer', async () => {
    await bela.composer().pressSequentially('Good morning', { delay: 20 });
    await ada.page.getByText('Bela Test is typing').first().waitFor();
    await bela.composer().press('Enter');
    await ada.sees('Good morning');
  });
  await step('an edit is seen with its mark', async () => {
    await ada.act('Good morning, Bela', 'Edit');
    const editor = ada.page.getByRole('textbox').filter({ hasText: 'Good morning, Bela' })
      .or(ada.page.locator('textarea:focus')).first();
    await editor.fill('Good morning, dear Bela');
    await editor.press('Enter');
    await bela.sees('Good morning, dear Bela');
    await bela.page.getByText(/edited/).first().waitFor();
  });
  await step('a deletion leaves a note', async () => {
    await ada.say('This was a mistake');
    await bela.sees('This was a mistake');
    await ada.act('This was a mistake', 'Delete');
    await bela.page.getByText('Message deleted by Ada Test').first().waitFor();
    await bela.seesNot('This was a mistake');
  });
  await step('pictures of the chat', async () => {
    for (const [text, shown] of [
      ['The figures for October are in.', 'figures for October'],
      ['**Bold**, *soft* and `code` look right.', 'look right'],
      ['Who can read them tomorrow?', 'read them tomorrow'],
    ]) {
      await bela.say(text);
      await ada.sees(shown);
    }
    await ada.pictures('02-chat');
  });
  await step('bela is cut off, and catches up in order', async () => {
    bela.excused = true;
    await ask('cut');
    await bela.page.getByText('You are offline.').first().waitFor();
    for (let number = 1; number <= 5; number += 1) await ada.say(`while you were away ${number}`);
    await ada.sees('while you were away 5');
    await bela.say('written without a line');
    await bela.pictures('02-chat-offline');
    await ask('mend');
    await bela.back();
    await bela.sees('while you were away 5');
    await ada.sees('written without a line');
    bela.excused = false;
    const order = await bela.texts(/while you were away \d/);
    if (order.join() !== [1, 2, 3, 4, 5].map((number) => `while you were away ${number}`).join()) throw new Error(`out of order: ${order}`);
    found('order', order.length);
  });
  await step('bela is suspended and his socket closes', async () => {
    bela.excused = true;
    await ask('suspend');
    await bela.page.waitForURL(/\/sign-in/);
    await bela.page.getByText('This account is suspended.').first().waitFor();
  });
  await step('ada goes on and signs out', async () => {
    await ada.page.getByText(/This account is suspended/).first().waitFor();
    ada.excused = true;
    await ada.page.getByRole('button', { name: 'Your account' }).first().click();
    await ada.page.getByRole('button', { name: 'Sign out' }).click();
    await ada.page.waitForURL(/\/sign-in/);
  });
} catch (problem) {
  for (const person of [ada, bela]) {
    await person.page.screenshot({ path: `${process.env.SCREENSHOTS}/failed-${person.name}.png` }).catch(() => {});
  }
  process.exitCode = 1;
} finally {
  for (const person of [ada, bela]) {
    found(`problems of ${person.name}`, JSON.stringify(person.problems));
    if (person.problems.length > 0) process.exitCode = 1;
  }
  for (const browser of browsers) await browser.close();
  process.stdin.destroy();
}

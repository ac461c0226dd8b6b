// What is done with messages, by mouse and by keyboard: reply, mention, react, forward, copy a link, edit, delete, undo. Ada works at her desk
// with two windows; Bela's line is cut in the midst of his changes.
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, LINE, PASSWORD } = process.env;
const browsers = [await launch(), await launch(`MAP ${new URL(BASE).host} ${LINE}`)];
const copying = { permissions: ['clipboard-read', 'clipboard-write'] };
const ada = await Person.at(browsers[0], 'ada', undefined, copying);
const bela = await Person.at(browsers[1], 'bela');

await play([ada, bela], browsers, async () => {
  const chip = (person, text, name) => person.message(text).last().getByRole('button', { name: new RegExp(`^${name}`) });
  await step('both sign in and talk', async () => {
    await ada.signIn(BASE, 'ada', PASSWORD);
    await bela.signIn(BASE, 'bela', PASSWORD);
    await ada.newDirect('Bela Test');
    for (const text of ['The first matter', 'The second matter', 'The third matter']) {
      await ada.say(text);
      await ada.sees(text);
    }
    await bela.row('Ada Test').click();
    await bela.sees('The third matter');
  });
  await step('a reply by mouse shows what it answers and leads there', async () => {
    await bela.act('The first matter', 'Reply');
    await bela.page.getByText('Reply to Ada Test').waitFor();
    await bela.say('Answer to the first');
    const quote = ada.message('Answer to the first').getByRole('button', { name: 'The first matter' });
    await quote.click();
    await ada.page.waitForFunction(() => document.activeElement?.textContent.includes('The first matter'));
  });
  await step('a reply by keyboard, and Esc gives it up', async () => {
    await ada.keyOn('The second matter', 'q');
    await ada.page.getByText('Reply to Ada Test').waitFor();
    await ada.page.keyboard.press('Escape');
    await ada.page.getByText('Reply to Ada Test').waitFor({ state: 'hidden' });
    await ada.keyOn('The second matter', 'q');
    await ada.page.keyboard.type('Answer by key');
    await ada.page.keyboard.press('Enter');
    await bela.message('Answer by key').getByRole('button', { name: 'The second matter' }).waitFor();
  });
  await step('a mention is completed by keys and by mouse', async () => {
    await ada.composer().pressSequentially('Ask @be');
    await ada.page.getByRole('option', { name: /Bela Test/ }).waitFor();
    await ada.pictures('02-mention');
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.type('about it');
    await ada.page.keyboard.press('Enter');
    await bela.message('about it').getByText('@Bela Test').waitFor();
    await bela.page.getByRole('button', { name: 'Mention somebody' }).click();
    await bela.page.getByRole('option', { name: /Ada Test/ }).click();
    await bela.page.keyboard.type('knows');
    await bela.page.keyboard.press('Enter');
    await ada.message('knows').getByText('@Ada Test').waitFor();
  });
  await step('reactions by mouse and by key', async () => {
    await bela.act('The third matter', 'React');
    await bela.page.getByRole('menuitem', { name: 'Agreed' }).click();
    await chip(ada, 'The third matter', 'Agreed: Bela Test').waitFor();
    await ada.keyOn('The third matter', 'r');
    await ada.page.getByRole('menuitem', { name: 'Reviewed' }).waitFor();
    await ada.pictures('02-reactions');
    await ada.keyOn('The third matter', 'r');
    await ada.page.locator('[role^=menuitem]:focus').waitFor();
    await ada.page.keyboard.press('Enter');
    await chip(bela, 'The third matter', 'Reviewed: Ada Test').waitFor();
    await chip(ada, 'The third matter', 'Agreed').click();
    await chip(bela, 'The third matter', 'Agreed: .*Ada Test').waitFor();
  });
  await step('a link to a message leads there', async () => {
    await ada.act('The first matter', 'Copy link');
    await ada.page.getByText('Link copied').waitFor();
    const link = await ada.page.evaluate(() => navigator.clipboard.readText());
    if (!/\/chats\/[0-9a-f-]{36}\?at=[0-9a-f-]{36}$/.test(link)) throw new Error(`not a link: ${link}`);
    await bela.page.goto(link);
    await bela.page.waitForFunction(() => document.activeElement?.textContent.includes('The first matter'));
  });
  await step('a message is forwarded by key, with who said it', async () => {
    await ada.keyOn('Answer to the first', 'f');
    const search = ada.page.getByRole('combobox', { name: 'Forward to' });
    await search.fill('ada');
    await ada.page.getByRole('option', { name: /Ada Test/ }).waitFor();
    await ada.pictures('19-forward');
    await search.press('Enter');
    await ada.page.getByText(/^Forwarded to Ada Test/).waitFor();
    await ada.row('Ada Test (you)').click();
    await ada.message('Answer to the first').getByText(/^Bela Test, /).waitFor();
    await ada.row('Bela Test').click();
  });
  await step('changes that were cut off are made once, after all', async () => {
    for (const text of ['To be edited', 'To be deleted']) {
      await bela.say(text);
      await ada.sees(text);
    }
    bela.excused = true;
    await ask('cut');
    await bela.page.getByText('You are offline.').first().waitFor();
    await bela.keyOn('To be edited', 'e');
    await bela.page.locator('textarea:focus').fill('Edited without a line');
    await bela.page.keyboard.press('Enter');
    await bela.message('Edited without a line').getByText('Waiting for the connection').waitFor();
    await bela.keyOn('To be deleted', 'Delete');
    await bela.page.getByText('Message deleted by Bela Test').waitFor();
    await bela.keyOn('The second matter', 'r');
    await bela.page.getByRole('menuitem', { name: 'Done' }).click();
    await chip(bela, 'The second matter', 'Done: Bela Test').waitFor();
    await bela.page.getByText('3 changes will be sent when you are back.').waitFor();
    await bela.pictures('02-changes-offline');
    await ask('mend');
    await bela.back();
    await ada.sees('Edited without a line');
    await ada.page.getByText('Message deleted by Bela Test').waitFor();
    await chip(ada, 'The second matter', 'Done: Bela Test').waitFor();
    await bela.page.getByText('Waiting for the connection').first().waitFor({ state: 'hidden' });
    bela.excused = false;
    found('edited once', await ada.message('Edited without a line').count());
  });
  await step('a deletion is taken back, and the other window of the same person follows', async () => {
    await ada.say('Gone and back');
    await ada.sees('Gone and back');
    const second = await ada.page.context().newPage();
    await second.goto(ada.page.url());
    await second.getByText('Gone and back').first().waitFor();
    await ada.act('Gone and back', 'Delete');
    await second.getByText('Message deleted by Ada Test').waitFor();
    await ada.page.getByRole('button', { name: 'Undo' }).click();
    await second.locator('article').getByText('Gone and back').waitFor();
    await second.close();
  });
});

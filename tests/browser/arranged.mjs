// What people arrange for themselves: pins, what makes itself heard, own lists of people; mentions. Ada has two devices, one behind a line that
// is cut; Bela works on a phone.
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, LINE, PASSWORD } = process.env;
const browsers = [await launch(`MAP ${new URL(BASE).host} ${LINE}`), await launch(), await launch()];
const ada = await Person.at(browsers[0], 'ada');
const again = await Person.at(browsers[1], 'ada again');
const bela = await Person.at(browsers[2], 'bela', { width: 380, height: 800 }, { hasTouch: true, isMobile: true });
const keys = ada.page.keyboard;
const section = (person, name) => person.page.locator('.list-pane').getByRole('button', { name, exact: true });
/** On a touch keyboard Enter is a new line. */
async function tells(text) {
  await bela.composer().fill(text);
  await bela.page.getByRole('button', { name: 'Send', exact: true }).tap();
  await bela.sees(text);
}
const dialog = (person) => person.page.getByRole('dialog');
/** The rows under the head of a section, by name. */
const under = (person, name) => person.page.evaluate((name) => {
  const rows = [...document.querySelectorAll('.list-shown > *')];
  const at = rows.findIndex((row) => row.querySelector('.section-toggle')?.textContent.trim() === name);
  const rest = rows.slice(at + 1);
  const end = rest.findIndex((row) => row.querySelector('.section-toggle'));
  return (end < 0 ? rest : rest.slice(0, end)).map((row) => row.querySelector('.row-title').textContent).join();
}, name);
async function stands(person, name, rows) {
  await person.page.waitForFunction(([name, rows]) => {
    const all = [...document.querySelectorAll('.list-shown > *')];
    const at = all.findIndex((row) => row.querySelector('.section-toggle')?.textContent.trim() === name);
    const rest = at < 0 ? [] : all.slice(at + 1);
    const end = rest.findIndex((row) => row.querySelector('.section-toggle'));
    return (end < 0 ? rest : rest.slice(0, end)).map((row) => row.querySelector('.row-title').textContent).join() === rows;
  }, [name, rows]);
}
const titled = (person, start) => person.page.waitForFunction((start) => document.title.startsWith(start), start);

await play([ada, again, bela], browsers, async () => {
  await step('ada signs in twice, bela once', async () => {
    await ada.signIn(BASE, 'ada', PASSWORD);
    await again.signIn(BASE, 'ada', PASSWORD);
    await bela.signIn(BASE, 'bela', PASSWORD);
    await ada.newDirect('Bela Test');
    await ada.say('Good morning');
    await ada.row('Rates desk').waitFor();
  });
  await step('a pin by mouse is there on the other device', async () => {
    await ada.row('Rates desk').click();
    await ada.page.getByRole('button', { name: 'Show details' }).click();
    await ada.page.getByRole('switch', { name: 'Pin to the top' }).click();
    await stands(ada, 'Pinned', 'Rates desk');
    await stands(again, 'Pinned', 'Rates desk');
    await stands(again, 'Direct messages', 'Bela Test');
    await ada.pictures('02-details-arranged');
    await ada.page.reload();
    await stands(ada, 'Pinned', 'Rates desk');
    await ada.page.keyboard.press('Escape');
  });
  await step('what is muted by keys is neither counted nor heard', async () => {
    await keys.press('Control+k');
    await keys.type('>mute');
    await ada.page.getByRole('option', { name: /Mute or unmute/ }).waitFor();
    await keys.press('Enter');
    await again.row('Rates desk').getByText('muted').waitFor({ state: 'attached' });
    await ada.row('Bela Test').click();
    await ada.composer().waitFor();
    await bela.row('Rates desk').tap();
    await tells('Nobody hears this');
    await again.row('Rates desk').getByText('1 unread').waitFor({ state: 'attached' });
    if ((await again.page.title()).startsWith('(')) throw new Error('a muted conversation is counted');
  });
  await step('mentions are counted on the line, and filtered', async () => {
    await ada.row('Rates desk').click();
    await ada.page.getByRole('button', { name: 'Show details' }).click();
    await ada.page.getByRole('group', { name: 'Notify me of' }).getByRole('button', { name: 'Mentions' }).click();
    await ada.page.getByText('Only messages that mention you, and urgent ones, make themselves heard and are counted.').waitFor();
    await ada.page.keyboard.press('Escape');
    await ada.row('Bela Test').click();
    await again.row('Rates desk').getByText('1 unread').waitFor({ state: 'detached' });
    await tells('Not for anybody');
    await bela.composer().fill('This is for @ada and nobody else');
    await bela.page.getByRole('button', { name: 'Send', exact: true }).tap();
    await again.row('Rates desk').getByText('1 message that mentions you or is urgent').waitFor({ state: 'attached' });
    await again.row('Rates desk').getByText('2 unread').waitFor({ state: 'attached' });
    await titled(again, '(1)');
    await again.page.getByRole('button', { name: /^Mentions/ }).click();
    await again.row('Rates desk').waitFor();
    await again.row('Bela Test').waitFor({ state: 'detached' });
    await again.pictures('02-mentions');
    await again.page.reload();
    await again.row('Rates desk').getByText('1 message that mentions you or is urgent').waitFor({ state: 'attached' });
    await ada.row('Rates desk').click();
    await ada.sees('This is for');
    await again.row('Rates desk').getByText('1 message that mentions you or is urgent').waitFor({ state: 'detached' });
    await again.page.getByRole('button', { name: /^Mentions/ }).click();
    await again.page.getByRole('heading', { name: 'Nobody mentions you' }).waitFor();
    await again.page.getByRole('button', { name: 'Show all' }).click();
  });
  await step('one sort is shown alone', async () => {
    await again.page.getByRole('button', { name: 'Show only' }).click();
    await again.page.getByRole('menuitem', { name: 'Direct messages' }).click();
    await again.row('Rates desk').waitFor({ state: 'detached' });
    await again.page.locator('.list-only').getByRole('button', { name: 'Show all' }).click();
    await again.row('Rates desk').waitFor();
  });
  await step('an own list is made by keys', async () => {
    await keys.press('Control+k');
    await keys.type('>new list');
    await ada.page.getByRole('option', { name: 'New list of people' }).waitFor();
    await keys.press('Enter');
    await dialog(ada).getByRole('heading', { name: 'New list of people' }).waitFor();
    await dialog(ada).getByRole('textbox', { name: 'Name of the list' }).fill('Desk');
    await keys.press('Enter');
    await dialog(ada).getByText('Choose at least one person.').waitFor();
    await ada.page.waitForFunction(() => document.activeElement?.id === 'people-search');
    for (const name of ['Cleo Test', 'Bela Test']) {
      await dialog(ada).getByLabel('People', { exact: true }).fill(name.slice(0, 4).toLowerCase());
      await dialog(ada).getByText('Rita Root').waitFor({ state: 'hidden' });
      await dialog(ada).getByRole('button', { name: new RegExp(`^${name}`) }).waitFor();
      await keys.press('Enter');
      await dialog(ada).getByRole('button', { name: `Remove ${name}` }).waitFor();
    }
    await ada.pictures('own-list');
    await dialog(ada).getByRole('button', { name: 'Save list' }).press('Enter');
    await dialog(ada).waitFor({ state: 'hidden' });
    for (const person of [ada, again]) {
      await stands(person, 'Desk', 'Cleo Test,Bela Test');
      if (await section(person, 'Direct messages').count()) throw new Error('a talk stands in two places');
    }
    await ada.pictures('02-own-list');
  });
  await step('changes of two devices are kept, also what was changed without a line', async () => {
    ada.excused = true;
    await ask('cut');
    await ada.page.getByText('You are offline.').first().waitFor();
    await ada.row('Bela Test').click();
    await ada.page.getByRole('button', { name: 'Show details' }).click();
    await ada.page.getByRole('switch', { name: 'Pin to the top' }).press('Space');
    await stands(ada, 'Pinned', 'Bela Test,Rates desk').catch(() => stands(ada, 'Pinned', 'Rates desk,Bela Test'));
    await again.page.getByRole('button', { name: 'Edit the list Desk' }).click();
    await dialog(again).getByRole('textbox', { name: 'Name of the list' }).fill('Close colleagues');
    await dialog(again).getByRole('button', { name: 'Save list' }).click();
    await stands(again, 'Close colleagues', 'Cleo Test,Bela Test');
    await ask('mend');
    await ada.back();
    await again.page.getByRole('switch').or(section(again, 'Pinned')).first().waitFor();
    await stands(ada, 'Close colleagues', 'Cleo Test');
    await stands(again, 'Close colleagues', 'Cleo Test');
    ada.excused = false;
    found('pinned', (await under(again, 'Pinned')).split(',').sort().join());
  });
  await step('somebody is put into a list on their page, and a list goes', async () => {
    await ada.page.goto(`${BASE}/people`);
    await ada.page.getByRole('link', { name: /Rita Root/ }).click();
    await ada.page.getByRole('switch', { name: 'Close colleagues' }).click();
    await stands(again, 'Close colleagues', 'Cleo Test,Rita Root');
    await ada.pictures('people-lists');
    await again.page.getByRole('button', { name: 'Edit the list Close colleagues' }).click();
    await dialog(again).getByRole('button', { name: 'Remove list' }).click();
    await again.page.getByText('The list Close colleagues was removed').waitFor();
    await ada.page.getByRole('switch', { name: 'Close colleagues' }).waitFor({ state: 'detached' });
  });
});

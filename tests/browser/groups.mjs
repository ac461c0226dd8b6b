// Groups and announcements: made, found, joined, renamed, handed over and left. Ada works at her desk, Bela on a phone; Cleo is only talked of.
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, LINE, PASSWORD } = process.env;
const browsers = [await launch(`MAP ${new URL(BASE).host} ${LINE}`), await launch()];
const ada = await Person.at(browsers[0], 'ada');
const bela = await Person.at(browsers[1], 'bela', { width: 380, height: 800 }, { hasTouch: true, isMobile: true });
const keys = ada.page.keyboard;
const button = (person, name) => person.page.getByRole('button', { name, exact: true });
const dialog = (person) => person.page.getByRole('dialog');

/** Opens the menu of a member in the details and takes a line of it. */
async function onMember(person, name, act) {
  await button(person, `Actions for ${name}`).click();
  await person.page.getByRole('menuitem', { name: act }).click();
}
const member = (person, name) => person.page.getByRole('complementary', { name: 'Details' }).getByRole('link', { name });

await play([ada, bela], browsers, async () => {
  await step('both sign in', async () => {
    await ada.signIn(BASE, 'ada', PASSWORD);
    await bela.signIn(BASE, 'bela', PASSWORD);
  });
  await step('an open group is made by keys', async () => {
    await keys.press('Control+k');
    await keys.type('new conv');
    await keys.press('Enter');
    // Everybody is there; Enter is quicker than what is found for the name, and means it all the same.
    await ada.page.getByText('Rita Root').waitFor();
    await ada.page.getByLabel('People', { exact: true }).fill('cleo');
    await keys.press('Enter');
    await button(ada, 'Remove Cleo Test').waitFor();
    await ada.page.getByRole('checkbox', { name: 'Make it a group' }).press('Space');
    await button(ada, 'Create group').press('Enter');
    await ada.page.getByText('Give it a name.').waitFor();
    await ada.page.waitForFunction(() => document.activeElement?.id === 'group-name');
    await keys.type('Book club');
    await ada.page.getByRole('textbox', { name: /^Topic/ }).fill('One book a month');
    await ada.page.getByRole('checkbox', { name: /^Open/ }).press('Space');
    await ada.pictures('new-group');
    await ada.page.getByRole('textbox', { name: 'Name', exact: true }).press('Enter');
    await ada.page.waitForURL(/\/chats\/[0-9a-f-]{36}$/);
    await ada.say('Chapter 9 for Thursday');
    await ada.sees('Chapter 9 for Thursday');
  });
  await step('it is found and joined on the phone', async () => {
    await bela.page.getByRole('link', { name: 'New conversation' }).tap();
    await button(bela, 'Join a group').tap();
    await bela.page.waitForURL(/\/chats\/join$/);
    await bela.page.getByLabel('Open groups', { exact: true }).fill('nothing like it');
    await bela.page.getByText('No open group has “nothing like it” in its name.').waitFor();
    await bela.page.getByLabel('Open groups', { exact: true }).fill('book');
    await bela.page.getByText('One book a month').waitFor();
    await bela.accessible('open groups on a phone');
    await bela.page.screenshot({ path: `${process.env.SCREENSHOTS}/join-phone.png` });
    await bela.page.getByRole('button', { name: 'Join Book club' }).tap();
    await bela.page.waitForURL(/\/chats\/[0-9a-f-]{36}$/);
    await bela.page.getByText('Bela Test joined').waitFor();
    await ada.page.getByText('Bela Test joined').waitFor();
    if (await bela.message('Chapter 9').count()) throw new Error('Bela sees what was written before');
  });
  await step('its name and topic are changed for both', async () => {
    await button(ada, 'Show details').click();
    await member(ada, /Bela Test/).waitFor();
    await ada.pictures('02-details-group');
    await button(ada, 'Edit').click();
    await ada.page.waitForFunction(() => document.activeElement?.id === 'group-name');
    await keys.press('Control+a');
    await keys.type('Book circle');
    await ada.pictures('edit-group');
    await keys.press('Enter');
    await dialog(ada).waitFor({ state: 'hidden' });
    await bela.page.getByRole('heading', { name: 'Book circle' }).waitFor();
    await bela.page.getByText('Ada Test named it Book circle').waitFor();
    await button(ada, 'Edit').click();
    await ada.page.getByRole('textbox', { name: 'Name', exact: true }).fill('x'.repeat(121));
    await button(ada, 'Save').click();
    await ada.page.getByText('This is too long. Up to 120 characters work.').waitFor();
    await keys.press('Escape');
    await dialog(ada).waitFor({ state: 'hidden' });
    await ada.page.getByRole('heading', { name: 'Details' }).waitFor();
  });
  await step('people are added, who are not in it yet', async () => {
    await ada.page.getByRole('button', { name: /^Add people/ }).click();
    await dialog(ada).getByText('Rita Root').waitFor();
    if (await dialog(ada).getByText('Bela Test').count()) throw new Error('a member is offered');
    await dialog(ada).getByRole('button', { name: 'Add people' }).click();
    await ada.page.getByText('Choose at least one person.').waitFor();
    await dialog(ada).getByText('Rita Root').click();
    await ada.pictures('add-people');
    await button(ada, 'Add 1 person').click();
    await dialog(ada).waitFor({ state: 'hidden' });
    await bela.page.getByText('Ada Test added Rita Root').waitFor();
    await member(ada, /Rita Root/).waitFor();
  });
  await step('the last owner cannot go, and may not step down', async () => {
    await ada.page.getByRole('complementary', { name: 'Details' }).getByRole('button', { name: 'Leave' }).click();
    await dialog(ada).getByRole('button', { name: 'Leave' }).click();
    await ada.page.getByText('Somebody has to own it. Make another member owner first.').waitFor();
    await ada.pictures('leave-refused');
    await button(ada, 'Stay').click();
    await onMember(ada, 'Ada Test', 'Step down as owner');
    await dialog(ada).getByRole('button', { name: 'Step down as owner' }).click();
    await ada.page.getByText('Somebody has to own it. Make another member owner first.').waitFor();
    await keys.press('Escape');
    await dialog(ada).waitFor({ state: 'hidden' });
  });
  await step('somebody else becomes owner and takes one out, by touch', async () => {
    await onMember(ada, 'Bela Test', 'Make owner');
    await bela.page.getByText('Ada Test made Bela Test an owner').waitFor();
    await button(bela, 'Show details').tap();
    await member(bela, /Bela Test/).getByText('You, owner').waitFor();
    await bela.accessible('details on a phone');
    await bela.page.screenshot({ path: `${process.env.SCREENSHOTS}/03-phone-details.png` });
    await button(bela, 'Actions for Rita Root').tap();
    await bela.page.getByRole('menuitem', { name: 'Take out' }).tap();
    await dialog(bela).getByRole('heading', { name: 'Take Rita Root out?' }).waitFor();
    await bela.accessible('a question on a phone');
    await bela.page.screenshot({ path: `${process.env.SCREENSHOTS}/03-phone-take-out.png` });
    await dialog(bela).getByRole('button', { name: 'Take out' }).tap();
    await member(bela, /Rita Root/).waitFor({ state: 'detached' });
    await ada.page.getByText('Bela Test took Rita Root out').waitFor();
    await member(ada, /Rita Root/).waitFor({ state: 'detached' });
  });
  await step('without a line nothing is changed, and that is said', async () => {
    ada.excused = true;
    await ask('cut');
    await ada.page.getByText('You are offline.').first().waitFor();
    await button(ada, 'Edit').click();
    await ada.page.getByRole('textbox', { name: 'Name', exact: true }).fill('Reading circle');
    await button(ada, 'Save').click();
    await ada.page.getByText('You are offline. Nothing was changed. Try again when you are back.').waitFor();
    await ask('mend');
    // As long as the client may wait before it tries again, and more.
    await ada.page.getByText('Messages will be sent').or(ada.page.locator('.banner')).first().waitFor({ state: 'hidden', timeout: 120_000 });
    ada.excused = false;
    await button(ada, 'Save').click();
    await dialog(ada).waitFor({ state: 'hidden' });
    await bela.page.getByText('Ada Test named it Reading circle').first().waitFor({ state: 'attached' });
  });
  await step('ada is taken out while she reads', async () => {
    await button(bela, 'Actions for Ada Test').tap();
    await bela.page.getByRole('menuitem', { name: 'Take out' }).tap();
    await dialog(bela).getByRole('button', { name: 'Take out' }).tap();
    await ada.page.getByRole('heading', { name: 'You are no longer in this conversation' }).last().waitFor();
    await ada.pictures('taken-out');
    await ada.row('Reading circle').waitFor({ state: 'detached' });
  });
  await step('she joins again from the palette', async () => {
    await keys.press('Control+k');
    await keys.type('reading');
    await ada.page.getByRole('option', { name: /Reading circle/ }).waitFor();
    await ada.pictures('19-palette-join');
    await keys.press('Enter');
    await ada.page.getByText('You joined Reading circle').waitFor();
    await ada.page.getByRole('heading', { name: 'Reading circle' }).waitFor();
    await member(bela, /Ada Test/).waitFor();
  });
  await step('an announcement has writers and readers', async () => {
    await ada.page.goto(`${BASE}/chats/new`);
    await button(ada, 'Announcement').click();
    await ada.page.getByLabel('People', { exact: true }).fill('bela');
    await ada.page.getByText('Rita Root').waitFor({ state: 'hidden' });
    await ada.page.locator('form').getByText('Bela Test', { exact: true }).first().click();
    await ada.page.getByRole('textbox', { name: 'Name', exact: true }).fill('House news');
    await ada.pictures('new-announcement');
    await button(ada, 'Create announcement').click();
    await ada.page.waitForURL(/\/chats\/[0-9a-f-]{36}$/);
    await ada.say('The lift works again');
    await bela.page.goto(`${BASE}/chats`);
    await bela.row('House news').tap();
    await bela.sees('The lift works again');
    await bela.page.getByText('Only those named write here.').waitFor();
    await button(ada, 'Show details').click();
    await onMember(ada, 'Bela Test', 'Let write here');
    await bela.composer().fill('And the stairs, too');
    await button(bela, 'Send').tap();
    await ada.sees('And the stairs, too');
    await onMember(ada, 'Bela Test', 'Let only read');
    await bela.page.getByText('Only those named write here.').waitFor();
  });
  await step('bela leaves', async () => {
    await button(bela, 'Show details').tap();
    await bela.page.getByRole('complementary', { name: 'Details' }).getByRole('button', { name: 'Leave' }).tap();
    await dialog(bela).getByRole('heading', { name: 'Leave House news?' }).waitFor();
    await dialog(bela).getByRole('button', { name: 'Leave' }).tap();
    await bela.page.waitForURL(/\/chats$/);
    await bela.page.getByText('You left House news').waitFor();
    await bela.row('House news').waitFor({ state: 'detached' });
    await member(ada, /Bela Test/).waitFor({ state: 'detached' });
    found('members left', await ada.page.locator('.details .member').count());
  });
});

// Groups made in the console: a day by mouse and by keyboard alone, what somebody else does meanwhile, and what an officer sees.
import { Hand } from './hand.mjs';
import { Person, ask, focused, found, launch, play, step } from './page.mjs';
import { box, button, dialog, pane, region, text, toast } from './parts.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch()];
const at = (name) => Person.at(browsers[0], name, { width: 1440, height: 900 }, { reducedMotion: 'reduce', locale: 'en-US' });
const [rita, olga] = [await at('rita'), await at('olga')];


/** A group from its making to its end. */
async function day(byKey, tag) {
  const { page } = rita;
  const hand = new Hand(rita, byKey);
  const name = `Desk ${tag}`;
  const pictures = (of) => (byKey ? undefined : rita.pictures(of));
  const open = async (person) => {
    await hand.write(text(dialog(page, `Add people to ${name}`), 'Who comes into it'), person);
    await page.getByRole('list', { name: 'People found' }).getByText(`${person} Test`).waitFor();
    await page.keyboard.press('Enter');
    await button(page, `Do not add ${person} Test`).waitFor();
    await focused(page, 'Who comes into it');
  };
  await step(`${tag}: a group needs a name of its own`, async () => {
    await hand.press(button(page.locator('.console-head'), 'New group'));
    const form = dialog(page, 'New group');
    await focused(page, 'Name');
    await hand.press(button(form, 'Make group'));
    await form.getByText('Enter a name.').waitFor();
    await focused(page, 'Name');
    found(`${tag} guest boxes`, await box(form, 'Guest').count());
    await hand.write(text(form, 'Name'), 'x'.repeat(101));
    await hand.press(button(form, 'Make group'));
    await form.getByText('This is too long. Up to 100 characters work.').waitFor();
    await hand.write(text(form, 'Name'), 'TAKEN');
    await rita.refused(async () => {
      await hand.press(button(form, 'Make group'));
      await form.getByText('Another group made here has this name. Choose another.').waitFor();
    });
    await pictures('22-group-new');
    await hand.write(text(form, 'Name'), name);
    await hand.press(button(form, 'Make group'));
    await toast(page, 'Group made').waitFor();
    await pane(page).getByRole('heading', { name, level: 2 }).waitFor();
    await region(page, 'Group').getByText('Made here').waitFor();
    await region(page, 'Members').getByText('Nobody is in it.').waitFor();
    await pictures('22-group-made');
  });
  await step(`${tag}: people are added`, async () => {
    await hand.press(button(region(page, 'Members'), 'Add people'));
    const form = dialog(page, `Add people to ${name}`);
    await focused(page, 'Who comes into it');
    await hand.press(button(form, 'Add people'));
    await form.getByText('Choose at least one person.').waitFor();
    await hand.write(text(form, 'Who comes into it'), 'nobody at all');
    await form.getByText('Nobody of this name can be added.').waitFor();
    await open('Ada');
    await open('Bela');
    await open('Cleo');
    await hand.press(button(form, 'Do not add Cleo Test'));
    await button(form, 'Do not add Cleo Test').waitFor({ state: 'detached' });
    await form.getByText('Being in this group gives no role.').waitFor();
    await pictures('22-group-add');
    await hand.press(button(form, 'Add 2 people'));
    await toast(page, 'People added').waitFor();
    await button(region(page, 'Members'), 'Take Bela Test out').waitFor();
    await page.getByRole('row').filter({ hasText: name }).getByRole('cell', { name: '2 members' }).waitFor();
  });
  await step(`${tag}: it gives a role, and those who come in hear of it`, async () => {
    await hand.press(button(region(page, 'Roles'), 'Change roles'));
    const form = dialog(page, `Roles of ${name}`);
    found(`${tag} guest boxes again`, await box(form, 'Guest').count());
    await hand.tick(box(form, 'Auditor'));
    await form.getByText('the 2 people in the group').waitFor();
    await hand.press(button(form, 'Save'));
    await toast(page, 'Roles of the group changed').waitFor();
    await region(page, 'Roles').getByText('Auditor').waitFor();
    found(`${tag} auditor`, await ask('reads ada'));
    await pictures('22-group-full');
  });
  await step(`${tag}: somebody is taken out, and that is taken back`, async () => {
    await hand.press(button(region(page, 'Members'), 'Take Ada Test out'));
    await toast(page, 'Taken out of the group').waitFor();
    await button(region(page, 'Members'), 'Take Ada Test out').waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Take Bela Test out');
    found(`${tag} no auditor`, await ask('reads ada'));
    await hand.press(button(toast(page, 'Taken out of the group'), 'Undo'));
    await button(region(page, 'Members'), 'Take Ada Test out').waitFor();
    found(`${tag} auditor again`, await ask('reads ada'));
  });
  await step(`${tag}: it is renamed, and what somebody else made of the name is not overwritten unasked`, async () => {
    await hand.press(button(region(page, 'Group'), 'Rename'));
    const form = dialog(page, `Rename ${name}`);
    await focused(page, 'Name');
    await ask(`rename ${name}|Theirs ${tag}`);
    await hand.write(text(form, 'Name'), `Mine ${tag}`);
    await rita.refused(async () => {
      await hand.press(button(form, 'Save'));
      await form.getByText(`Somebody else renamed this group to “Theirs ${tag}”`).waitFor();
    });
    await pictures('22-group-rename');
    await hand.press(button(form, 'Save'));
    await toast(page, 'Group renamed').waitFor();
    await pane(page).getByRole('heading', { name: `Mine ${tag}`, level: 2 }).waitFor();
  });
  await step(`${tag}: it is deleted, with what its members lose`, async () => {
    await hand.press(button(pane(page), 'Delete group'));
    const question = dialog(page, `Delete Mine ${tag}?`);
    await question.getByText('2 people lose at once: Auditor.').waitFor();
    await focused(page, 'Keep as it is');
    await pictures('22-group-delete');
    await hand.press(button(question, 'Delete group'));
    await toast(page, 'Group deleted').waitFor();
    await page.waitForURL(/\/console\/groups$/);
    await page.getByRole('link', { name: `Mine ${tag}` }).waitFor({ state: 'detached' });
    await focused(page, 'New group');
    found(`${tag} auditor no more`, await ask('reads ada'));
  });
}

await play([rita, olga], browsers, async () => {
  await step('before there is a group the page says what it is for', async () => {
    await rita.enterConsole(BASE, 'root', PASSWORD);
    await rita.page.goto(`${BASE}/console/groups`);
    await rita.page.getByRole('heading', { name: 'No groups yet' }).waitFor();
    found('ways to a new group', await button(rita.page, 'New group').count());
    await rita.pictures('22-groups-none');
    await ask('make Taken');
    await rita.page.reload();
    await rita.page.getByRole('link', { name: 'Taken' }).waitFor();
  });
  await day(false, 'Mouse');
  await day(true, 'Keys');
  await step('a group that went meanwhile is said to be gone', async () => {
    const { page } = rita;
    await page.getByRole('link', { name: 'Taken' }).click();
    await button(region(page, 'Members'), 'Add people').click();
    const form = dialog(page, 'Add people to Taken');
    await text(form, 'Who comes into it').fill('Ada');
    await form.getByRole('list', { name: 'People found' }).getByText('Ada Test').click();
    await ask('delete Taken');
    await rita.refused(async () => {
      await button(form, 'Add 1 person').click();
      await form.getByText('This group was not found, or is no longer there.').waitFor();
    });
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    await pane(page).getByText('This group was not found, or is no longer there.').waitFor();
    await rita.pictures('22-group-gone');
  });
  await step('nobody changes a group they are in', async () => {
    const { page } = rita;
    await ask('own Readers');
    await page.goto(`${BASE}/console/groups`);
    await page.getByRole('link', { name: 'Readers' }).click();
    await pane(page).getByText('You are in this group yourself.').waitFor();
    found('own group buttons', await pane(page).getByRole('button').count());
    await rita.accessible('a group one is in');
  });
  await step('an officer reads groups and changes none', async () => {
    const { page } = olga;
    await olga.enterConsole(BASE, 'olga', PASSWORD);
    await page.goto(`${BASE}/console/groups`);
    await page.getByRole('link', { name: 'Readers' }).click();
    await region(page, 'Members').getByText('Rita Root').waitFor();
    found('officer buttons', await page.getByRole('button', { name: /New group|Rename|Add people|Take|Delete|Change/ }).count());
    await olga.pictures('22-group-officer');
  });
});

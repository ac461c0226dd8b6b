// Access tokens and bots: an administrator makes a bot and its token by keyboard alone and revokes it; a colleague sees
// that a bot writes; and an officer reaches tokens of their own.
import { Hand } from './hand.mjs';
import { Person, ask, clipboard, focused, found, gone, launch, play, step } from './page.mjs';
import { box, button, dialog, pane, region, text, toast } from './parts.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch()];
const at = (name) => Person.at(browsers[0], name, { width: 1440, height: 900 }, {
  permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'reduce', locale: 'en-US',
});
const [rita, ada, olga] = [await at('rita'), await at('ada'), await at('olga')];

const badge = (place) => place.getByText('Bot', { exact: true });

async function botByKey() {
  const { page } = rita;
  const hand = new Hand(rita, true);
  let token;
  await step('a bot needs a name, a username and somebody who answers for it', async () => {
    await page.goto(`${BASE}/console/users`);
    await hand.press(button(page, 'Add a bot'));
    const form = dialog(page, 'Add a bot');
    await focused(page, 'Name');
    await hand.press(button(form, 'Add bot'));
    await form.getByText('Enter a name.').waitFor();
    await form.getByText('Choose who answers for it.').waitFor();
    await focused(page, 'Name');
    await rita.pictures('13-bot-wrong');
    await hand.write(text(form, 'Name'), 'Build alerts');
    await hand.write(text(form, 'Username'), 'bela');
    await hand.write(text(form, 'Who answers for it'), 'test');
    await button(form, /Bela Test/).waitFor();
    await rita.pictures('13-bot-picker');
    await hand.write(text(form, 'Who answers for it'), 'nobody at all');
    await form.getByText('Nobody of this name can answer for a bot.').waitFor();
    await hand.write(text(form, 'Who answers for it'), 'ada');
    await form.getByRole('list', { name: 'People found' }).getByRole('button').first().filter({ hasText: 'Ada Test' }).waitFor();
    await page.keyboard.press('Enter');
    await focused(page, 'Choose somebody else');
    await rita.refused(async () => {
      await hand.press(button(form, 'Add bot'));
      await form.getByText('This username is taken. Choose another.').waitFor();
    });
    await focused(page, 'Username');
    await hand.write(text(form, 'Username'), 'alerts');
    await rita.pictures('13-bot');
    await hand.press(button(form, 'Add bot'));
    await page.waitForURL(/\/console\/users\/[0-9a-f-]{36}/);
  });
  await step('a bot is shown as one, with who answers for it and nothing that is for people', async () => {
    const side = pane(page);
    await badge(side).waitFor();
    await badge(page.getByRole('row').filter({ hasText: 'Build alerts' })).waitFor();
    await region(side, 'Who answers for it').getByText('Ada Test').waitFor();
    await region(side, 'Access tokens').getByText('It has no access token').waitFor();
    found('reset of a bot', await button(side, 'Reset sign-in').count());
    found('sources of a bot', await side.getByText('Sources').count());
    found('sessions of a bot', await side.getByText('Sessions').count());
    await rita.pictures('13-bot-page');
  });
  await step('what is wrong with a token stands at its field', async () => {
    await hand.press(button(pane(page), 'Issue an access token'));
    const form = dialog(page, 'Issue an access token');
    await focused(page, 'Name');
    found('admin scopes for a bot', await form.getByRole('checkbox').count());
    await rita.pictures('22-access');
    await hand.press(button(form, 'Issue token'));
    await form.getByText('Give it a name, so that you know it again.').waitFor();
    await form.getByText('Choose at least one thing it may do.').waitFor();
    await focused(page, 'Name');
    await rita.pictures('22-access-wrong');
    await hand.write(text(form, 'Name'), 'Build server');
    for (const scope of ['Read messages', 'Write messages', 'Begin and change conversations']) await hand.tick(box(form, scope));
    await hand.press(button(form, 'Issue token'));
  });
  await step('a token of a bot is shown once', async () => {
    const shown = dialog(page, 'Copy the token now');
    await focused(page, 'Token: Build server');
    await shown.getByText('The token is on your clipboard.').waitFor();
    token = await text(shown, 'Token: Build server').inputValue();
    found('bot token copied', (await clipboard(page)) === token);
    // Nothing that is drawn anew behind it takes it away.
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await page.waitForLoadState('networkidle');
    await shown.getByText('It works until').waitFor();
    await rita.pictures('22-access-secret');
    await page.keyboard.press('Escape');
    await shown.waitFor({ state: 'hidden' });
    found('bot token is gone', await gone(page, token));
    await region(page, 'Access tokens').getByText('Never used.').waitFor();
  });
  await step('the bot writes with it', async () => {
    found('bot writes', await ask(`write ${token} ada Queue 4 is full`));
    await page.reload();
    await region(page, 'Access tokens').getByText('Last used').waitFor();
    await rita.pictures('13-bot-used');
  });
  return token;
}

/** What a colleague sees of a bot. */
async function botInChat() {
  const { page } = ada;
  await step('a colleague sees that a bot writes', async () => {
    await badge(ada.row('Build alerts')).waitFor();
    await ada.row('Build alerts').click();
    await ada.sees('Queue 4 is full');
    await badge(ada.message('Queue 4 is full')).waitFor();
    await page.getByRole('article', { name: /^Build alerts, bot/ }).waitFor();
    await badge(page.locator('.conversation-head')).waitFor();
    await ada.pictures('02-bot');
    await button(page, 'Show details').click();
    await badge(pane(page).getByRole('listitem').filter({ hasText: 'Build alerts' })).waitFor();
    await ada.pictures('02-bot-details');
    await page.goto(`${BASE}/people`);
    const line = page.getByRole('listitem').filter({ hasText: 'Build alerts' });
    await badge(line).waitFor();
    await line.getByRole('link').click();
    await badge(page.locator('.person-card')).waitFor();
    await ada.pictures('people-bot');
  });
}

async function revokeByKey(token) {
  const { page } = rita;
  const hand = new Hand(rita, true);
  await step('a revoked token is over, and the focus is not lost', async () => {
    const part = region(page, 'Access tokens');
    await hand.press(button(part, 'Revoke Build server'));
    const question = dialog(page, 'Revoke Build server?');
    await focused(page, 'Keep it');
    await rita.pictures('22-access-revoke');
    await hand.press(button(question, 'Revoke token'));
    await toast(page, 'Token revoked').waitFor();
    await part.getByText('It has no access token').waitFor();
    await focused(page, 'Access tokens');
    found('bot revoked', await ask(`over ${token}`));
  });
  await step('somebody else answers for it, and it is said when they are suspended', async () => {
    await hand.press(button(pane(page), 'Change who answers for it'));
    const form = dialog(page, 'Who answers for Build alerts?');
    await hand.write(text(form, 'Who answers for it'), 'bela');
    await form.getByRole('list', { name: 'People found' }).getByText('Bela Test').waitFor();
    await page.keyboard.press('Enter');
    await focused(page, 'Choose somebody else');
    await hand.press(button(form, 'Save'));
    await toast(page, 'Changed who answers for it').waitFor();
    await region(page, 'Who answers for it').getByText('Bela Test').waitFor();
    await ask('suspend bela');
    await page.reload();
    await region(page, 'Who answers for it').getByText('is suspended. Name somebody else.').waitFor();
    await rita.pictures('13-bot-owner-suspended');
  });
}

await play([rita, ada, olga], browsers, async () => {
  await step('everybody signs in', async () => {
    await rita.enterConsole(BASE, 'root', PASSWORD);
    await ada.signIn(BASE, 'ada', PASSWORD);
    await olga.enterConsole(BASE, 'olga', PASSWORD);
  });
  const token = await botByKey();
  await botInChat();
  await revokeByKey(token);
  await step('an officer who does not chat has tokens of their own, and sees none of others', async () => {
    const { page } = olga;
    await page.goto(`${BASE}/console/users`);
    await page.getByRole('link', { name: 'Cleo Test' }).click();
    await region(page, 'Roles').waitFor();
    found('officer sees tokens', await region(page, 'Access tokens').count());
    await new Hand(olga, false).pick(page.locator('.console-own button').first(), 'Access tokens');
    await page.waitForURL(/\/console\/tokens$/);
    await page.getByRole('heading', { name: 'No access tokens' }).waitFor();
    await olga.pictures('console-tokens-none');
    await button(page, 'Issue an access token').click();
    const form = dialog(page, 'Issue an access token');
    await form.getByRole('checkbox').first().waitFor();
    found('officer is offered', await form.getByRole('checkbox').count());
    await olga.pictures('console-tokens-issue');
    await button(form, 'Cancel').click();
  });
});

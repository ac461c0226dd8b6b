// Second factors: added by keyboard alone, asked for at sign-in, after a link and where one signs in again; passkeys; a lost device; emergencies.
import { Hand } from './hand.mjs';
import { Person, ask, launch, play, step } from './page.mjs';

const { BASE, PASSWORD, OTHER_PASSWORD } = process.env;
const browsers = [await launch()];
const at = (name) => Person.at(browsers[0], name, { width: 1440, height: 900 }, { reducedMotion: 'reduce' });
const root = await at('root');
const [ada, bela, olga, otto, old] = [await at('ada'), await at('bela'), await at('olga'), await at('otto'), await at('old')];
const dora = await at('dora');

const button = (place, name) => place.getByRole('button', { name, exact: true });
const dialog = (page) => page.getByRole('dialog');
const pane = (page) => page.getByRole('complementary', { name: /Test|Root/ });
const own = (page) => page.locator('.console-own').getByRole('button');
const code = (place) => place.getByLabel('Code', { exact: true });
const row = (page, name) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
const title = (page, name) => page.getByRole('heading', { name, level: 1, exact: true });
const closed = (page) => dialog(page).waitFor({ state: 'hidden' });

async function quiet(page) {
  while (await page.locator('.toast').count()) await page.locator('.toast').first().getByRole('button', { name: 'Close' }).click();
}

/** Name and password, on the way to some page. */
async function name(person, to, username, password = PASSWORD) {
  const { page } = person;
  await page.goto(`${BASE}/sign-in?to=${encodeURIComponent(to)}`);
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
}

const security = (page) => title(page, 'Sign-in and security').waitFor();

async function leave(hand) {
  await quiet(hand.page);
  await hand.pick(own(hand.page), 'Sign out');
  await title(hand.page, 'Sign in').waitFor();
}

/** An authenticator built into the browser. */
async function authenticator(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
    isUserVerified: true, automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options });
  return { verified: (isUserVerified) => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }) };
}

/** An administrator, by keyboard alone. */
async function codes() {
  const { page } = root;
  const hand = new Hand(root, true);
  await step('one who has none is told why to add some', async () => {
    await root.refused(async () => {
      await name(root, '/console', 'root');
      await title(page, 'Overview').waitFor();
    });
    await hand.pick(own(page), 'Sign-in and security');
    await security(page);
    await page.getByText('No second factor yet').waitFor();
    await root.pictures('factors-none');
  });
  await step('the form says what is missing and what is wrong', async () => {
    await hand.press(button(page, 'Add authenticator app'));
    await hand.press(button(dialog(page), 'Continue'));
    await dialog(page).getByText('Give it a name.').waitFor();
    await dialog(page).getByText('Enter your password.').waitFor();
    await hand.write(dialog(page).getByLabel('Name', { exact: true }), 'Phone');
    await hand.write(dialog(page).getByLabel('Your password', { exact: true }), 'not my password at all');
    await root.refused(async () => {
      await hand.keys.press('Enter');
      await dialog(page).getByText('This is not your password. Try again.').waitFor();
    });
    await root.accessible('a wrong password for a new factor');
    await hand.write(dialog(page).getByLabel('Your password', { exact: true }), PASSWORD);
    await hand.keys.press('Enter');
  });
  await step('the secret is shown as a picture and as text, and one code proves it', async () => {
    await dialog(page).getByRole('img', { name: /QR code/ }).waitFor();
    const secret = await dialog(page).getByLabel('Or type this secret into the app').inputValue();
    if (!/^([A-Z2-7]{4} )+[A-Z2-7]{1,4}$/.test(secret)) throw new Error(`not in fours: ${secret}`);
    await root.pictures('factors-codes');
    await ask(`app root ${secret}`);
    const field = dialog(page).getByLabel('Code the app shows');
    await root.refused(async () => {
      await hand.write(field, await ask('wrong root'));
      await hand.keys.press('Enter');
      await dialog(page).getByText('This code is wrong or was used already.').waitFor();
    });
    await hand.write(field, await ask('code root'));
    await hand.keys.press('Enter');
    await closed(page);
    await row(page, 'Phone').getByText('Authenticator app').waitFor();
    await page.getByText('You have one second factor.').waitFor();
  });
  await step('signing in asks for a code: a wrong one, then the right one', async () => {
    await leave(hand);
    await root.refused(async () => {
      await name(root, '/console/security', 'root');
      await title(page, 'One more step').waitFor();
      await root.pictures('01-second-code');
      await page.waitForFunction(() => document.activeElement?.id === 'second-code');
      // It is sent by itself with its last digit.
      await page.keyboard.type(await ask('wrong root'));
      await page.getByText('This code is wrong or was used already.').waitFor();
      await root.pictures('01-second-wrong');
      await page.waitForFunction(() => document.activeElement?.id === 'second-code' && document.activeElement.value === '');
      await page.keyboard.type(await ask('code root'));
      await security(page);
    });
  });
  await step('going back keeps the name', async () => {
    await leave(hand);
    await root.refused(async () => {
      await name(root, '/console/security', 'root');
      await hand.press(button(page, 'Back to sign-in'));
      await title(page, 'Sign in').waitFor();
      if ((await page.getByLabel('Username').inputValue()) !== 'root') throw new Error('the name is gone');
      if ((await page.getByLabel('Password', { exact: true }).inputValue()) !== '') throw new Error('the password is still there');
      await page.waitForFunction(() => document.activeElement?.id === 'password');
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press('Enter');
      await code(page).waitFor();
      await page.keyboard.type(await ask('code root'));
      await security(page);
    });
  });
}

async function passkeys() {
  const { page } = root;
  const hand = new Hand(root, false);
  const device = await authenticator(page);
  const form = async (what) => {
    await hand.write(dialog(page).getByLabel('Name', { exact: true }), what);
    await hand.write(dialog(page).getByLabel('Your password', { exact: true }), PASSWORD);
    await hand.keys.press('Enter');
  };
  await step('a passkey is made, once one does not say no', async () => {
    await hand.press(button(page, 'Add passkey'));
    await root.refused(async () => {
      await form('Phone');
      await dialog(page).getByText('You have another second factor of this name.').waitFor();
    });
    await root.pictures('factors-passkey');
    await device.verified(false);
    await form('Laptop');
    await dialog(page).getByText('No passkey was shown: it was cancelled, or took too long.').waitFor();
    await device.verified(true);
    // Once: while the first answer is on its way the button is there, and then it is not.
    await dialog(page).getByRole('button', { name: 'Continue' }).click();
    await closed(page);
    await row(page, 'Laptop').getByText('Passkey', { exact: true }).waitFor();
    await root.pictures('factors-list');
  });
  await step('the other way at sign-in: cancelled, then shown', async () => {
    await leave(hand);
    await root.refused(async () => {
      await name(root, '/console/security', 'root');
      await code(page).waitFor();
      await root.pictures('01-second-both');
      await device.verified(false);
      await button(page, 'Use passkey instead').click();
      await page.getByText('No passkey was shown: it was cancelled, or took too long.').waitFor();
      await device.verified(true);
      await button(page, 'Use passkey instead').click();
      await security(page);
    });
  });
  await step('codes are removed, with the password', async () => {
    await hand.press(button(row(page, 'Phone'), 'Remove Phone'));
    await dialog(page).getByText('You keep 1 other second factor.').waitFor();
    await root.refused(async () => {
      await hand.write(dialog(page).getByLabel('Your password', { exact: true }), 'not my password at all');
      await hand.keys.press('Enter');
      await dialog(page).getByText('This is not your password. Try again.').waitFor();
    });
    await root.pictures('factors-remove');
    await hand.write(dialog(page).getByLabel('Your password', { exact: true }), PASSWORD);
    await hand.keys.press('Enter');
    await closed(page);
    await row(page, 'Phone').waitFor({ state: 'hidden' });
  });
  await step('with a passkey alone it is asked for by itself', async () => {
    await leave(hand);
    await device.verified(false);
    await root.refused(async () => {
      await name(root, '/console/security', 'root');
      await page.getByText('No passkey was shown: it was cancelled, or took too long.').waitFor();
      await root.pictures('01-second-passkey');
      await device.verified(true);
      await button(page, 'Use passkey').click();
      await security(page);
      await leave(hand);
      await name(root, '/console/security', 'root');
      await security(page);
    });
  });
  await step('a browser that cannot says so', async () => {
    await old.page.addInitScript(() => delete globalThis.PublicKeyCredential);
    await old.refused(async () => {
      await name(old, '/console', 'root');
      await old.page.getByText('This browser cannot use passkeys.').waitFor();
      await old.pictures('01-second-none');
    });
  });
}

/** A browser that knows passkeys and not their JSON. */
async function withoutJson() {
  const { page } = dora;
  const hand = new Hand(dora, false);
  await page.addInitScript(() => {
    const passkeys = globalThis.PublicKeyCredential;
    if (!passkeys) return;
    delete passkeys.parseRequestOptionsFromJSON;
    delete passkeys.parseCreationOptionsFromJSON;
    delete passkeys.prototype.toJSON;
  });
  await authenticator(page);
  const add = async (what) => {
    await hand.press(button(page, 'Add passkey'));
    await hand.write(dialog(page).getByLabel('Name', { exact: true }), what);
    await hand.write(dialog(page).getByLabel('Your password', { exact: true }), PASSWORD);
    await hand.keys.press('Enter');
  };
  await step('a browser that does not know the JSON of passkeys makes one, and knows it again', async () => {
    await dora.refused(async () => {
      await name(dora, '/console/security', 'dora');
      await security(page);
    });
    const known = await page.evaluate(() => 'parseRequestOptionsFromJSON' in PublicKeyCredential || 'toJSON' in PublicKeyCredential.prototype);
    if (known) throw new Error('the browser knows it');
    await add('Laptop');
    await closed(page);
    await row(page, 'Laptop').getByText('Passkey', { exact: true }).waitFor();
    await add('The same laptop');
    await dialog(page).getByText(/already/).waitFor();
    await hand.press(button(dialog(page), 'Cancel'));
    await closed(page);
  });
  await step('and signs in with it', async () => {
    await leave(hand);
    await dora.refused(async () => {
      await name(dora, '/console/security', 'dora');
      await security(page);
    });
  });
}

/** An account for the day the sources are away. */
async function emergency() {
  const { page } = root;
  const hand = new Hand(root, true);
  const change = () => hand.press(button(pane(page), 'Change account for emergencies'));
  await step('networks that are none are told by name', async () => {
    await page.goto(`${BASE}/console/users`);
    await hand.press(row(page, 'Rita Root').getByRole('link', { name: 'Rita Root', exact: true }));
    await pane(page).getByText('Passkey · added').waitFor();
    await change();
    await hand.tick(dialog(page).getByLabel('This is an account for emergencies'));
    await hand.write(dialog(page).getByLabel(/Networks it can be used from/), '127.0.0.0/8\noffice\n\n10.0.0.0/33');
    await root.refused(async () => {
      await hand.press(button(dialog(page), 'Save'));
      await dialog(page).getByText('Line 2, “office”, is no network. Line 4, “10.0.0.0/33”, is no network.').waitFor();
    });
    await root.pictures('13-emergency');
  });
  await step('the account is marked, on its page and in the list', async () => {
    await hand.write(dialog(page).getByLabel(/Networks it can be used from/), '127.0.0.0/8\n::1');
    await hand.press(button(dialog(page), 'Save'));
    await closed(page);
    await pane(page).getByText('127.0.0.0/8').waitFor();
    await row(page, 'Rita Root').getByText('Emergency', { exact: true }).waitFor();
    await quiet(page);
    await pane(page).getByText('Account for emergencies').scrollIntoViewIfNeeded();
    await root.pictures('13-emergency-pane');
  });
  await step('its last second factor stays', async () => {
    await page.goto(`${BASE}/console/security`);
    await hand.press(button(row(page, 'Laptop'), 'Remove Laptop'));
    await dialog(page).getByText('It is your last one').waitFor();
    await root.refused(async () => {
      await hand.write(dialog(page).getByLabel('Your password', { exact: true }), PASSWORD);
      await hand.keys.press('Enter');
      await dialog(page).getByText('An account for emergencies needs a second factor.').waitFor();
    });
    await root.pictures('factors-needed');
    await hand.press(button(dialog(page), 'Keep it'));
  });
}

/** Another administrator. */
async function lost() {
  const { page } = otto;
  const hand = new Hand(otto, false);
  await step('an account without a second factor is none for emergencies', async () => {
    await otto.refused(async () => {
      await name(otto, '/console/users', 'otto');
      await title(page, 'Users').waitFor();
      await hand.press(row(page, 'Otto Test').getByRole('link', { name: 'Otto Test', exact: true }));
      await hand.press(button(pane(page), 'Change account for emergencies'));
      await hand.tick(dialog(page).getByLabel('This is an account for emergencies'));
      await hand.press(button(dialog(page), 'Save'));
      await dialog(page).getByText('An account for emergencies needs a second factor.').waitFor();
      await hand.press(button(dialog(page), 'Cancel'));
      await closed(page);
    });
  });
  await step('all second factors of somebody who lost them are removed', async () => {
    await hand.press(row(page, 'Ada Test').getByRole('link', { name: 'Ada Test', exact: true }));
    await pane(page).getByText('Tablet', { exact: true }).waitFor();
    await otto.pictures('13-factors');
    await hand.press(button(pane(page), 'Remove all second factors'));
    await dialog(page).getByText('2 second factors can no longer be used').waitFor();
    await otto.pictures('13-factors-remove');
    await hand.press(button(dialog(page), 'Remove all'));
    await closed(page);
    await pane(page).getByText('None. The password alone lets this person in.').waitFor();
  });
  await step('then the password alone lets in', async () => {
    await ada.refused(async () => {
      await name(ada, '/chats', 'ada');
      await ada.page.waitForURL(/\/chats/, { waitUntil: 'commit' });
      await ada.list().waitFor();
    });
  });
}

/** An employee, in the chat. */
async function chat() {
  const { page } = bela;
  await step('an account that is another begins again, with the name kept', async () => {
    await bela.refused(async () => {
      await name(bela, '/chats', 'bela');
      await code(page).waitFor();
      await ask('another password bela');
      await page.keyboard.type(await ask('code bela'));
      await page.getByText('This took too long, or the account was changed meanwhile. Sign in again.').waitFor();
      await bela.pictures('01-second-over');
      if ((await page.getByLabel('Username').inputValue()) !== 'bela') throw new Error('the name is gone');
    });
  });
  await step('a one-time link asks for it, too', async () => {
    const link = await ask('link bela');
    await bela.refused(async () => {
      await page.goto(link);
      await page.getByLabel('New password', { exact: true }).or(page.locator('#link-password')).first().fill(PASSWORD);
      await page.locator('#link-repeat').fill(PASSWORD);
      await page.keyboard.press('Enter');
      await title(page, 'One more step').waitFor();
      await page.keyboard.type(await ask('code bela'));
      await bela.list().waitFor();
    });
  });
  await step('too many wrong codes have to wait', async () => {
    await bela.page.context().clearCookies();
    await bela.refused(async () => {
      await name(bela, '/chats', 'bela');
      const waits = page.getByText(/Too many attempts. You can try again in/);
      const wrong = page.getByText('This code is wrong or was used already.');
      for (let tries = 0; tries < 12 && !(await waits.isVisible()); tries += 1) {
        const typed = await ask('wrong bela');
        await page.waitForFunction(() => document.activeElement?.id === 'second-code' && document.activeElement.value === '');
        await page.keyboard.type(typed.slice(0, 5));
        await wrong.waitFor({ state: 'hidden' });
        await page.keyboard.type(typed.slice(5));
        await wrong.or(waits).first().waitFor();
      }
      await waits.waitFor();
      await bela.pictures('01-second-wait');
    });
  });
}

/** An officer signs in again before messages are shown. */
async function again() {
  const { page } = olga;
  const hand = new Hand(olga, true);
  const confirm = page.getByRole('dialog', { name: 'Sign in again to read messages' });
  await step('signing in again asks for the code, in the same dialog', async () => {
    await olga.refused(async () => {
      await name(olga, '/console/search', 'olga');
      await code(page).waitFor();
      await page.keyboard.type(await ask('code olga'));
      const why = page.getByRole('dialog', { name: 'Why are you searching?' });
      await hand.write(why.getByRole('textbox', { name: 'Reason' }), 'Case C-0142, price talk');
      await hand.press(button(why, 'Go on'));
      await why.waitFor({ state: 'hidden' });
      await ask('stale');
      await hand.write(page.getByRole('textbox', { name: 'What to look for' }), 'Erlenhof');
      await hand.keys.press('Enter');
      await confirm.waitFor();
      await hand.write(confirm.getByLabel('Password', { exact: true }), PASSWORD);
      await hand.keys.press('Enter');
      await code(confirm).waitFor();
      await page.waitForFunction(() => document.activeElement?.id === 'second-code');
      await page.keyboard.type(await ask('wrong olga'));
      await confirm.getByText('This code is wrong or was used already.').waitFor();
      await olga.pictures('22-confirm-second');
      await page.waitForFunction(() => document.activeElement?.id === 'second-code');
      await page.keyboard.type(await ask('code olga'));
      await confirm.waitFor({ state: 'hidden' });
      await page.getByRole('list', { name: 'Messages found' }).locator('mark').filter({ hasText: 'Erlenhof' }).first().waitFor();
    });
  });
}

await play([root, ada, bela, olga, otto, old, dora], browsers, async () => {
  await codes();
  await passkeys();
  await withoutJson();
  await emergency();
  await lost();
  await chat();
  await again();
});

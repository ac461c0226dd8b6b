// Signing in with what a company has: two providers, there and back and out again, an OpenLDAP, an Active Directory.
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, COMPANY } = process.env;
const browsers = [await launch()];
const alice = await Person.at(browsers[0], 'alice');
const { page } = alice;
const through = (name) => page.getByRole('button', { name: `Continue with ${name}`, exact: true });

/** Which of the ways is the primary one. */
const likely = async () => (await page.locator('.entrance .button-primary').allInnerTexts()).map((one) => one.trim()).join(', ');
const atTheDoor = async () => {
  await page.waitForURL(/\/sign-in(\?.*)?$/, { waitUntil: 'commit' });
  await through('Company').waitFor();
};
/** npm oidc-provider: a form, then a question. */
const atCompany = async (login) => {
  await page.waitForURL((url) => url.href.startsWith(COMPANY), { waitUntil: 'commit' });
  await page.locator('input[name=login]').fill(login);
  await page.locator('input[name=password]').fill('anything');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
};
const byForm = async (login, password) => {
  await page.getByLabel('Username').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in with directory account' }).click();
};
const chats = async () => {
  await page.waitForURL(/\/chats$/, { waitUntil: 'commit' });
  await alice.list().waitFor();
};
/** The socket may close before the page is left, and what other sites lack is theirs. */
const signOut = async () => {
  await page.getByRole('button', { name: 'Your account' }).first().click();
  await page.getByRole('button', { name: 'Sign out' }).click();
};

await play([alice], browsers, async () => {
  await alice.refused(async () => {
    await step('a page that needs a session leads to the sign-in page', async () => {
      await page.goto(`${BASE}/settings/devices`);
      await atTheDoor();
      found('likely at first', await likely());
      await alice.pictures('01-sign-in-single');
    });
    await step('one goes to the company, signs in, and comes back to the page that was wanted', async () => {
      await through('Company').click();
      await atCompany('alice');
      await page.waitForURL(/\/settings\/devices$/, { waitUntil: 'commit' });
      await page.getByRole('heading', { level: 1 }).first().waitFor();
    });
    await step('a session that ends at the company ends an open chat', async () => {
      await page.goto(`${BASE}/chats`);
      await chats();
      const other = await page.context().newPage();
      await other.goto(`${COMPANY}/session/end`);
      await other.getByRole('button', { name: 'Yes, sign me out' }).click();
      await atTheDoor();
      await other.close();
    });
    await step('whoever signs out here signs out there too', async () => {
      await through('Company').click();
      await atCompany('alice');
      await chats();
      await signOut();
      await page.getByRole('button', { name: 'Yes, sign me out' }).click();
      await atTheDoor();
      // The company asks again who it is.
      await through('Company').click();
      await page.locator('input[name=login]').waitFor();
    });
    await step('another provider lets its people in', async () => {
      await page.goto(`${BASE}/sign-in`);
      await through('Portal').click();
      await page.locator('input[name=user]').fill('dwho');
      await page.locator('input[name=password]').fill('dwho');
      await page.locator('button[type=submit]').first().click();
      await chats();
      await signOut();
      await atTheDoor();
      // The way out leads past the provider, and back.
      await page.waitForLoadState('networkidle');
      found('likely afterwards', await likely());
    });
    await step('a directory lets its people in by the form', async () => {
      await byForm('oscar', 'wrong');
      await page.getByRole('alert').filter({ hasText: /password/ }).waitFor();
      await byForm('oscar', 'oscar-password');
      await chats();
      await signOut();
      await atTheDoor();
    });
    await step('and so does an Active Directory', async () => {
      await byForm('carla@corp.example', 'Carla-Passw0rd1');
      await chats();
      await signOut();
      await atTheDoor();
    });
    await step('who is known there and not here is told whom to ask', async () => {
      await ask('nobody new');
      await page.goto(`${BASE}/settings/devices`);
      await atTheDoor();
      await through('Company').click();
      await atCompany('eve');
      await page.waitForURL(/\/sign-in\/return$/, { waitUntil: 'commit' });
      await page.getByRole('alert').filter({ hasText: 'there is no account for you here' }).waitFor();
      await alice.pictures('01-sign-in-refused');
      await page.getByRole('button', { name: 'Begin again' }).click();
      await atTheDoor();
    });
    await step('the next try leads to the page that was wanted all the same', async () => {
      await byForm('oscar', 'oscar-password');
      await page.waitForURL(/\/settings\/devices$/, { waitUntil: 'commit' });
      await page.goto(`${BASE}/chats`);
      await chats();
      await signOut();
      await atTheDoor();
    });
    await step('a code works once, in the browser that asked for it', async () => {
      await page.goto(`${BASE}/sign-in/return?code=used&state=used`);
      await page.getByRole('alert').filter({ hasText: 'took too long' }).waitFor();
    });
    await step('a provider that is away is said in place', async () => {
      await ask('away');
      await page.goto(`${BASE}/sign-in`);
      await atTheDoor();
      await through('Company').click();
      await page.getByRole('alert').filter({ hasText: 'cannot be reached right now' }).waitFor();
    });
  });
});

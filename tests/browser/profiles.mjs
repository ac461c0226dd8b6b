// Pictures of people and whom they report to: in chats, and in the console.
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, PASSWORD, ALICE } = process.env;
const browsers = [await launch()];
const at = (name) => Person.at(browsers[0], name, { width: 1440, height: 900 }, { reducedMotion: 'reduce', locale: 'en-US' });
const [zora, rita] = [await at('zora'), await at('rita')];

const photo = (place) => place.locator('.avatar img');
/** The picture is there: drawn, not only asked for. */
const drawn = (page, image) => image.elementHandle().then((one) => page.waitForFunction((one) => one.complete && one.naturalWidth === 128, one));
const initials = (avatar) => avatar.evaluate((one) => [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join('').trim());

await play([zora, rita], browsers, async () => {
  const { page } = zora;
  await step('a chat shows faces', async () => {
    await zora.signIn(BASE, 'zora', 'zora-password');
    await zora.row('Rates desk').click();
    await zora.sees('Thank you both.');
    const message = zora.message('It is on the shared page.').last();
    await drawn(page, photo(message));
    found('words of pictures', JSON.stringify([...new Set(await page.locator('.avatar img').evaluateAll((all) => all.map((one) => one.alt)))]));
    found('pictures that say something to screen readers', await page.getByRole('img', { name: /.+/ }).and(page.locator('.avatar img')).count());
    found('initials below', await initials(message.locator('.avatar').first()));
    // Who has none keeps the initials.
    if (await photo(zora.message('Thank you both.').last()).count()) throw new Error('a picture of nobody');
    await zora.pictures('profiles-chat');
  });
  await step('another picture comes by itself', async () => {
    const image = photo(zora.message('It is on the shared page.').last());
    const before = await image.getAttribute('src');
    await ask('another picture');
    await page.waitForFunction((before) => !document.querySelector(`.avatar img[src="${before}"]`), before);
    await drawn(page, image);
  });
  await step('a picture that cannot be had leaves the initials', async () => {
    await page.route('**/photo?v=*', (route) => route.abort());
    await zora.refused(async () => {
      await page.reload();
      await zora.sees('It is on the shared page.');
      const message = zora.message('It is on the shared page.').last();
      await photo(message).waitFor({ state: 'detached' });
      found('initials after a failure', await initials(message.locator('.avatar').first()));
    });
    await page.unroute('**/photo?v=*');
  });
  await step('the console shows faces and managers', async () => {
    const { page } = rita;
    await rita.enterConsole(BASE, 'root', PASSWORD);
    await page.goto(`${BASE}/console/users/${ALICE}`);
    await page.getByRole('link', { name: 'Zora Zane' }).first().waitFor();
    await drawn(page, page.locator(`tr[data-person="${ALICE}"] .avatar img`));
    await rita.pictures('profiles-console');
    const facts = page.locator('dl.facts').first();
    for (const words of ['Trader', 'Rates desk']) await facts.getByText(words, { exact: true }).waitFor();
    await facts.getByRole('link', { name: 'Zora Zane', exact: true }).click();
    await page.locator('dl.facts').first().getByText('Head of rates', { exact: true }).waitFor();
    if (await page.locator('dl.facts').first().getByText('Manager', { exact: true }).count()) throw new Error('a manager of nobody');
  });
  await step('a picture that was taken away is gone', async () => {
    const { page } = zora;
    await page.reload();
    await zora.sees('It is on the shared page.');
    const image = photo(zora.message('It is on the shared page.').last());
    await drawn(page, image);
    await ask('no picture');
    await image.waitFor({ state: 'detached' });
  });
});

// A list of very many conversations: it opens, scrolls and follows what is typed.
import { Person, found, launch, play, step } from './page.mjs';

const { BASE, PASSWORD, COUNT } = process.env;
const browser = await launch();
const bela = await Person.at(browser, 'bela');
const { page } = bela;

const titles = () => page.locator('.row-title').allInnerTexts();

await play([bela], [browser], async () => {
  await step('the list opens', async () => {
    const begin = Date.now();
    await bela.signIn(BASE, 'bela', PASSWORD);
    await page.locator('a[data-conversation-id]').first().waitFor();
    found('milliseconds from the sign-in page to the list', Date.now() - begin);
    found('conversations', COUNT);
    found('rows on the page', await page.locator('a[data-conversation-id]').count());
    if (await page.locator('a[data-conversation-id]').count() > 100) throw new Error('all of them are on the page');
  });
  await step('it is scrolled to its end', async () => {
    await page.locator('.list-scroll').evaluate((list) => { list.scrollTop = list.scrollHeight; });
    await page.getByText('Matter 0001', { exact: true }).first().waitFor();
  });
  await step('it follows what is typed', async () => {
    await page.getByRole('searchbox', { name: 'Filter by name' }).focus();
    const times = [];
    for (const letter of 'matter 010') {
      // From the key to the picture after it.
      await page.evaluate(() => {
        window.typed = new Promise((done) => addEventListener('input', () => {
          const begin = performance.now();
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin)));
        }, { once: true, capture: true }));
      });
      await page.keyboard.type(letter);
      times.push(await page.evaluate(() => window.typed));
    }
    await page.getByText('Matter 0100', { exact: true }).first().waitFor();
    await page.getByText('Matter 0099', { exact: true }).first().waitFor({ state: 'hidden' });
    found('milliseconds for each letter', times.map((time) => Math.round(time)).join(' '));
    found('found', (await titles()).sort().join(' '));
    await bela.pictures('02-many');
  });
});

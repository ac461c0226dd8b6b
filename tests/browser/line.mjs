// A bad line, a laptop that sleeps, a server that is stopped and one that is killed: what was sent is seen once, in order.
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, ADAS, BELAS, PASSWORD } = process.env;
const host = new URL(BASE).host;
const browsers = [await launch(`MAP ${host} ${ADAS}`), await launch(`MAP ${host} ${BELAS}`)];
const ada = await Person.at(browsers[0], 'ada');
const bela = await Person.at(browsers[1], 'bela');
const both = [ada, bela];
let sent = 0;

/** Each writes in turn, whether the line carries or not. */
const talk = async (rounds, writers = both) => {
  for (let round = 0; round < rounds; round += 1) {
    for (const writer of writers) {
      sent += 1;
      await writer.say(`${writer.name} says number ${sent}`);
    }
  }
};
/** Everybody sees everything that was sent, and nothing waits. */
const settled = async () => {
  for (const person of both) {
    for (const writer of both) await person.sees(new RegExp(`${writer.name} says number`));
    await person.page.waitForFunction((wanted) => {
      const seen = [...document.querySelectorAll('article')].map((row) => row.innerText.match(/\w+ says number \d+/)?.[0]);
      return new Set(seen.filter(Boolean)).size === wanted && !document.querySelector('.feed').innerText.includes('Waiting for the connection');
    }, sent);
  }
};

await play(both, browsers, async () => {
  await step('both sign in', async () => {
    for (const person of both) await person.signIn(BASE, person.name, PASSWORD);
    await ada.row('Bela Test').click();
    await bela.row('Ada Test').click();
    for (const person of both) await person.composer().waitFor();
    for (const person of both) {
      person.excused = true;
      person.page.setDefaultTimeout(120_000);
    }
  });
  await step('both write on a bad line', async () => {
    await ask('bad');
    await talk(8);
    await settled();
    await ask('good');
  });
  await step('one sleeps', async () => {
    const debug = await bela.page.context().newCDPSession(bela.page);
    await ask('bela sleeps');
    await debug.send('Page.setWebLifecycleState', { state: 'frozen' });
    await talk(4, [ada]);
    await ada.page.waitForFunction((last) => [...document.querySelectorAll('article')].some((row) => row.innerText.includes(`number ${last}`)), sent);
    await debug.send('Page.setWebLifecycleState', { state: 'active' });
    await talk(2, [bela]);
    await ask('bela wakes');
    await settled();
  });
  await step('the server is stopped and comes back', async () => {
    await ask('stop');
    await talk(2);
    await ask('start');
    await settled();
  });
  await step('the server is killed and comes back', async () => {
    await talk(2);
    await ask('kill');
    await talk(2);
    await ask('start');
    await settled();
  });
  await step('what each sees', async () => {
    for (const person of both) {
      const texts = await person.texts(/\w+ says number \d+/);
      found(`what ${person.name} sees`, texts.join(' | '));
    }
    found('sent', sent);
  });
});

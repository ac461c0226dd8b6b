// The overview and health: what an auditor and an administrator see of the server, by mouse and by keyboard alone, wide and narrow.
import { Hand } from './hand.mjs';
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, PASSWORD } = process.env;
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 380, height: 800 };
const FIGURES = /\/api\/v1\/overview\?/;
const HEALTH = /\/api\/v1\/health$/;
const browsers = [await launch()];
const at = (name) => Person.at(browsers[0], name, WIDE, { reducedMotion: 'reduce' });
const aud = await at('aud');
const rita = await at('rita');

const button = (place, name) => place.getByRole('button', { name, exact: true });
const tile = (page, name) => page.getByRole('region', { name, exact: true });
const chart = (page, name) => page.getByRole('figure', { name, exact: true });
const measured = (page) => page.locator('.console-lead').filter({ hasText: 'Measured at' });
const places = async (page) => (await page.getByRole('navigation', { name: 'Console' }).getByRole('link').allInnerTexts()).map((text) => text.trim()).filter((text) => text && text !== 'Chancery').join(', ');

const go = (person, path) => person.page.goto(`${BASE}${path}`);

const enter = (person, username) => person.enterConsole(BASE, username, PASSWORD);

/** The whole page in both themes and widths, for whoever looks at it. */
async function pictures(person, name) {
  await person.pictures(name);
  const { page } = person;
  for (const colorScheme of ['light', 'dark']) {
    await page.setViewportSize({ width: 1440, height: 1500 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}-whole-${colorScheme}.png` });
    await page.setViewportSize({ width: 380, height: 3000 });
    await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}-whole-380-${colorScheme}.png` });
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

/** Waits until the figures were measured anew. */
async function renewed(page) {
  const before = await measured(page).innerText();
  await page.locator('.console-lead').filter({ hasText: before }).waitFor({ state: 'detached' });
}

/** Asks the server for its figures until the page shows the same connections: between the two one may have gone. */
async function connectionsAgree(page) {
  for (let tries = 0; tries < 10; tries += 1) {
    await tile(page, 'Live connections').waitFor();
    const told = JSON.parse(await ask('figures'));
    const words = `${told.connections} of ${told.connected} ${told.connected === 1 ? 'person' : 'people'}`;
    if (await tile(page, 'Live connections').getByText(words).count()) return told;
    await renewed(page);
  }
  throw new Error('the page shows other connections than the server has');
}

const attribute = (element, name, value) => element.and(element.page().locator(`[${name}="${value}"]`)).waitFor();

async function day(person, byKey, tag) {
  const { page } = person;
  const hand = new Hand(person, byKey);
  await step(`${tag}: the figures are those of the server`, async () => {
    await go(person, '/console');
    const { people, node, components } = await connectionsAgree(page);
    await tile(page, 'Live connections').getByText(`of ${people} people signed in`).waitFor();
    await tile(page, 'Messages').getByText('7 since midnight').waitFor();
    await tile(page, 'Behind the archive').getByText('0 records').waitFor();
    await tile(page, 'Behind the archive').getByText('Delivery 0, search index 0').waitFor();
    await tile(page, 'Storage').getByText(/ of .* [GT]B$/).waitFor();
    await measured(page).filter({ hasText: node }).waitFor();
    const rows = page.getByRole('table', { name: 'Component health' }).getByRole('row');
    if ((await rows.count()) !== components + 1) throw new Error(`${await rows.count()} rows for ${components} components`);
    await rows.filter({ hasText: 'Search index' }).filter({ hasText: 'Healthy' }).getByText('7 messages, nothing behind').waitFor();
  });
  await step(`${tag}: a chart is read, as lines and as a table`, async () => {
    const drawn = chart(page, 'Messages per second');
    const slider = drawn.getByRole('slider');
    if (byKey) {
      await hand.reach(slider);
      await page.keyboard.press('Home');
    } else {
      await slider.hover({ position: { x: 2, y: 20 } });
    }
    await drawn.locator('.chart-reading').waitFor({ state: 'attached' });
    const first = await slider.getAttribute('aria-valuetext');
    if (!/^\d\d:\d\d:\d\d: Messages no data$/.test(first)) throw new Error(`an hour ago there was no server, but: ${first}`);
    // Whoever reads is not disturbed by new figures.
    await renewed(page);
    if ((await slider.getAttribute('aria-valuetext')) !== first) throw new Error('the chart moved while it was read');
    if (byKey && !(await slider.evaluate((one) => one === document.activeElement))) throw new Error('new figures took the focus away');
    await hand.press(button(drawn, 'Show as table'));
    const rows = drawn.getByRole('table').getByRole('row');
    if ((await rows.count()) !== 361) throw new Error(`${await rows.count()} rows`);
    await rows.nth(1).getByRole('rowheader', { name: /^\d\d:\d\d:\d\d$/ }).waitFor();
    await hand.press(button(drawn, 'Show as chart'));
    await slider.waitFor();
  });
  await step(`${tag}: a day, and back`, async () => {
    await hand.press(button(page, '24 hours'));
    await page.waitForURL(/\/console\?span=day$/);
    const slider = chart(page, 'Connections').getByRole('slider');
    await attribute(slider, 'aria-valuemax', '287');
    await page.goBack();
    await page.waitForURL(/\/console$/);
    await attribute(slider, 'aria-valuemax', '359');
  });
}

await play([aud, rita], browsers, async () => {
  await step('an auditor lands in the overview', async () => {
    await enter(aud, 'aud');
    await pictures(aud, '07-overview-first-minute');
    await ask('send');
    await chart(aud.page, 'Connections').locator('.chart-end strong').waitFor();
    found('places of an auditor', await places(aud.page));
    found('links of an auditor to health', await aud.page.locator('[href*="health"]').count());
  });
  await day(aud, false, 'Mouse');
  await day(aud, true, 'Keys');
  await step('the same on a phone', () => aud.page.setViewportSize(NARROW));
  await day(aud, false, 'Thumb');
  await step('an auditor finds no health', async () => {
    const { page } = aud;
    await page.setViewportSize(WIDE);
    await go(aud, '/console/health');
    await page.getByRole('heading', { name: 'Nothing here for you' }).first().waitFor();
    await go(aud, '/console');
    await measured(page).waitFor();
    await pictures(aud, '07-overview-auditor');
  });
  await step('without a line the figures stay, old and dated', async () => {
    const { page } = aud;
    await aud.refused(async () => {
      await page.context().setOffline(true);
      await page.getByText('These figures were measured at').waitFor();
      await page.getByText('Not renewed', { exact: true }).waitFor();
      await tile(page, 'Messages').getByText('7 since midnight').waitFor();
      await pictures(aud, '07-overview-offline');
      await page.context().setOffline(false);
      await page.getByText('Live', { exact: true }).waitFor();
    });
    await page.getByText('These figures were measured at').waitFor({ state: 'hidden' });
  });
  await step('what fails, or is on its way, has its own face', async () => {
    const { page } = aud;
    await aud.refused(async () => {
      const refuse = (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: '', code: 'storage_unavailable', status: 503, title: '' }) });
      await page.route(FIGURES, refuse);
      await page.getByText('The figures could not be renewed.').waitFor();
      await tile(page, 'Messages').getByText('7 since midnight').waitFor();
      await aud.pictures('07-overview-not-renewed');
      await go(aud, '/console');
      await page.getByRole('heading', { name: 'The figures could not be loaded' }).waitFor();
      await aud.pictures('07-overview-failed');
      await page.unroute(FIGURES);
      await button(page, 'Try again').click();
      await tile(page, 'Messages').getByText('7 since midnight').waitFor();
      let held;
      const kept = new Promise((resolve) => { held = resolve; });
      await page.route(FIGURES, (route) => held(route));
      await go(aud, '/console');
      const route = await kept;
      await page.getByRole('status', { name: 'Loading', exact: true }).waitFor();
      await aud.pictures('07-overview-loading');
      await route.continue();
      await page.unroute(FIGURES);
      await tile(page, 'Messages').getByText('7 since midnight').waitFor();
    });
  });
  await step('an administrator is led to what is not in order', async () => {
    const { page } = rita;
    await enter(rita, 'root');
    found('places of an administrator', await places(page));
    const { bad, warn, first } = JSON.parse(await ask('health'));
    await page.getByText(first).waitFor();
    await page.getByText(`${bad + warn - 1} more to look at.`).waitFor();
    await pictures(rita, '07-overview');
    await page.getByRole('link', { name: 'Open health' }).click();
    await page.waitForURL(/\/console\/health$/);
  });
  for (const [byKey, tag] of [[false, 'Mouse'], [true, 'Keys']]) {
    await step(`${tag}: health says what is not in order, why, and what mends it`, async () => {
      const { page } = rita;
      const hand = new Hand(rita, byKey);
      await go(rita, '/console');
      await hand.press(page.getByRole('link', { name: 'Health', exact: true }));
      await page.waitForURL(/\/console\/health$/);
      const { warn, ok } = JSON.parse(await ask('health'));
      const soon = tile(page, 'Worth a look');
      await soon.getByText(`${warn} checks`).waitFor();
      await tile(page, 'In order').getByText(`${ok} checks`).waitFor();
      const plain = soon.getByRole('listitem').filter({ hasText: 'Encrypted connections' });
      await plain.getByText('In clear, everybody on the way can read passwords and messages.').waitFor();
      await plain.getByText('What mends it').waitFor();
      await plain.getByText('public_url', { exact: true }).waitFor();
      const officers = soon.getByRole('listitem').filter({ hasText: 'Compliance officers' });
      await hand.press(officers.getByRole('link', { name: 'Open users' }));
      await page.waitForURL(/\/console\/users$/);
      await page.goBack();
    });
  }
  await step('what is mended moves by itself', async () => {
    const { page } = rita;
    await pictures(rita, '07-health');
    await tile(page, 'Worth a look').getByRole('listitem').filter({ hasText: 'There is one administrator' }).waitFor();
    await ask('second administrator');
    await tile(page, 'In order').getByRole('listitem').filter({ hasText: 'There are several administrators' }).waitFor();
  });
  await step('everything in order has its own face', async () => {
    const { page } = rita;
    await page.route(HEALTH, async (route) => {
      const answer = await route.fetch();
      const health = await answer.json();
      for (const check of health.checks) {
        check.state = 'ok';
        delete check.mend;
        delete check.setting;
      }
      await route.fulfill({ response: answer, json: health });
    });
    await page.getByRole('heading', { name: 'Everything is in order' }).waitFor();
    await pictures(rita, '07-health-in-order');
    await go(rita, '/console');
    await page.getByText('Everything is in order').waitFor();
    await rita.pictures('07-overview-in-order');
    await page.unroute(HEALTH);
  });
  await step('nothing is asked while nobody looks', async () => {
    const { page } = rita;
    await page.clock.install();
    await go(rita, '/console');
    await measured(page).waitFor();
    const hide = (hidden) => page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, hidden);
    let asked = 0;
    await hide(true);
    page.on('request', (request) => { if (FIGURES.test(request.url()) || HEALTH.test(request.url())) asked += 1; });
    await page.clock.runFor(120_000);
    found('asked while hidden', asked);
    const again = page.waitForRequest(FIGURES);
    await hide(false);
    await again;
    const later = page.waitForRequest(FIGURES);
    await page.clock.runFor(6_000);
    await later;
  });
});

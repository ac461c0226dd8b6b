// A conversation with a very long past: what is far away is neither on the page nor in memory, and nothing jumps.
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, PASSWORD, COUNT, FRAMES } = process.env;
const browser = await launch();
const ada = await Person.at(browser, 'ada');
const { page } = ada;

const rows = () => page.locator('article').count();
const first = () => page.evaluate(() => {
  const top = document.querySelector('.feed').getBoundingClientRect().top;
  const row = [...document.querySelectorAll('article')].find((one) => one.getBoundingClientRect().bottom > top);
  return { text: row.textContent, top: row.getBoundingClientRect().top - top };
});
/** Seconds the page's thread has spent since the first asking, and on what. */
const counters = await page.context().newCDPSession(page);
await counters.send('Performance.enable');
const spent = async () => {
  const { metrics } = await counters.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
};
/** What the page holds, in MB: its objects and the memory of its wasm. */
const memory = async () => {
  const debug = await page.context().newCDPSession(page);
  await debug.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = await debug.send('Runtime.getHeapUsage');
  // The memory of the wasm is counted by neither: it is found through its prototype.
  const { result } = await debug.send('Runtime.evaluate', { expression: 'WebAssembly.Memory.prototype' });
  const { objects } = await debug.send('Runtime.queryObjects', { prototypeObjectId: result.objectId });
  const wasm = await debug.send('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    functionDeclaration: 'function () { return this.reduce((sum, one) => sum + one.buffer.byteLength, 0) }',
    returnByValue: true,
  });
  await debug.detach();
  const megabytes = (bytes) => Math.round(bytes / 100_000) / 10;
  const parts = [usedSize, backingStorageSize, wasm.result.value];
  const [heap, buffers, linear] = parts.map(megabytes);
  return { parts: `objects ${heap}, buffers ${buffers}, wasm ${linear}`, whole: megabytes(parts.reduce((a, b) => a + b)) };
};

await play([ada], [browser], async () => {
  await step('opening begins at the newest, with the way to the first unread', async () => {
    await ada.signIn(BASE, 'ada', PASSWORD);
    await ada.row('Long past').click();
    await ada.sees('says the last');
    await page.getByRole('button', { name: /^Go to the first of/ }).waitFor();
    await ada.pictures('02-long');
    found('rows at first', await rows());
  });
  await step('the first unread message has the red line above it', async () => {
    await page.getByRole('button', { name: /^Go to the first of/ }).click();
    await page.getByRole('separator', { name: 'New' }).waitFor();
    await ada.sees('Here it begins');
    await ada.pictures('02-long-first-unread');
  });
  await step('back to the newest by key', async () => {
    await page.keyboard.press('Control+End');
    await ada.sees('says the last');
  });
  await step('scrolling up fetches older pages, and what is read stays in place', async () => {
    await page.locator('.feed').hover();
    let worst = 0;
    for (let turn = 0; turn < 40; turn += 1) {
      const before = await first();
      await page.mouse.wheel(0, -600);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const row = page.locator('article').filter({ hasText: before.text.slice(-24) }).first();
      const box = await row.boundingBox().catch(() => null);
      if (box) worst = Math.max(worst, box.y);
    }
    found('most rows', await rows());
    if (await rows() > 220) throw new Error(`${await rows()} rows are on the page`);
    found('lowest place of the row that was first', Math.round(worst));
  });
  await step('a day, and the first message of all', async () => {
    await page.keyboard.press('Control+g');
    await page.getByRole('textbox', { name: 'Day' }).waitFor();
    await ada.pictures('02-date');
    await page.getByRole('button', { name: 'Go to the first message' }).click();
    await page.getByText(/made this group/).waitFor();
    await page.keyboard.press('Control+g');
    const day = page.getByRole('textbox', { name: 'Day' });
    await day.focus();
    // Also over a day that is there: what is half typed is left alone.
    const year = new Date().getFullYear() + 1;
    for (const [typed, kept] of [[`1231${year}`, `${year}-12-31`], [`0105${year}`, `${year}-01-05`]]) {
      for (let part = 0; part < 3; part += 1) await page.keyboard.press('ArrowLeft');
      await page.keyboard.type(typed);
      if (await day.inputValue() !== kept) throw new Error(`${await day.inputValue()} instead of ${kept}`);
    }
    await page.keyboard.press('Enter');
    await ada.sees('says the last');
  });
  await step('a message that arrives while one reads further up is counted below', async () => {
    await page.locator('.feed').focus();
    await page.keyboard.press('Home');
    await page.getByText(/made this group/).waitFor();
    await ask('say one more');
    await page.getByRole('button', { name: 'Go to the newest message, 1 new' }).click();
    await ada.sees('one more');
  });
  await step('frames while scrolling', async () => {
    // The whole of it once, from the newest upwards, by the wheel's own steps.
    const before = await spent();
    const measured = await page.evaluate(async (wanted) => {
      const feed = document.querySelector('.feed');
      const times = [];
      let last = performance.now();
      for (let frame = 0; frame < wanted; frame += 1) {
        feed.scrollTop -= 60;
        await new Promise((done) => requestAnimationFrame(done));
        const now = performance.now();
        times.push(now - last);
        last = now;
      }
      times.sort((a, b) => a - b);
      const at = (share) => Math.round(times[Math.floor(times.length * share)] * 10) / 10;
      return { mean: times.reduce((sum, one) => sum + one, 0) / times.length, half: at(0.5), most: at(0.95), worst: at(0.999) };
    }, Number(FRAMES));
    found('frames a second', Math.round(10_000 / measured.mean) / 10);
    found('milliseconds a frame', `half ${measured.half}, 95 % ${measured.most}, worst ${measured.worst}`);
    const after = await spent();
    const share = (part) => `${Math.round((100 * (after[part] - before[part])) / (after.Timestamp - before.Timestamp))} %`;
    found('share of the time', `script ${share('ScriptDuration')}, styles ${share('RecalcStyleDuration')}, layout ${share('LayoutDuration')}, all of the page's thread ${share('TaskDuration')}`);
    found('rows after scrolling', await rows());
    found('messages', COUNT);
    const held = await memory();
    found('memory in MB', `${held.whole}: ${held.parts}`);
    if (held.whole > 150) throw new Error(`the page holds ${held.whole} MB`);
  });
});

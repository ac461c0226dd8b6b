// The ledger's vectors in a browser: prints how many of each file hold, and what a changed vector is answered with.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { found, launch } from './page.mjs';

const { LEDGER, VECTORS, FILES, CHANGED } = process.env;
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const page_html = '<!doctype html><title>ledger</title>';
const browser = await launch();

try {
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  // There is no server behind this name: the files come from the folder.
  await page.route('http://ledger.test/**', (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || 'index.html';
    const body = name === 'index.html' ? page_html : readFileSync(join(LEDGER, name));
    return route.fulfill({ contentType: types[name.slice(name.lastIndexOf('.'))], body });
  });
  await page.goto('http://ledger.test/');
  const check = (json) => page.evaluate(async (vectors) => {
    const ledger = await import('/ledger.js');
    await ledger.default({ module_or_path: '/ledger_bg.wasm' });
    try {
      return { count: ledger.check_vectors(vectors) };
    } catch (problem) {
      return { problem: String(problem) };
    }
  }, json);

  for (const name of FILES.split(' ')) {
    const { count, problem } = await check(readFileSync(join(VECTORS, name), 'utf8'));
    found(name, count ?? problem);
  }
  const { count, problem } = await check(CHANGED);
  found('changed', problem ?? count);
} finally {
  await browser.close();
  process.stdin.destroy();
}

// The HTML pages in a real browser, as people use them.
//
// usage: node pages_test.mjs WCHECK SOURCE-DIR PLAYWRIGHT-FOLDER OUTPUT-FOLDER
//
// Pages and screenshots (light, dark, phone, print) are left in OUTPUT-FOLDER, to be looked at.
// Ends with status 77, and says why, if there is no browser or nothing to drive it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [wcheck, source, drivers, output] = process.argv.slice(2);
const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((file) => fs.existsSync(file));
const skip = (reason) => {
  console.log(`SKIPPED: ${reason}; ./bootstrap test installs it`);
  process.exit(77);
};
if (!browserPath) skip('Debian\'s chromium is not installed');
const require = createRequire(path.join(path.resolve(drivers), 'x.js'));
let chromium;
try {
  ({ chromium } = require('playwright-core'));
} catch {
  skip(`playwright-core is not in ${drivers}`);
}

fs.rmSync(output, { recursive: true, force: true });
fs.mkdirSync(output, { recursive: true });
const run = (...words) => execFileSync(wcheck, ['--fail-on=never', ...words], { encoding: 'utf8' });
const made = (name, ...words) => {
  const file = path.join(output, name);
  run(...words, '--format=html', '-o', file);
  return file;
};
const kilobytes = (file) => fs.statSync(file).size / 1000;

const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'wcheck-browser-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: browserPath,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
    '--disable-background-networking', '--disable-component-update'],
  viewport: { width: 1400, height: 1000 },
});

// Opens a page. Whatever it writes to the console, asks the network for or pops up is a fault.
const open = async (file) => {
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error}`));
  page.on('dialog', (dialog) => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => {
    if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) faults.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  return { page, faults };
};
const shot = (page, name) => page.screenshot({ path: path.join(output, `${name}.png`), fullPage: true, timeout: 180000 });
const shownRows = (page) => page.locator('.families tbody tr:not(.steps):visible');
const shownFindings = (page) => page.locator('.finding:visible');
const press = (page, id) => page.locator(`[id="${id}"]`).dispatchEvent('click');

const tests = [];
const test = (name, body) => tests.push({ name, body });

// ---- pages of models --------------------------------------------------------------------------

for (const model of ['LlavaModel', 'MixtralForCausalLM', 'DetrForSegmentation']) {
  test(`${model}: opens, is laid out, small and accessible`, async () => {
    const file = made(`${model}.html`, `--model=${model}`);
    assert.ok(kilobytes(file) < 1000, `${kilobytes(file)} kB`);
    const { page, faults } = await open(file);
    assert.equal(await page.locator('h1').textContent(), model);
    // Landmarks and names, as a screen reader finds them.
    for (const role of ['banner', 'main', 'contentinfo', 'search']) assert.equal(await page.getByRole(role).count(), 1, role);
    for (const name of ['Transforms and keys', /^Findings/, /^Families/, /^Plan/]) {
      assert.equal(await page.getByRole('region', { name }).count(), 1, String(name));
    }
    assert.equal(await page.getByRole('searchbox', { name: 'Search keys and findings' }).count(), 1);
    const nameless = await page.evaluate(() => [...document.querySelectorAll('button, input, select, [role=button]')]
      .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).length);
    assert.equal(nameless, 0);
    const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map((e) => e.id));
    assert.equal(new Set(ids).size, ids.length, 'ids are unique');
    // The text of the graph stays in its boxes, whatever the font.
    const wide = await page.evaluate(() => [...document.querySelectorAll('.canvas .node')].filter((node) => {
      const box = node.querySelector('path').getBBox();
      return [...node.querySelectorAll('text')].some((text) => text.getBBox().x + text.getBBox().width > box.x + box.width + 1);
    }).length);
    assert.equal(wide, 0, 'boxes narrower than their text');
    // Nothing but wide tables and pictures, which scroll by themselves, is wider than a phone.
    await shot(page, `${model}-light`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot(page, `${model}-dark`);
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    assert.equal(await page.locator('#bar').isVisible(), false);
    await shot(page, `${model}-print`);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(overflow <= 0, `${overflow} pixels too wide for a phone`);
    await shot(page, `${model}-phone`);
    assert.deepEqual(faults, []);
    await page.close();
  });
}

test('a search shows the families that have all its words', async () => {
  const { page, faults } = await open(path.join(output, 'MixtralForCausalLM.html'));
  const all = await shownRows(page).count();
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.keyboard.type('W1 experts');
  await page.waitForFunction(() => document.querySelector('#said').textContent.startsWith('1 family'));
  const texts = await shownRows(page).allTextContents();
  assert.equal(texts.length, 1);
  assert.match(texts[0], /experts\.\{0\.\.\.7\}\.w1\.weight/);
  await page.fill('#q', 'no such key');
  await page.waitForFunction(() => !document.querySelector('#none').hidden);
  assert.equal(await shownRows(page).count(), 0);
  await page.keyboard.press('Escape');
  await page.waitForFunction((n) => document.querySelector('#row-count').textContent === String(n), all);
  assert.equal(await shownRows(page).count(), all);
  // Of the 12 families of Mixtral, its three transforms move three.
  await page.selectOption('#show', 'moved');
  assert.equal(await shownRows(page).count(), 3);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a click on a transform in the graph leads to its keys and findings', async () => {
  const { page, faults } = await open(path.join(output, 'MixtralForCausalLM.html'));
  // mixtral[0] renames block_sparse_moe: the gate and the two products of the experts.
  await press(page, 'load-t0');
  assert.deepEqual((await shownRows(page).locator('th code').allTextContents()).sort(), [
    'model.layers.{0...31}.mlp.experts.down_proj', 'model.layers.{0...31}.mlp.experts.gate_up_proj',
    'model.layers.{0...31}.mlp.gate.weight']);
  assert.equal(await page.locator('[id="load-t0"]').getAttribute('aria-pressed'), 'true');
  assert.equal(await page.locator('.plan tr.picked').count(), 1);
  await page.getByRole('button', { name: 'Stop filtering by mixtral[0]' }).click();
  assert.equal(await shownRows(page).count(), 12);
  // mixtral[1] makes gate_up_proj of w1 and w3 alone; by keyboard.
  await page.locator('[id="load-t1"]').focus();
  await page.keyboard.press('Enter');
  assert.deepEqual(await shownRows(page).locator('th code').allTextContents(), ['model.layers.{0...31}.mlp.experts.gate_up_proj']);
  // The same on the save, whose graph is another.
  await page.getByRole('button', { name: 'save', exact: true }).click();
  assert.equal(await page.locator('#graph-save').isVisible(), true);
  assert.equal(await page.locator('#graph-load').isVisible(), false);
  await page.keyboard.press('Escape');
  await press(page, 'save-t2');
  assert.deepEqual(await shownRows(page).locator('th code').allTextContents(), ['model.layers.{0...31}.mlp.experts.down_proj']);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a group of families in the graph selects its rows, a transform its findings', async () => {
  const { page, faults } = await open(path.join(output, 'LlavaModel.html'));
  const findings = await shownFindings(page).count();
  await page.locator('.canvas .node', { hasText: 'multi_modal_projector.*' }).first().dispatchEvent('click');
  const names = await shownRows(page).locator('th code').allTextContents();
  assert.equal(names.length, 4);
  assert.ok(names.every((name) => name.startsWith('multi_modal_projector.')));
  await page.keyboard.press('Escape');
  // No finding is about the legacy renamings; those about LlavaModel[0] are shown with it.
  await page.locator('.plan .chip', { hasText: 'legacy[0]' }).click();
  assert.equal(await shownFindings(page).count(), 0);
  await page.keyboard.press('Escape');
  assert.equal(await shownFindings(page).count(), findings);
  await page.locator('.plan .chip', { hasText: 'LlavaModel[0]' }).click();
  for (const cause of await page.locator('.cause:visible .by .chip').allTextContents()) assert.equal(cause, 'LlavaModel[0]');
  assert.deepEqual(faults, []);
  await page.close();
});

test('a family opens to its steps', async () => {
  const { page, faults } = await open(path.join(output, 'MixtralForCausalLM.html'));
  const row = page.locator('.families tbody tr:not(.steps)', { hasText: '.mlp.gate.weight' });
  await row.focus();
  await page.keyboard.press('Enter');
  assert.equal(await row.getAttribute('aria-expanded'), 'true');
  const steps = page.locator('tr.steps:visible');
  assert.deepEqual(await steps.locator('mark').allTextContents(), ['.block_sparse_moe.', '.mlp.']);
  assert.deepEqual(await steps.locator('ins').allTextContents(), ['.mlp.', '.block_sparse_moe.']);
  assert.match(await steps.textContent(), /model\.layers\.0\.block_sparse_moe\.gate\.weight/);
  await shot(page, 'steps');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('tr.steps:visible').count(), 0);
  assert.deepEqual(faults, []);
  await page.close();
});

test('light and dark can be chosen, and are kept', async () => {
  const { page, faults } = await open(path.join(output, 'LlavaModel.html'));
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.getByRole('button', { name: 'Dark' }).click();
  const dark = await paper();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await paper(), dark);
  await page.getByRole('button', { name: 'Light' }).click();
  assert.equal(await paper(), light);
  await page.evaluate(() => localStorage.clear());
  assert.deepEqual(faults, []);
  await page.close();
});

test('the page of the largest class is at most 1 MB', async () => {
  const file = made('largest.html', '--model=NllbMoeForConditionalGeneration');
  assert.ok(kilobytes(file) < 1000, `${kilobytes(file)} kB`);
  const { page, faults } = await open(file);
  assert.ok(await shownRows(page).count() > 1000);
  assert.deepEqual(faults, []);
  await page.close();
});

// ---- the index ----------------------------------------------------------------------------------

test('the index of all classes opens, filters and is at most 15 MB', async () => {
  const file = made('all.html');
  assert.ok(kilobytes(file) < 15000, `${kilobytes(file)} kB`);
  const start = Date.now();
  const { page, faults } = await open(file);
  console.log(`    ${Math.round(kilobytes(file))} kB, open after ${Date.now() - start} ms`);
  const rows = page.locator('.classes tbody tr:visible');
  const { classes } = JSON.parse(run('--format=json', '--select=lost-key')).summary;
  assert.equal(await rows.count(), classes);
  await page.fill('#q', 'mixtral');
  await page.waitForFunction(() => document.querySelectorAll('.classes tbody tr:not([hidden])').length < 100);
  for (const text of await rows.allTextContents()) assert.match(text.toLowerCase(), /mixtral/);
  assert.ok(await rows.count() > 3);
  await page.fill('#q', '');
  await page.waitForFunction((count) => document.querySelectorAll('.classes tbody tr:not([hidden])').length === count, classes);
  // Severities, and the classes of one finding.
  await page.getByRole('checkbox', { name: /notes/ }).uncheck();
  assert.equal(await page.locator('.finding.note:visible').count(), 0);
  const finding = page.locator('.finding.warning', { has: page.locator('.pick') }).first();
  const claimed = Number(/in ([\d,]+) classes/.exec(await finding.textContent())[1].replace(',', ''));
  await finding.locator('.pick').dispatchEvent('click');
  assert.equal(await rows.count(), claimed);
  await page.keyboard.press('Escape');
  assert.equal(await rows.count(), classes);
  await page.setViewportSize({ width: 1400, height: 1400 });
  await page.screenshot({ path: path.join(output, 'index-light.png') });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: path.join(output, 'index-dark.png') });
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${overflow} pixels too wide for a phone`);
  await page.screenshot({ path: path.join(output, 'index-phone.png') });
  assert.deepEqual(faults, []);
  await page.close();
});

test('a folder leads from the index to a class and back', async () => {
  const folder = path.join(output, 'llava');
  run('--model=Llava*', '--format=html', '-o', folder + '/');
  const { page, faults } = await open(path.join(folder, 'index.html'));
  await page.getByRole('link', { name: 'LlavaModel', exact: true }).click();
  assert.equal(await page.locator('h1').textContent(), 'LlavaModel');
  await page.getByRole('link', { name: 'wcheck' }).click();
  assert.match(await page.locator('h1').textContent(), /classes$/);
  assert.deepEqual(faults, []);
  await page.close();
});

// ---- a comparison -----------------------------------------------------------------------------------

test('the page of a comparison shows what changes, and filters it', async () => {
  const file = path.join(output, 'diff.html');
  const mapping = (side) => path.join(source, `reports/mapping-${side}.json`);
  execFileSync(wcheck, ['diff', mapping('before'), mapping('after'), '--model=Mixtral*', '--fail-on=never', '--format=html', '-o', file]);
  const { page, faults } = await open(file);
  // `.mlp.` became `.moe.` in one transform, which the five classes of Mixtral share.
  const changes = page.locator('.change:visible');
  assert.equal(await changes.count(), 1);
  assert.match(await changes.textContent(), /5 classes/);
  assert.match(await changes.locator('.edits del').textContent(), /'\.mlp\.'/);
  assert.match(await changes.locator('.edits ins').textContent(), /'\.moe\.'/);
  assert.ok(await changes.locator('code', { hasText: 'model.layers.{0...31}.block_sparse_moe.gate.weight' }).count() > 0);
  await page.getByRole('checkbox', { name: /breaking/ }).uncheck();
  assert.equal(await changes.count(), 0);
  await page.keyboard.press('Escape');
  assert.equal(await changes.count(), 1);
  await page.fill('#q', 'no such key');
  await page.waitForFunction(() => !document.querySelector('#none').hidden);
  await page.keyboard.press('Escape');
  await shot(page, 'diff-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${overflow} pixels too wide for a phone`);
  await shot(page, 'diff-phone');
  assert.deepEqual(faults, []);
  await page.close();
});

// ---- names that try to run ------------------------------------------------------------------------

test('hostile names are text, and the policy stops what is not', async () => {
  const python = execFileSync('python3', [path.join(source, 'tests/hostile/inputs.py'), path.join(output, 'hostile')], { encoding: 'utf8' });
  let opened = 0;
  for (const line of python.trim().split('\n')) {
    for (const [registry, layouts] of JSON.parse(line)) {
      const file = made('hostile.html', `--registry=${registry}`, `--layouts=${layouts}`);
      const { page, faults } = await open(file);
      assert.equal(await page.evaluate(() => window.ran), undefined);
      assert.equal(await page.locator('script').count(), 2);
      assert.equal(await page.locator('main.model').count(), 1);
      for (const chip of await page.locator('.plan .chip').all()) await chip.dispatchEvent('click');
      for (const row of await page.locator('.families tbody tr:not(.steps)').all()) await row.dispatchEvent('click');
      assert.equal(await page.evaluate(() => window.ran), undefined);
      assert.deepEqual(faults, [], registry);
      ++opened;
      await page.close();
    }
  }
  assert.ok(opened > 60);
  // If a script got in after all, the browser would not run it: here one is put in by hand.
  const file = path.join(output, 'smuggled.html');
  fs.writeFileSync(file, fs.readFileSync(path.join(output, 'LlavaModel.html'), 'utf8')
    .replace('</h1>', '</h1><script>window.ran=1</script><p onclick="window.ran=1" id="trap">x</p>'));
  const { page, faults } = await open(file);
  await page.locator('#trap').click();
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.ok(faults.some((fault) => fault.includes('Content Security Policy')), 'the browser says that it stopped it');
  await page.close();
});

// ---- run ------------------------------------------------------------------------------------------

let failed = 0;
for (const { name, body } of tests) {
  try {
    await body();
    console.log(`ok   ${name}`);
  } catch (error) {
    ++failed;
    console.log(`FAIL ${name}\n${error.stack}`);
  }
}
await context.close();
fs.rmSync(profile, { recursive: true, force: true });
console.log(`${tests.length - failed} of ${tests.length} passed; pages and screenshots are in ${output}`);
process.exit(failed > 0 ? 1 : 0);

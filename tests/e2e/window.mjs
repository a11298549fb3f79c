// The real window over WebDriver: what only the real window can show. Everything else is in browser.mjs.

import { statSync } from 'node:fs';
import path from 'node:path';
import { CASES, freshFolder, run, startDesk } from './lib/parts.mjs';
import { check, runSpecs, same, spec, until } from './lib/spec.mjs';
import { KEY } from './lib/webdriver.mjs';
import { leaveBehind, office, OFFICE, open as openWindow, PICTURES } from './window/open.mjs';
import './window/files.mjs';
import './window/hands.mjs';

let window;

async function open(folder) {
  window = await openWindow(folder);
}

async function keyCase(person) {
  await window.click('nav-intake');
  await window.fill('intake-phone', person.phone);
  await window.fill('intake-given', person.given);
  await window.fill('intake-family', person.family);
  await window.area('intake-village', `${OFFICE}05`);
  await window.click('intake-need-food_water');
}

const found = async (text) => (await window.call('search.find', { text, limit: 10 })).hits;

spec('the first start asks one thing and opens a made-up office', async () => {
  await open(freshFolder('window-first'));
  await window.click('setup-practice');
  await window.find('screen-today', 60_000);
  same((await window.call('status.get')).practice, true, 'practice');
  await window.close();
});

spec('Thai that is typed is saved as typed, found by search and still there after a restart', async () => {
  const { folder } = await office('window-thai');
  await open(folder);
  // Marks stacked on marks, a sara am, and a tone over it.
  await keyCase({ phone: '0815550111', given: 'น้ำค้าง', family: 'ป้ำเป๋อสมมติ' });
  await window.click('intake-save');
  await window.find('intake-saved');
  same((await found('น้ำค้าง')).length, 1, 'hits');

  await window.press(KEY.control, 'k');
  await window.type('search-input', 'ป้ำเป๋อ');
  await until(async () => (await window.text('search-hit')).includes('น้ำค้าง'), 'the hit');
  await window.click('search-hit');
  check((await window.text('case-name')).includes('น้ำค้าง'), 'the open case is another one');
  await window.picture(path.join(PICTURES, 'window-search.png'));
  await window.close();

  await open(folder);
  await window.find('screen-today');
  const [hit] = await found('ป้ำเป๋อ');
  const kept = await window.call('case.get', { id: hit.id });
  same([kept.person.given_name, kept.person.family_name], ['น้ำค้าง', 'ป้ำเป๋อสมมติ'], 'the name');
  await window.close();
});

spec('a draft survives the end of the program in the middle of typing', async () => {
  const { folder, desk } = await office('window-draft');
  await open(folder);
  await keyCase({ phone: '0815550112', given: 'มะลิ', family: 'ยังไม่บันทึกสมมติ' });
  await window.fill('intake-note', 'กำลังพิมพ์อยู่ ไฟดับ');
  await until(async () => {
    const { draft } = await desk.call('draft.get', { key: 'case.new' });
    return draft?.body.includes('ไฟดับ');
  }, 'the draft on disk');
  await window.killProgram();

  await open(folder);
  await window.click('nav-intake');
  await until(async () => (await window.value('intake-given')) === 'มะลิ', 'the draft in the form');
  same(await window.value('intake-note'), 'กำลังพิมพ์อยู่ ไฟดับ', 'the note');
  await window.click('intake-save');
  await window.find('intake-saved');
  same((await found('มะลิ')).length, 1, 'cases');
  same((await desk.call('draft.get', { key: 'case.new' })).draft, null, 'the draft after saving');
  await window.close();
});

spec('a saved case survives the end of the program right after the word “บันทึกแล้ว”', async () => {
  const { folder, desk } = await office('window-kill');
  await open(folder);
  await keyCase({ phone: '0815550113', given: 'จำปี', family: 'บันทึกแล้วสมมติ' });
  await window.click('intake-save');
  await window.find('intake-saved');
  await window.killProgram();
  const { hits } = await desk.call('search.find', { text: 'จำปี', limit: 10 });
  same(hits.length, 1, 'cases');
});

spec('what the command line changes appears in the open window by itself', async () => {
  const { folder, desk } = await office('window-pulse');
  await open(folder);
  await window.click('nav-cases');
  await window.find('screen-cases');
  await desk.must('import', 'cases', CASES);
  await until(async () => (await window.all('case-row')).length === 3, 'the three cases on the screen');
  await window.close();
});

spec('a second window on the same folder is refused in Thai', async () => {
  const { folder } = await office('window-second');
  await open(folder);
  await window.find('screen-today');
  const second = startDesk(folder);
  await until(() => /เปิดอยู่แล้ว/.test(second.said()), 'the refusal');
  await second.stop();
  await window.close();
});

spec('started as a clerk starts it, the window paints', async () => {
  // No driver: with one, WebKit paints another way (see lib/webdriver.mjs). An empty screen is a
  // picture of a few hundred bytes.
  const desk = startDesk((await office('window-plain')).folder);
  const file = path.join(PICTURES, 'window-plain.png');
  await until(async () => {
    const { code } = await run('import', ['-window', 'root', file]);
    return code === 0 && statSync(file).size > 40_000;
  }, 'the first screen');
  await desk.stop();
});

spec('the page reaches nothing but its own program', async () => {
  await open((await office('window-closed')).folder);
  await window.find('screen-today');
  const refusal = await window.run(`return new Promise((done) => {
    document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective));
    fetch('https://example.org/').then(() => done('reached'), () => {});
  })`);
  same(refusal, 'connect-src', 'what a request to elsewhere meets');
  for (const command of ['plugin:dialog|open', 'plugin:event|emit', 'plugin:window|close']) {
    const answer = await window.run(
      `return window.__TAURI_INTERNALS__.invoke(arguments[0], {}).then(() => 'done', String)`,
      command,
    );
    check(answer.includes('not allowed'), `${command}: ${answer}`);
  }
  const stolen = await window.call('export.run', { path: '/etc/hosts' }).catch(String);
  check(String(stolen).includes('denied_path'), 'a path nobody pointed at was taken');
  await window.run(`location.href = 'https://example.org/'`);
  same(await window.run('return location.protocol'), 'tauri:', 'where the window is');
  await window.close();
});

await runSpecs({ onFailure: leaveBehind });

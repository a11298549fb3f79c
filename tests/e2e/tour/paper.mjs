// The headman without a screen: a list is printed for his village, comes back ticked, and is keyed in.

import { run } from '../lib/parts.mjs';
import { check, same, until } from '../lib/spec.mjs';
import { KEY } from '../lib/webdriver.mjs';
import { caseOf, paper, picture, show, step } from './log.mjs';

/** Our case is confirmed from paper, and another of the village was not found. */
export async function headmanOnPaper(window, { id, village }) {
  let lines = [];
  await step('พิมพ์ใบตรวจของหมู่บ้าน', "the village's list is printed as PDF", async () => {
    await show(window, 'review');
    await picture(window, 'review-clerk');
    await window.click('review-tab-print');
    const row = `[data-testid="tick-waiting"][data-id="${village}"]`;
    await window.find(row);
    await window.click(`${row} [data-testid="tick-print"]`);
    const list = await window.attribute('tick-printed', 'data-id');
    lines = (await window.call('tick.get', { id: list })).entries;
    const { file, seen } = await paper('tick-list');
    await onThePaper(file, lines);
    await picture(window, 'paper-print');
    return `${lines.length} บรรทัด · ${seen}`;
  });
  await step('คีย์ใบตรวจกลับสองบรรทัด', 'two lines of it are keyed back', async () => {
    const ours = lines.find((line) => line.case_id === id);
    check(ours, 'our case is not on the list');
    const other = lines.find((line) => line.kind === 'case' && line.case_id !== id);
    await window.click('review-tab-keys');
    const state = (name) => window.attribute('tick-state', `data-${name}`);
    // One sign read wrong is told before anything is saved.
    const wrong = other.code.slice(0, 3) + (other.code[3] === 'W' ? 'X' : 'W');
    await window.type('tick-box', `${ours.code} ok, ${wrong} ไม่พบ `);
    await until(async () => (await state('problems')) === '1', 'the wrong code to be told');
    await picture(window, 'paper-wrong');
    await window.press(KEY.control, KEY.enter);
    await window.keys(`${other.code}2`);
    await until(async () => (await state('ready')) === '2', 'both lines to be understood');
    await picture(window, 'paper-key-back');
    await window.press(KEY.control, KEY.enter);
    await until(async () => (await caseOf(window, id)).review_state === 'confirmed', "the headman's word");
    same((await caseOf(window, other.case_id)).review_state, 'not_found', 'the other case');
    await window.run(`location.hash = '#/cases/${id}'`);
    await window.bring('[data-testid="review-row"][data-medium="paper"]', 'review-row');
    await window.run(`document.querySelector('[data-testid="review-row"]').scrollIntoView({ block: 'center' })`);
    await picture(window, 'case-paper');
    return `${ours.code} ok, ${other.code} 2`;
  });
}

/** Every code can be read off the paper, by a program of others, where that is installed. */
async function onThePaper(file, lines) {
  const { code, out } = await run('pdftotext', ['-layout', file, '-']);
  if (code !== 0) return;
  // Codes are printed with a gap in the middle, to be read aloud.
  const text = out.replaceAll(/\s/g, '');
  for (const line of lines) check(text.includes(line.code), `${line.code} is not on the paper`);
}

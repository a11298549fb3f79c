// Hands for a need and the headman's word, in the real window: his inbox by button and by key, the list
// that is printed and keyed back, and a plan of which some lines are accepted. The browser specs go
// further into each screen; here it is the window's own keyboard, its file dialog and its paper.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../lib/parts.mjs';
import { check, same, spec, until } from '../lib/spec.mjs';
import { KEY } from '../lib/webdriver.mjs';
import { picture, practice } from './open.mjs';

const page = { after: null, limit: 200 };

async function become(window, role) {
  await window.click('person-switch');
  await window.click(`person-${role}`);
  await until(async () => (await window.call('status.get')).actor.role === role, `the ${role}`);
}

const caseOf = (window, id) => window.call('case.get', { id });

/** Takes the last act back, with the focus where Ctrl+Z does not mean the text of a box. */
async function takeBack(window) {
  await window.run('document.activeElement?.blur()');
  await window.press(KEY.control, 'z');
}

spec('ตรวจรับรอง: in the window the headman says one case true, returns another by keys, and takes it back', async () => {
  const { window } = await practice('window-inbox');
  await become(window, 'headman');
  await window.find('review-item');
  const inbox = () => window.call('review.inbox', page);
  const before = (await inbox()).total;
  const reported = '[data-testid="review-item"][data-kind="case"]';
  await window.page('review-next', reported);
  const first = await window.attribute(reported, 'data-case');
  await picture(window, 'inbox');
  await window.click('review-confirm');
  await until(async () => (await caseOf(window, first)).review_state === 'confirmed', 'his word on the first');

  const another = `${reported}:not([data-case="${first}"])`;
  await window.page('review-next', another);
  const second = await window.attribute(another, 'data-case');
  // Not right, the second reason, send: no mouse and no typing.
  await window.press('2');
  await window.find('review-reason');
  await window.press('2');
  await window.find('[data-testid^="review-reason-"][aria-checked="true"]');
  await picture(window, 'inbox-return');
  await window.press(KEY.control, KEY.enter);
  await until(async () => (await caseOf(window, second)).review_state === 'returned', 'the return');
  const [word] = (await caseOf(window, second)).reviews;
  check(/[ก-๙]{4}/.test(word.reason), 'the reason is kept in Thai');
  same((await inbox()).total, before - 2, 'things that wait');

  await takeBack(window);
  await until(async () => (await caseOf(window, second)).review_state === 'unreviewed', 'the return to be taken back');
  same((await inbox()).total, before - 1, 'things that wait after the undo');
  same((await caseOf(window, first)).review_state, 'confirmed', 'the first');
  await window.close();
});

/** Prints the list of the village with most cases to say something of, from the screen: its lines, and the file. How
    much of the rest there is depends on the hour at which practice was made. */
async function printList(window, paper) {
  await window.click('nav-review');
  await window.click('review-tab-print');
  await window.find('tick-waiting');
  const { waiting } = await window.call('tick.lists', { area_code: null });
  const casesOf = async (area) => {
    const filter = { areas: [area], review_states: ['unreviewed'] };
    return (await window.call('case.list', { filter, sort: 'number', after: null, limit: 1 })).total;
  };
  const counted = [];
  for (const one of waiting) counted.push({ ...one, cases: await casesOf(one.area_code) });
  const most = counted.reduce((one, other) => (other.cases > one.cases ? other : one));
  const row = `[data-testid="tick-waiting"][data-id="${most.area_code}"]`;
  await window.fill(`${row} [data-testid="tick-reviewer"]`, 'นายสมหมาย สมมติใจ');
  await window.click(`${row} [data-testid="tick-print"]`);
  const id = await window.attribute('tick-printed', 'data-id');
  const [file] = readdirSync(paper).filter((name) => name.endsWith('.pdf'));
  const lines = (await window.call('tick.get', { id })).entries;
  same(lines.length, most.waiting, 'lines on the paper');
  return { id, lines, file: path.join(paper, file ?? '') };
}

/** What stands on the paper without its gaps, by a program of others; null where that is not installed. */
async function textOf(file) {
  const { code, out } = await run('pdftotext', ['-layout', file, '-']);
  return code === 0 ? out.replaceAll(/\s/g, '') : null;
}

spec('ใบตรวจ: printed from the window as PDF, keyed back, and the case shows the headman\'s word from paper', async () => {
  const { window, paper } = await practice('window-paper');
  const { lines, file } = await printList(window, paper);
  same(readFileSync(file).subarray(0, 5).toString(), '%PDF-', 'how the file begins');
  const text = await textOf(file);
  for (const { code } of text === null ? [] : lines) check(text.includes(code), `${code} is not on the paper`);
  await picture(window, 'paper-print');

  const [one, two, three] = lines.filter((line) => line.kind === 'case');
  await window.click('review-tab-keys');
  const state = (name) => window.attribute('tick-state', `data-${name}`);
  const line = (code) => `[data-testid="tick-line"][data-code="${code}"]`;
  // The first code with one sign read wrong; then a word for an answer, then a number key.
  const wrong = one.code.slice(0, 3) + (one.code[3] === 'W' ? 'X' : 'W');
  await window.type('tick-box', `${wrong} ok, ${two.code} ไม่พบ, ${three.code}1 `);
  await until(async () => (await state('problems')) === '1', 'the wrong code to be told');
  const told = '[data-testid="tick-line"]:not([data-problem=""])';
  check(/[ก-๙]{4}/.test(await window.text(`${told} td:last-child`)), 'no Thai words beside the wrong code');
  same(await window.attribute(line(two.code), 'data-answer'), 'not_found', 'the word as an answer');
  same(await window.attribute(line(three.code), 'data-answer'), 'found', 'the number key as an answer');
  await picture(window, 'paper-wrong');
  // Saving is refused and puts the cursor on the wrong piece: what is typed takes its place.
  await window.press(KEY.control, KEY.enter);
  same((await window.call('tick.lists', { area_code: null })).lists[0].answered, 0, 'answers saved although one is wrong');
  await window.keys(`${one.code} ok`);
  await until(async () => (await state('ready')) === '3', 'three lines to be understood');
  same(await state('problems'), '0', 'problems');
  await picture(window, 'paper-keys');
  await window.press(KEY.control, KEY.enter);
  await until(async () => (await window.value('tick-box')) === '', 'all to be saved');
  const states = async () => Promise.all([one, two, three].map(async ({ case_id }) => (await caseOf(window, case_id)).review_state));
  same(await states(), ['confirmed', 'not_found', 'confirmed'], 'what the headman said');

  await takeBack(window);
  await until(async () => (await states()).every((each) => each === 'unreviewed'), 'all three to be taken back');
  // What was typed is in the box again, and the list printed before still keys in.
  await until(async () => (await state('ready')) === '3', 'the three lines to come back into the box');
  await window.click('tick-apply');
  await until(async () => (await states())[0] === 'confirmed', 'his word again');
  await window.run(`location.hash = '#/cases/${one.case_id}'`);
  await window.find('[data-testid="review-row"][data-medium="paper"]');
  same(await window.attribute('case-review', 'data-state'), 'confirmed', 'what the case shows');
  await picture(window, 'paper-case');
  await window.close();
});

spec('มอบหมาย: some lines of the plan are accepted in the window, and offers are made', async () => {
  const { window } = await practice('window-plan');
  const offers = async () => (await window.call('assignment.list', { states: ['offered'], volunteer_id: null, ...page })).rows;
  await window.click('nav-assign');
  await window.click('assign-plan');
  const fresh = '.row.current [data-testid="plan-line"][data-change="new"]';
  await window.find('[data-testid="plan-line"][data-change="new"]');
  await window.run(`document.querySelector('[role="grid"]').focus()`);
  const chosen = [];
  while (chosen.length < 3) {
    await window.press(KEY.down);
    // What has been told already stays as it is, and needs no accepting.
    if ((await window.all(fresh)).length === 0) continue;
    await window.press(' ');
    chosen.push([await window.attribute(fresh, 'data-id'), await window.attribute(fresh, 'data-volunteer')]);
  }
  await picture(window, 'plan');
  await window.press('a');
  await window.click('plan-channel-phone');
  const held = (row) => chosen.some(([need, volunteer]) => row.need_id === need && row.volunteer_id === volunteer);
  same((await offers()).filter(held).length, 0, 'offers before anybody said so');
  await window.click('plan-accept-send');
  await until(async () => (await offers()).filter(held).length === 3, 'the three offers');
  await takeBack(window);
  await until(async () => (await offers()).filter(held).length === 0, 'all as before');
  await window.close();
});

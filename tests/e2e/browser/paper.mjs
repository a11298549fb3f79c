// The headman's word on the screen and on paper: his inbox by keys, what he may not judge, the list that
// is printed, and keying it back with the keys counted.

import { readFileSync } from 'node:fs';
import { Screen } from '../lib/browser.mjs';
import { check, same, spec, until } from '../lib/spec.mjs';

const everything = { after: null, limit: 200 };
/** A line of a list: four signs of the code, the number of the answer, and the key that ends the line. */
const KEYS_A_LINE = 7;

/** A made-up office of its own, at which this role sits. */
async function officeAs(name, role) {
  const screen = await Screen.on(name, '--practice', '--seed', '7');
  await become(screen, role);
  return screen;
}

async function become(screen, role) {
  const { actors } = await screen.call('status.get');
  const { id } = actors.find((one) => one.role === role);
  await screen.call('actor.switch', { actor_id: id });
  await screen.page.reload();
}

/** Counts every key that goes down from now on. */
async function countKeys(page) {
  await page.evaluate(() => {
    window.keysPressed = 0;
    window.addEventListener('keydown', () => (window.keysPressed += 1), true);
  });
  return () => page.evaluate(() => window.keysPressed);
}

/** Prints lists until they hold at least this many lines; gives back the lines as they stand. */
async function printed(screen, least) {
  const { waiting } = await screen.call('tick.lists', { area_code: null });
  const lines = [];
  for (const { area_code } of [...waiting].sort((one, other) => other.waiting - one.waiting)) {
    if (lines.length >= least) break;
    const { id } = await screen.call('tick.print', { area_code, path: null, reviewer: 'นายสมหมาย สมมติใจ' });
    lines.push(...(await screen.call('tick.get', { id })).entries);
  }
  check(lines.length >= least, `only ${lines.length} lines wait in the whole office`);
  return lines;
}

spec('ตรวจรับรอง: the headman needs three keys, and takes back what he said', async () => {
  const screen = await officeAs('inbox-keys', 'headman');
  await screen.at('review-item').waitFor();
  const inbox = () => screen.call('review.inbox', everything);
  const before = (await inbox()).total;
  const first = await screen.at('review-item').getAttribute('data-id');
  await screen.page.keyboard.press('1');
  await until(async () => (await inbox()).total === before - 1, 'his word to be kept');
  // Until the frame names what it would take back, the key takes nothing back.
  await screen.at('undo').waitFor();
  await screen.page.keyboard.press('Control+z');
  await until(async () => (await inbox()).total === before, 'it to come back');
  await screen.at('review-item', { id: first }).waitFor();
  // Not right, the first reason, send: no mouse and no typing.
  await screen.page.keyboard.press('2');
  await screen.page.keyboard.press('1');
  await screen.page.keyboard.press('Control+Enter');
  await until(async () => (await inbox()).total === before - 1, 'the return to be kept');
  screen.quiet();
  await screen.close();
});

spec('ตรวจรับรอง: his own work is shown to him with why he may not judge it', async () => {
  const screen = await officeAs('own-work', 'headman');
  const { items } = await screen.call('review.inbox', everything);
  const help = items.find((one) => one.kind === 'assignment');
  check(help, 'practice has help that waits for the headman');
  // He stands in the register as the very one who went.
  await become(screen, 'clerk');
  const settings = await screen.call('settings.get');
  await screen.call('settings.save', {
    ...settings,
    headmen: settings.headmen.map((one) => ({ ...one, volunteer_id: help.assignment.volunteer_id })),
  });
  await become(screen, 'headman');
  await screen.at('review-item').waitFor();
  for (let step = 0; step < items.length && (await screen.at('review-denied').count()) === 0; step += 1) {
    await screen.page.keyboard.press('ArrowRight');
  }
  await screen.at('review-denied').waitFor();
  check((await screen.at('review-denied').innerText()).includes('ให้ผู้อื่นรับรอง'), 'why is not said');
  same(await screen.at('review-confirm').count(), 0, 'buttons to confirm with');
  await screen.picture('review-own-work');
  const { total } = await screen.call('review.inbox', everything);
  await screen.page.keyboard.press('1');
  await screen.page.keyboard.press('ArrowRight');
  same((await screen.call('review.inbox', everything)).total, total, 'things that wait');
  await screen.close();
});

spec('ใบตรวจ: a village is printed as PDF, and the list stands among the printed ones', async () => {
  const screen = await officeAs('tick-print', 'clerk');
  await screen.show('review');
  await screen.at('review-tab-print').click();
  const village = screen.at('tick-waiting').first();
  await village.waitFor();
  const [area, waiting] = [await village.getAttribute('data-id'), await village.getAttribute('data-waiting')];
  await village.locator('[data-testid="tick-reviewer"]').fill('');
  await village.locator('[data-testid="tick-print"]').click();
  same(await screen.at('tick-list').count(), 0, 'lists printed without a name');
  await village.locator('[data-testid="tick-reviewer"]').fill('นายสมหมาย สมมติใจ');
  const coming = screen.page.waitForEvent('download', { timeout: 60_000 });
  await village.locator('[data-testid="tick-print"]').click();
  const file = readFileSync(await (await coming).path());
  same(file.subarray(0, 5).toString(), '%PDF-', 'how the file begins');
  await screen.at('tick-printed').waitFor();
  same(await screen.at('tick-printed').getAttribute('data-lines'), waiting, 'lines on the paper');
  await screen.at('tick-list').first().waitFor();
  const { lists } = await screen.call('tick.lists', { area_code: area });
  same([lists[0].reviewer, lists[0].answered], ['นายสมหมาย สมมติใจ', 0], 'the list');
  await screen.picture('tick-print');
  await screen.close();
});

spec('ใบตรวจ: thirty lines are keyed back with at most seven keys a line', async () => {
  const screen = await officeAs('tick-keys', 'clerk');
  const lines = (await printed(screen, 30)).slice(0, 30);
  await screen.show('review');
  await screen.at('review-tab-keys').click();
  await until(() => screen.at('tick-box').evaluate((box) => box === document.activeElement), 'the box to have the focus');
  const keys = await countKeys(screen.page);
  for (const [index, { code, kind }] of lines.entries()) {
    // Of help the paper asks whether it came: 4 it came, 5 it did not; of a case 1 and 2.
    const [yes, no] = kind === 'assignment' ? [4, 5] : [1, 2];
    await screen.page.keyboard.type(`${code.toLowerCase()}${index % 5 === 4 ? no : yes}`);
    await screen.page.keyboard.press('Enter');
  }
  const state = screen.at('tick-state');
  await until(async () => (await state.getAttribute('data-ready')) === '30', 'thirty lines to be understood');
  same(await state.getAttribute('data-problems'), '0', 'lines with a problem');
  same(await screen.at('tick-line').count(), 30, 'lines in the table');
  check((await screen.at('tick-line').first().innerText()).includes(lines[29].name), 'the last line keyed stands first');
  await screen.picture('tick-keys');
  await screen.page.keyboard.press('Control+Enter');
  await until(async () => (await screen.at('tick-box').inputValue()) === '', 'all to be saved');
  const pressed = await keys();
  check(pressed <= 30 * KEYS_A_LINE, `${pressed} keys for 30 lines`);
  process.stdout.write(`    ${pressed} keys for 30 lines (${(pressed / 30).toFixed(1)} a line)\n`);
  same((await screen.call('status.get')).undo.action, 'tick_list_key_back', 'what Ctrl+Z would take back');
  await screen.page.locator('h1').click();
  // Until the frame names what it would take back, the key takes nothing back.
  await screen.at('undo').waitFor();
  await screen.page.keyboard.press('Control+z');
  await until(async () => {
    const { lists } = await screen.call('tick.lists', { area_code: null });
    return lists.every((one) => one.answered === 0);
  }, 'all thirty to be taken back');
  // What was typed is there again: one wrong line does not cost the clerk all thirty.
  await until(async () => (await state.getAttribute('data-ready')) === '30', 'the thirty lines to come back into the box');
  await screen.close();
});

spec('ใบตรวจ: a wrong code is told at once, beside it, and nothing is saved until it is right', async () => {
  const screen = await officeAs('tick-wrong', 'clerk');
  const [one, other] = (await printed(screen, 8)).filter((line) => line.kind === 'case');
  await screen.show('review');
  await screen.at('review-tab-keys').click();
  // One sign of the code read wrong.
  const wrong = one.code.slice(0, 3) + (one.code[3] === 'W' ? 'X' : 'W');
  await screen.at('tick-box').pressSequentially(`${wrong}1\n${other.code} ไม่พบ\n`);
  const bad = screen.page.locator('[data-testid="tick-line"]:not([data-problem=""])');
  await bad.waitFor();
  await until(async () => (await screen.at('tick-state').getAttribute('data-problems')) === '1', 'one problem');
  check(/[ก-๙]{4}/.test(await bad.locator('td').last().innerText()), 'no Thai words beside the line');
  same(await screen.at('tick-line', { code: other.code }).getAttribute('data-answer'), 'not_found', 'the word as an answer');
  await bad.locator(`[data-testid="tick-meant"][data-code="${one.code}"]`).waitFor();
  await screen.picture('tick-wrong');
  await screen.page.keyboard.press('Control+Enter');
  same((await screen.call('status.get')).undo?.action === 'tick_list_key_back', false, 'saved although a line is wrong');
  // Ctrl+Enter has put the cursor on the wrong piece: what is typed takes its place.
  await screen.page.keyboard.type(`${one.code}1`);
  await until(async () => (await screen.at('tick-state').getAttribute('data-ready')) === '2', 'both to be understood');
  await screen.page.keyboard.press('Control+Enter');
  await until(async () => (await screen.call('status.get')).undo?.action === 'tick_list_key_back', 'both to be saved');
  await screen.close();
});

spec('ใบตรวจ: down a printed list, one key a line', async () => {
  const screen = await officeAs('tick-down', 'clerk');
  const lines = await printed(screen, 3);
  await screen.show('review');
  await screen.at('review-tab-print').click();
  await screen.at('tick-key').first().click();
  await screen.at('tick-line').nth(lines.length - 1).waitFor();
  await until(() => screen.at('tick-table').evaluate((table) => table === document.activeElement), 'the lines to have the focus');
  const keyOf = (line) => (line.kind === 'assignment' ? '4' : '1');
  await screen.page.keyboard.type(keyOf(lines[0]) + keyOf(lines[1]));
  await screen.page.keyboard.press('ArrowUp');
  await screen.page.keyboard.press('3');
  await until(async () => (await screen.at('tick-line', { code: lines[1].code }).getAttribute('data-answer')) === 'amend', 'the second answer');
  same(await screen.at('tick-line', { code: lines[0].code }).getAttribute('data-answer'), lines[0].kind === 'assignment' ? 'helped' : 'found', 'the first answer');
  await screen.picture('tick-down');
  await screen.close();
});

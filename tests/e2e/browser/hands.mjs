// Volunteers and the work they are given: the register, the patch, vetting, leave; suggestion, plan,
// and an assignment's life.

import { Screen } from '../lib/browser.mjs';
import { check, same, spec, until } from '../lib/spec.mjs';
import { practice } from './practice.mjs';

const OFFICE = '450905';
const register = {
  ...{ text: null, kinds: [], areas: [], availability: null, equipment: [], vetting: null },
  ...{ free_now: false, after: null, limit: 200 },
};
const board = { areas: [], need_kinds: [], after: null, limit: 200 };
const everything = { areas: [], need_kinds: [], pins: [], without: [] };

/** An office of its own to change: made-up people, the same ones every time. What was due by the clock has passed. */
async function office(name) {
  const screen = await Screen.on(name, '--practice', '--seed', '7');
  await screen.call('time.pass');
  await screen.page.reload();
  await screen.at('screen-today').waitFor({ state: 'attached' });
  return screen;
}

/** Chooses a need on the board and waits for who is suggested. */
async function choose(screen, need) {
  await screen.at('assign-need-row', { id: need.need_id }).click();
  await screen.at('assign-need-head', { id: need.need_id }).waitFor();
  await screen.at('suggestion-row').first().waitFor();
}

/** The latest assignment of a need to a volunteer, as the API has it: he may have had it before. */
async function given(screen, need, volunteer_id) {
  const { assignments } = await screen.call('case.get', { id: need.case.id });
  const his = assignments.filter((one) => one.need_id === need.need_id && one.volunteer_id === volunteer_id);
  return his.toSorted((a, b) => b.created_at - a.created_at)[0];
}

spec('จิตอาสา: the register counts, finds, filters and opens', async () => {
  const screen = await practice();
  await screen.show('volunteers');
  const { rows, total } = await screen.call('volunteer.list', register);
  same(await screen.number('volunteers-count'), total, 'volunteers');
  await screen.picture('volunteers');
  const free = await screen.call('volunteer.list', { ...register, free_now: true });
  await screen.at('volunteers-free').click();
  await until(async () => (await screen.number('volunteers-count')) === free.total, `${free.total} who are free`);
  await screen.at('volunteers-clear').click();
  await screen.at('volunteers-text').fill(rows[0].name);
  await screen.at('volunteer-row', { id: rows[0].id }).click();
  check((await screen.at('volunteer-panel').innerText()).includes(rows[0].name), 'another volunteer');
  await screen.picture('volunteer');
});

spec('จิตอาสา: a volunteer is added with the houses he looks after, as one says them', async () => {
  const screen = await Screen.on('volunteer', '--office', OFFICE);
  const village = { subdistrict_code: OFFICE, moo: 5, name: 'เหล่าหม้อ', lat: null, lon: null };
  await screen.call('village.save', village);
  await screen.show('volunteers');
  await screen.at('volunteer-new').click();
  await screen.at('volunteer-given').fill('บุญมา');
  await screen.at('volunteer-family').fill('สมมติช่วย');
  await screen.at('volunteer-phone').fill('0815550141');
  await screen.at('volunteer-kind-vhv').click();
  const can = async () => (await screen.at('volunteer-skills-given').innerText()).trim();
  const first = await can();
  await screen.at('volunteer-kind-civil_defence').click();
  await until(async () => (await can()) !== first, 'what the second kind can serve');
  same(await screen.at('volunteer-skill-transport').getAttribute('aria-disabled'), 'true', 'given, not to be taken away');
  await screen.at('volunteer-skill-transport').scrollIntoViewIfNeeded();
  await screen.picture('volunteer-second-kind');
  await screen.at('volunteer-kind-civil_defence').click();
  await screen.area('volunteer-village', `${OFFICE}05`);
  await screen.at('volunteer-reach-village').click();
  await screen.picture('volunteer-reach');
  await screen.at('volunteer-patch').fill('๑-10, 12, 15/2 ม.5');
  await screen.at('volunteer-patch-read').waitFor();
  check((await screen.at('volunteer-patch-read').innerText()).includes('เหล่าหม้อ'), 'the village is read back');
  await screen.picture('volunteer-patch');
  await screen.at('volunteer-patch').press('Enter');
  await screen.at('volunteer-patch-chips').waitFor();
  await screen.at('hours-office').click();
  await screen.at('volunteer-vehicle').fill('รถกระบะ');
  await screen.at('volunteer-seats').fill('๔');
  await screen.at('volunteer-carries-stretcher').click();
  await screen.picture('volunteer-new');
  await screen.at('volunteer-save').click();
  await until(async () => (await screen.call('volunteer.list', register)).total === 1, 'the volunteer');
  const [row] = (await screen.call('volunteer.list', register)).rows;
  same([row.name, row.kinds, row.vehicle_seats], ['บุญมา สมมติช่วย', ['vhv'], 4], 'the volunteer');
  same(row.patch, [`${OFFICE}05:1-10,12,15/2`], 'his houses');
  const { draft } = await screen.call('volunteer.get', { id: row.id });
  same(draft.hours.length, 5, 'days of office hours');
  same(draft.vehicle_carries, ['stretcher'], 'what the vehicle takes');
  same(draft.reach, 'village', 'how far he is sent');
  await screen.close();
});

spec('มอบหมาย: work whose holder is not there is on วันนี้ and in a view of its own, and leaving says what is held', async () => {
  const screen = await office('held-up');
  const asked = { states: ['accepted'], volunteer_id: null, held_up: false, after: null, limit: 100 };
  const [task] = (await screen.call('assignment.list', asked)).rows;
  check(task, 'practice has work that was taken');
  const left = { id: task.volunteer_id, availability: 'left', away_from: null, away_until: null, reason: null };
  check((await screen.call('volunteer.away', left)).still_holds > 0, 'the answer says what he holds');
  const held = await screen.call('assignment.list', { ...asked, states: [], held_up: true });
  check(held.rows.some((row) => row.id === task.id && row.held_up === 'holder_left'), 'his work is listed');
  await screen.show('today');
  await screen.at('today-held-up').waitFor();
  await screen.picture('today-held-up');
  await screen.at('today-held-up').click();
  await screen.at('assignment-row', { id: task.id }).waitFor();
  await screen.at('assignment-held-up').first().waitFor();
  await screen.picture('work-held-up');
  await screen.close();
});

spec('จิตอาสา: a piece of a patch that cannot be read is named at once and nothing is taken', async () => {
  const screen = await practice();
  await screen.show('volunteers');
  await screen.at('volunteer-new').click();
  const { villages } = await screen.call('village.list', { subdistrict_code: null });
  await screen.area('volunteer-village', villages[0].code);
  await screen.at('volunteer-patch').fill('1-10, abc ม.99');
  const said = screen.page.locator('[role="alert"]').first();
  await said.waitFor();
  check(/[ก-๙]{4}/.test(await said.innerText()), 'no Thai words');
  await screen.at('volunteer-patch').press('Enter');
  same(await screen.at('volunteer-patch-chips').count(), 0, 'parts taken');
  screen.quiet();
});

spec('จิตอาสา: several are vetted at once by keys, and undone', async () => {
  const screen = await office('vet');
  await screen.show('volunteers');
  const unvetted = async () => (await screen.call('volunteer.list', { ...register, vetting: 'unvetted' })).total;
  const before = await unvetted();
  check(before >= 3, 'practice has volunteers who are not vetted');
  await screen.at('volunteers-vetting').selectOption('unvetted');
  await until(async () => (await screen.number('volunteers-count')) === before, 'the filtered register');
  await screen.page.locator('[role="grid"]').focus();
  for (const key of ['ArrowDown', ' ', 'ArrowDown', ' ', 'ArrowDown', ' ']) await screen.page.keyboard.press(key);
  await screen.at('volunteers-bulk', { marked: 3 }).waitFor();
  await screen.picture('volunteers-vet');
  await screen.page.keyboard.press('v');
  await until(async () => (await unvetted()) === before - 3, 'three less');
  // Until the frame names what it would take back, the key takes nothing back.
  await screen.at('undo').waitFor();
  await screen.page.keyboard.press('Control+z');
  await until(async () => (await unvetted()) === before, 'all as before');
  await screen.close();
});

spec('จิตอาสา: one who falls ill hands over what he holds, in one act', async () => {
  const screen = await office('leave');
  const { rows } = await screen.call('volunteer.list', register);
  const busy = rows.find((row) => row.open_tasks > 0 && row.availability === 'available');
  check(busy, 'practice has somebody with work in hand');
  await screen.show('volunteers');
  await screen.at('volunteers-text').fill(busy.name);
  await screen.at('volunteer-row', { id: busy.id }).click();
  await screen.at('volunteer-panel', { id: busy.id }).waitFor();
  await screen.page.keyboard.press('l');
  await screen.at('hand-over-row').first().waitFor();
  same(await screen.at('hand-over-row').count(), busy.open_tasks, 'tasks to hand over');
  await screen.picture('volunteer-leave');
  await screen.page.keyboard.press('Control+Enter');
  const now = () => screen.call('volunteer.get', { id: busy.id });
  await until(async () => (await now()).draft.availability === 'on_leave', 'his leave');
  same((await now()).open_tasks, 0, 'tasks in hand');
  await screen.at('volunteer-back').waitFor();
  // Until the frame names what it would take back, the key takes nothing back.
  await screen.at('undo').waitFor();
  await screen.page.keyboard.press('Control+z');
  await until(async () => (await now()).open_tasks === busy.open_tasks, 'his tasks, taken back');
  await screen.close();
});

spec('จิตอาสา: a team is made with a leader', async () => {
  const screen = await office('team');
  const { rows } = await screen.call('volunteer.list', { ...register, vetting: 'vetted' });
  await screen.show('volunteers');
  await screen.at('volunteers-teams').click();
  await screen.at('team-new').click();
  await screen.at('team-name').fill('เรือท้ายบ้าน');
  for (const one of rows.slice(0, 2)) {
    await screen.at('team-add').fill(one.name);
    await screen.at('team-found').first().waitFor();
    await screen.at('team-add').press('Enter');
    await screen.at('team-member', { id: one.id }).waitFor();
  }
  await screen.picture('team');
  await screen.at('team-save').click();
  const made = await until(
    async () => (await screen.call('team.list')).teams.find((one) => one.name === 'เรือท้ายบ้าน'),
    'the team',
  );
  same([made.members.length, made.leader_id], [2, rows[0].id], 'its members and leader');
  await screen.close();
});

spec('มอบหมาย: suggested with reasons, offered, accepted, done, and the receiver says it came', async () => {
  const screen = await office('offer');
  await screen.show('assign');
  const [need] = (await screen.call('assignment.board', board)).rows;
  await choose(screen, need);
  const { suggestions } = await screen.call('assignment.suggest', { need_id: need.need_id, limit: 9, text: null });
  const first = await screen.at('suggestion-row').first().getAttribute('data-id');
  same(first, suggestions[0].volunteer_id, 'the best one comes first');
  check((await screen.at('suggestion-why').first().innerText()).trim() !== '', 'no reason is given');
  await screen.page.keyboard.press('1');
  await screen.page.keyboard.press('w');
  await screen.at('triage-why').waitFor();
  await screen.picture('assign');
  await screen.at('suggestion-offer').first().click();
  const ours = () => given(screen, need, first);
  await until(async () => (await ours())?.state === 'offered', 'the offer');
  const { id } = await ours();
  // He is on the telephone: his answer is keyed where the offer was made.
  await screen.at('assignment-row', { id }).locator('[data-testid="assignment-accept"]').click();
  await until(async () => (await ours()).state === 'accepted', 'the acceptance');

  await screen.at('assign-work').click();
  const row = screen.at('assignment-row', { id });
  const step = (name) => row.locator(`[data-testid="assignment-${name}"]`);
  await row.click();
  await step('depart').click();
  await until(async () => (await ours()).state === 'en_route', 'him on his way');
  await step('arrive').click();
  await until(async () => (await ours()).state === 'on_site', 'him there');
  await step('finish').click();
  await screen.at('assignment-outcome').fill('ส่งข้าวสาร 5 กก. น้ำดื่ม 2 แพ็ก');
  await screen.at('assignment-minutes-60').click();
  await screen.picture('assign-finish');
  await screen.at('assignment-step-save').click();
  await until(async () => (await ours()).state === 'done', 'the work done');
  same((await ours()).minutes_given, 60, 'minutes he gave');

  await screen.at('work-view-to_review').click();
  await row.click();
  await row.locator('[data-testid="receiver-came"]').click();
  await until(async () => (await ours()).receiver_word === 'came', 'his word');
  await row.locator('[data-testid="receiver-word"][data-word="came"]').waitFor();
  await screen.picture('assign-work');

  // He rings later: beside the open case he is asked again, by keys.
  await screen.page.goto(`${screen.host.url}#/cases/${need.case.id}`);
  const his = screen.at('assignment-row', { id });
  await his.locator('[data-testid="receiver-ask"]').focus();
  await screen.page.keyboard.press('Enter');
  await his.locator('[data-testid="receiver-came"]').waitFor();
  check(await his.locator('[data-testid="receiver-save"]').isDisabled(), 'no word is chosen and it can be saved');
  await screen.page.keyboard.press('2');
  await his.locator('[data-testid="receiver-note"]').fill('ได้ข้าวสาร ยังขาดน้ำ');
  await his.scrollIntoViewIfNeeded();
  await screen.picture('case-receiver');
  await screen.page.keyboard.press('Control+Enter');
  await until(async () => (await ours()).receiver_word === 'partly', 'his later word');
  same((await ours()).receiver_note, 'ได้ข้าวสาร ยังขาดน้ำ', 'what he said');
  await his.locator('[data-testid="receiver-word"][data-word="partly"]').waitFor();
  await screen.picture('case-receiver-said');
  await screen.close();
});

spec('มอบหมาย: not this one, with a reason; then considered again', async () => {
  const screen = await office('reject');
  await screen.show('assign');
  const [need] = (await screen.call('assignment.board', board)).rows;
  await choose(screen, need);
  const id = await screen.at('suggestion-row').first().getAttribute('data-id');
  await screen.page.keyboard.press('1');
  await screen.page.keyboard.press('x');
  await screen.page.keyboard.press('2');
  await screen.picture('assign-reject');
  await screen.page.keyboard.press('Enter');
  await screen.at('set-aside-row', { id }).waitFor();
  same(await screen.at('suggestion-row', { id }).count(), 0, 'him among the suggested');
  check((await screen.at('set-aside-row', { id }).innerText()).includes('ติดภารกิจอื่น'), 'the reason is shown');
  await screen.at('set-aside-row', { id }).locator('[data-testid="suggestion-reconsider"]').click();
  await screen.at('suggestion-row', { id }).waitFor();
  await screen.close();
});

spec('มอบหมาย: another takes over what was taken already, with a reason, in one act', async () => {
  const screen = await office('takeover');
  const list = { states: ['accepted'], volunteer_id: null, after: null, limit: 50 };
  const { rows } = await screen.call('assignment.list', list);
  let one = null;
  for (const row of rows) {
    const asked = { volunteer_id: row.volunteer_id, assignment_id: row.id };
    const [found] = (await screen.call('assignment.replacements', asked)).rows;
    if (found?.chosen && !one) one = { ...row, chosen: found.chosen };
  }
  check(one, 'practice has a task that another could take');
  await screen.show('assign');
  await screen.at('assign-work').click();
  await screen.at('work-view-going').click();
  const row = screen.at('assignment-row', { id: one.id });
  await row.click();
  same(await row.locator('[data-testid="assignment-expire"]').count(), 0, 'what the clock does');
  await row.locator('[data-testid="assignment-reassign"]').click();
  await screen.at('successor-form').waitFor();
  await until(async () => (await screen.at('successor-to').inputValue()) === one.chosen, 'the best of them');
  await screen.at('assignment-reason-too_far').click();
  await screen.picture('assign-takeover');
  await screen.page.keyboard.press('Control+Enter');
  const all = async () => (await screen.call('case.get', { id: one.case_id })).assignments;
  const next = await until(async () => (await all()).find((each) => each.replaces === one.number), 'his successor');
  same([next.volunteer_id, next.state], [one.chosen, 'proposed'], 'who takes over');
  const old = (await all()).find((each) => each.id === one.id);
  same([old.state, old.reason], ['reassigned', 'too_far'], 'the one before him');
  await screen.close();
});

spec('มอบหมาย: a team goes as a team, and the next offer is nobody’s team', async () => {
  const screen = await office('go-together');
  const [need] = (await screen.call('assignment.board', board)).rows;
  const { suggestions } = await screen.call('assignment.suggest', { need_id: need.need_id, limit: 9, text: null });
  const members = suggestions.slice(0, 3).map((one) => one.volunteer_id);
  const team = { id: null, name: 'เรือท้ายบ้าน', leader_id: members[0], members, note: '', disband: false };
  const { id: team_id } = await screen.call('team.save', team);
  await screen.show('assign');
  await choose(screen, need);
  await screen.at('offer-team').selectOption(team_id);
  await screen.at('suggestion-row', { id: members[0] }).locator('[data-testid="suggestion-offer"]').click();
  const made = await until(() => given(screen, need, members[0]), 'the offer');
  same(made.companions.length, 2, 'who go along');
  await until(async () => (await screen.at('offer-team').inputValue()) === '', 'the next offer to be nobody’s team');
  check((await screen.at('assignment-team').first().innerText()).includes('รวม 3 คน'), 'how many go');
  await screen.picture('assign-team');
  await screen.show('volunteers');
  await screen.at('volunteers-text').fill(suggestions[1].name);
  await screen.at('volunteer-row', { id: members[1] }).click();
  check((await screen.at('volunteer-work-team').first().innerText()).includes('เรือท้ายบ้าน'), 'his page tells it');
  await screen.picture('volunteer-team-work');
  await screen.close();
});

spec('มอบหมาย: somebody who is not suggested is found by name, and it is said why not', async () => {
  const screen = await practice();
  await screen.show('assign');
  const [need] = (await screen.call('assignment.board', board)).rows;
  await choose(screen, need);
  const { rows } = await screen.call('volunteer.list', { ...register, vetting: 'unvetted' });
  await screen.at('suggestion-find').fill(rows[0].name);
  const found = screen.at('suggestion-unsuited', { id: rows[0].id });
  await found.waitFor();
  check(/[ก-๙]{4}/.test(await found.locator('[data-testid="suggestion-why-not"]').innerText()), 'no reason');
  await screen.picture('assign-why-not');
});

spec('มอบหมาย: how many hands a need wants is changed by a key, and taken back', async () => {
  const screen = await office('hands');
  await screen.show('assign');
  const [need] = (await screen.call('assignment.board', board)).rows;
  await choose(screen, need);
  const hands = async () => {
    const { rows } = await screen.call('assignment.board', board);
    return rows.find((row) => row.need_id === need.need_id)?.hands;
  };
  await screen.page.keyboard.press('+');
  await until(async () => (await hands()) === need.hands + 1, 'one more hand');
  // Until the frame names what it would take back, the key takes nothing back.
  await screen.at('undo').waitFor();
  await screen.page.keyboard.press('Control+z');
  await until(async () => (await hands()) === need.hands, 'the hands it wanted before');
  await screen.close();
});

spec('มอบหมาย: the whole plan is accepted in one act, and undone', async () => {
  const screen = await office('plan');
  const before = (await screen.call('assignment.board', board)).total;
  await screen.show('assign');
  await screen.at('assign-plan').click();
  await screen.at('plan-line').first().waitFor();
  const plan = await screen.call('assignment.plan', everything);
  same(Number(await screen.at('plan-totals').getAttribute('data-lines')), plan.lines.length, 'lines of the plan');
  same(plan.cost, plan.bound, 'the plan is the best there is');
  // The side opens by itself only when somebody is left without hands.
  if (!(await screen.at('plan-tab-villages').isVisible())) await screen.at('plan-beside').click();
  await screen.at('plan-tab-villages').click();
  await screen.picture('plan-villages');
  await screen.at('plan-tab-map').click();
  await screen.page.keyboard.press('ArrowDown');
  await screen.picture('plan-map');

  // Not this one: the plan is made anew without the pair.
  await screen.at('plan-line').first().click();
  const line = screen.at('plan-line').first();
  const pair = [await line.getAttribute('data-id'), await line.getAttribute('data-volunteer')];
  await screen.at('plan-not').click();
  await screen.at('plan-without').waitFor();
  await until(
    async () => (await screen.at('plan-line', { id: pair[0], volunteer: pair[1] }).count()) === 0,
    'a plan without the pair',
  );

  await screen.at('plan-accept-all').click();
  await screen.at('plan-accept').waitFor();
  await screen.at('plan-channel-phone').click();
  await screen.picture('plan-accept');
  await screen.page.keyboard.press('Control+Enter');
  await until(async () => (await screen.call('assignment.board', board)).total < before, 'fewer needs without hands');
  const offered = { states: ['offered'], volunteer_id: null, after: null, limit: 200 };
  check((await screen.call('assignment.list', offered)).total > 0, 'offers were made');
  // Until the frame names what it would take back, the key takes nothing back.
  await screen.at('undo').waitFor();
  await screen.page.keyboard.press('Control+z');
  await until(async () => (await screen.call('assignment.board', board)).total === before, 'all as before');
  await screen.close();
});

spec('มอบหมาย: what others overtook in an accepted plan stays on the page, with the reason', async () => {
  const screen = await office('overtaken');
  await screen.show('assign');
  await screen.at('assign-plan').click();
  await screen.at('plan-line').first().waitFor();
  const { lines } = await screen.call('assignment.plan', everything);
  const { rows } = await screen.call('assignment.board', board);
  const single = new Set(rows.filter((row) => row.hands === 1).map((row) => row.need_id));
  const [gone, ...others] = lines.filter((line) => line.change === 'new' && single.has(line.need_id));
  const taken = others.find((line) => line.volunteer_id !== gone.volunteer_id);
  check(taken, 'the plan has work for two people');
  await screen.at('plan-accept-all').click();
  await screen.at('plan-accept').waitFor();
  // While he looks at the last question, another desk sends one of them on leave, and has just rung the other.
  const leave = { availability: 'on_leave', away_from: null, away_until: null, reason: null };
  await screen.call('volunteer.away', { id: gone.volunteer_id, ...leave });
  const rung = { offered: true, channel: 'phone', pinned: false, team_id: null };
  await screen.call('assignment.propose', { need_id: taken.need_id, volunteer_id: taken.volunteer_id, ...rung });
  const answered = screen.page.waitForResponse((answer) => answer.url().endsWith('/api/assignment.propose_all'));
  await screen.page.keyboard.press('Control+Enter');
  const { ids, refused } = await (await answered).json();
  check(ids.length > 0, 'the rest of the plan is given');
  const code = ({ need_id }) => refused.find((one) => one.need_id === need_id)?.code;
  same([code(gone), code(taken)], ['volunteer_away', 'need_has_hands'], 'why not');

  await screen.at('plan-refused').waitFor();
  const told = screen.at('plan-refused-line');
  const shown = await told.evaluateAll((all) =>
    all.map(({ dataset }) => ({ need_id: dataset.id, volunteer_id: dataset.volunteer, code: dataset.code })),
  );
  same(shown, refused, 'the refused lines');
  const words = await screen.at('plan-refused-line', { id: gone.need_id }).first().innerText();
  check([gone.name, gone.volunteer, 'งดรับงาน'].every((word) => words.includes(word)), `who and why: ${words}`);
  await screen.picture('plan-refused');
  // The plan is made anew around them; they stand until they were read.
  const left = (await screen.call('assignment.plan', everything)).lines.length;
  await until(async () => Number(await screen.at('plan-totals').getAttribute('data-lines')) === left, 'the new plan');
  same(await told.count(), refused.length, 'lines that still stand');
  await screen.page.keyboard.press('Escape');
  await screen.at('plan-refused').waitFor({ state: 'detached' });
  await screen.close();
});

spec('มอบหมาย: in the evening the plan is made for tomorrow morning', async () => {
  const screen = await office('tomorrow');
  await screen.show('assign');
  await screen.at('assign-plan').click();
  await screen.at('plan-totals').waitFor();
  const asked = screen.page.waitForRequest(
    (one) => one.url().endsWith('/api/assignment.plan') && one.postDataJSON().at !== null,
  );
  await screen.page.keyboard.press('Alt+t');
  const { at } = (await asked).postDataJSON();
  same(new Date(at + 7 * 3_600_000).toISOString().slice(11, 16), '08:30', 'the hour in Thailand');
  same(await screen.at('assign-tomorrow').getAttribute('aria-pressed'), 'true', 'said to be for tomorrow');
  await screen.picture('plan-tomorrow');
  await screen.page.keyboard.press('Alt+t');
  same(await screen.at('assign-tomorrow').getAttribute('aria-pressed'), 'false', 'said to be for now');
  await screen.close();
});

spec('มอบหมาย: the same step for several at once, the text to send them and their slips', async () => {
  const screen = await office('bulk');
  const plan = await screen.call('assignment.plan', everything);
  const fresh = plan.lines.filter((line) => line.change === 'new');
  const pairs = fresh.slice(0, 3).map(({ need_id, volunteer_id }) => ({ need_id, volunteer_id }));
  const { ids } = await screen.call('assignment.propose_all', {
    ...{ pairs, offered: true, channel: 'message', pinned: false, team_id: null, one_visit: false },
  });
  same(ids.length, 3, 'offers');
  await screen.show('assign');
  await screen.at('assign-work').click();
  for (const id of ids) {
    await screen.at('assignment-row', { id }).locator('[data-testid="assignment-mark"]').click();
  }
  await screen.picture('work-bulk');
  await screen.at('bulk-messages').click();
  await screen.at('assignment-message').waitFor();
  check(/[ก-๙]{4}/.test(await screen.at('assignment-message').innerText()), 'no Thai words');
  await screen.picture('work-messages');
  await screen.page.keyboard.press('Escape');
  const slips = screen.page.waitForEvent('download');
  await screen.at('bulk-slips').click();
  check((await slips).suggestedFilename().endsWith('.pdf'), 'the slips are a PDF');
  await screen.at('bulk-accept').click();
  await until(async () => {
    const list = { states: ['accepted'], volunteer_id: null, after: null, limit: 200 };
    const { rows } = await screen.call('assignment.list', list);
    return ids.every((id) => rows.some((row) => row.id === id));
  }, 'three accepted');
  await screen.close();
});

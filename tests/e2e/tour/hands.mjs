// Hands: the register of volunteers, a suggestion with its reasons, the work from the offer to the
// headman's word, and the plan for all that is open.

import { check, same, until } from '../lib/spec.mjs';
import { KEY } from '../lib/webdriver.mjs';
import { become, caseOf, paper, picture, show, step } from './log.mjs';

const register = {
  ...{ text: null, kinds: [], areas: [], availability: null, equipment: [], vetting: null },
  ...{ free_now: false, after: null, limit: 200 },
};
const page = { after: null, limit: 200 };

export async function volunteers(window, village) {
  await step('ดูทะเบียนจิตอาสา', 'the register of volunteers', async () => {
    await show(window, 'volunteers');
    await window.find('volunteer-row');
    await picture(window, 'volunteers');
    return await window.text('volunteers-count');
  });
  await step('ดูจิตอาสาหนึ่งคนกับเขตรับผิดชอบ', 'one of them: what he holds, and the houses he looks after', async () => {
    const { rows } = await window.call('volunteer.list', register);
    // One who looks after houses, not a whole village, and has something in hand.
    const houses = rows.filter((row) => row.patch.some((part) => part.includes(':')));
    const one = houses.find((row) => row.open_tasks > 0) ?? houses[0];
    await window.run(`location.hash = '#/volunteers/${one.id}'`);
    await window.find(`[data-testid="volunteer-panel"][data-id="${one.id}"]`);
    await window.find('volunteer-patch-labels');
    await picture(window, 'volunteer');
    await window.run(`document.querySelector('[data-testid="volunteer-patch-map"]')?.scrollIntoView({ block: 'nearest' })`);
    await picture(window, 'volunteer-patch');
    return (await window.text('volunteer-patch-labels')).trim();
  });
  await step('เพิ่มจิตอาสา เขียนเขตอย่างที่สำนักงานเขียน', 'a patch is read as offices write it', async () => {
    await show(window, 'volunteers');
    await window.click('volunteer-new');
    await window.fill('volunteer-given', 'บุญมา');
    await window.fill('volunteer-family', 'สมมติช่วย');
    await window.fill('volunteer-phone', '0815550141');
    await window.click('volunteer-kind-vhv');
    await window.area('volunteer-village', village);
    await window.type('volunteer-patch', `๑-10, 12, 15/2 ม.${Number(village.slice(6))}`);
    await window.find('volunteer-patch-read');
    await picture(window, 'volunteer-new');
    await window.press(KEY.enter);
    await window.find('volunteer-patch-chips');
    await window.click('volunteer-save');
    const [made] = await until(async () => {
      const { rows } = await window.call('volunteer.list', { ...register, text: 'บุญมา สมมติช่วย' });
      return rows.length > 0 && rows;
    }, 'the volunteer');
    same(made.patch, [`${village}:1-10,12,15/2`], 'his houses');
    return made.patch[0];
  });
  await step('ดูชุดจิตอาสา', 'teams', async () => {
    await show(window, 'volunteers');
    await window.click('volunteers-teams');
    await window.find('teams');
    await picture(window, 'teams');
    await window.click('volunteers-reach');
  });
}

/** The step of an assignment by its button in the open case, verified by what the API says afterwards. */
async function advance(window, caseId, move, state) {
  const row = `[data-testid="assignment-row"][data-case="${caseId}"]`;
  await window.click(`${row} [data-testid="assignment-${move}"]`);
  if (move === 'finish') {
    await window.fill('assignment-outcome', 'ส่งข้าวกล่อง 6 กล่อง น้ำดื่ม 2 แพ็ก');
    await window.click('assignment-step-save');
  }
  await until(
    async () => (await caseOf(window, caseId)).assignments[0]?.state === state,
    `the assignment to be ${state}`,
  );
  // The buttons of the next step stand elsewhere: only when they are drawn can they be hit.
  await window.find(`${row}[data-state="${state}"]`);
}

/** One need from the suggestion to the headman's word. */
export async function oneNeed(window, id) {
  await step('ดูคนที่แนะนำพร้อมเหตุผล', 'who could help, and why', async () => {
    await show(window, 'assign');
    const [{ id: need_id }] = (await caseOf(window, id)).needs;
    // Far down a list that is read page by page: by its address.
    await window.run(`location.hash = '#/assign/${need_id}'`);
    await window.find(`[data-testid="assign-need-head"][data-id="${need_id}"]`);
    const { suggestions } = await window.call('assignment.suggest', { need_id, limit: 9, text: null });
    await until(
      async () => (await window.attribute('suggestion-row', 'data-id')) === suggestions[0].volunteer_id,
      'the best one first',
    );
    const why = (await window.text('suggestion-why')).replaceAll(/\s+/g, ' ').trim();
    check(/[ก-๙]{4}/.test(why), 'no reason is given');
    await picture(window, 'assign');
    await window.click('triage-open');
    await window.find('triage-why');
    await picture(window, 'assign-why');
    await window.click('triage-open');
    return why;
  });
  await step('เสนองานทางโทรศัพท์', 'a volunteer is offered the task', async () => {
    await window.click('suggestion-offer');
    const made = await until(async () => (await caseOf(window, id)).assignments[0], 'the assignment');
    same(made.state, 'offered', 'the assignment');
    await window.find('just-offered');
    await picture(window, 'assign-offered');
    return made.volunteer;
  });
  await step('จิตอาสารับงาน', 'he is on the telephone and says yes', async () => {
    await window.click('[data-testid="just-offered"] [data-testid="assignment-accept"]');
    await until(async () => (await caseOf(window, id)).assignments[0].state === 'accepted', 'the acceptance');
  });
  await step('ไปถึงและทำเสร็จ', 'on the way, there, done with what was given', async () => {
    await window.run(`location.hash = '#/cases/${id}'`);
    await advance(window, id, 'depart', 'en_route');
    await advance(window, id, 'arrive', 'on_site');
    await advance(window, id, 'finish', 'done');
  });
  await step('ถามผู้รับ', 'the receiver says that help came', async () => {
    await window.click('receiver-ask');
    await window.click('receiver-came');
    await window.click('receiver-save');
    await until(async () => (await caseOf(window, id)).assignments[0].receiver_word === 'came', 'his word');
    await window.find('receiver-word');
    await window.run(`document.querySelector('[data-testid="assignment-row"]').scrollIntoView({ block: 'center' })`);
    await picture(window, 'case-done');
  });
  await step('ผู้ใหญ่บ้านรับรอง', 'the headman confirms that help came', async () => {
    await become(window, 'headman');
    await show(window, 'review');
    await window.find('review-item');
    await picture(window, 'review');
    const ours = `[data-testid="review-item"][data-kind="assignment"][data-case="${id}"]`;
    await window.page('review-next', ours);
    await picture(window, 'review-help');
    await window.click('review-confirm');
    await until(async () => (await caseOf(window, id)).assignments[0].state === 'confirmed', 'his word to be kept');
  });
  await step('คืนเรื่องพร้อมเหตุผลด้วยแป้นตัวเลข แล้วเรียกกลับ', 'he returns one with a reason by number keys, and takes it back', async () => {
    const reported = '[data-testid="review-item"][data-kind="case"]';
    await window.page('review-next', reported);
    const other = await window.attribute(reported, 'data-case');
    await window.press('2');
    await window.find('review-reason');
    await window.press('2');
    await picture(window, 'review-return');
    await window.press(KEY.control, KEY.enter);
    await until(async () => (await caseOf(window, other)).review_state === 'returned', 'the return');
    await window.click('review-undo');
    await until(async () => (await caseOf(window, other)).review_state === 'unreviewed', 'the return to be taken back');
    await become(window, 'clerk');
  });
}

/** Hands for all that is open, of which a few lines are accepted. */
export async function wholePlan(window) {
  await step('เสนอทั้งหมด', 'one plan for all open needs', async () => {
    await show(window, 'assign');
    await window.click('assign-plan');
    await window.find('plan-line', 30_000);
    await picture(window, 'plan');
    const isShut = await window.run(`return document.querySelector('[data-testid="plan-tab-villages"]') === null`);
    if (isShut) await window.click('plan-beside');
    await window.click('plan-tab-villages');
    await picture(window, 'plan-villages');
    await window.click('plan-tab-map');
    await window.run(`document.querySelector('[role="grid"]').focus()`);
    await window.press(KEY.down);
    await picture(window, 'plan-map');
    const plan = await window.call('assignment.plan', { areas: [], need_kinds: [], pins: [], without: [] });
    same(plan.cost, plan.bound, 'the plan is the best there is');
    return (await window.text('plan-totals')).replaceAll(/\s+/g, ' ').trim();
  });
  await step('รับสามบรรทัด แจ้งทางข้อความ', 'three lines are accepted, to be told by message', async () => {
    const offers = async () =>
      (await window.call('assignment.list', { states: ['offered'], volunteer_id: null, ...page })).rows;
    const before = await offers();
    await window.run(`document.querySelector('[role="grid"]').focus()`);
    const fresh = '.row.current [data-testid="plan-line"][data-change="new"]';
    for (let marked = 0; marked < 3; ) {
      await window.press(KEY.down);
      // What has been told already stays as it is, and needs no accepting.
      if ((await window.all(fresh)).length === 0) continue;
      await window.press(' ');
      marked += 1;
    }
    await window.press('a');
    await window.click('plan-channel-message');
    await picture(window, 'plan-accept');
    await window.click('plan-accept-send');
    const made = await until(async () => {
      const rows = (await offers()).filter((row) => before.every((one) => one.id !== row.id));
      return rows.length === 3 && rows;
    }, 'three offers');
    await window.click('assign-work');
    for (const { id } of made) {
      const mark = `[data-testid="assignment-row"][data-id="${id}"] [data-testid="assignment-mark"]`;
      await window.bring(mark, 'assignment-row');
      await window.click(mark);
    }
    await picture(window, 'work');
    await window.click('bulk-messages');
    await window.find('assignment-message');
    check(!/\d-?\d{4}-?\d{5}-?\d{2}-?\d/.test(await window.text('assignment-message')), 'an identity number in a message');
    await picture(window, 'work-messages');
    await window.press(KEY.escape);
    await window.gone('assignment-message');
    await window.click('bulk-slips');
    const { seen } = await until(() => paper('slips'), 'the slips', 60_000);
    return `${made.map((one) => one.volunteer).join(', ')} · ${seen}`;
  });
}

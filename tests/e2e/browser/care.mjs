// That nothing goes quiet, and the office's own rules: who was told, who is rung, what a shift hands over.

import { readFileSync } from 'node:fs';
import { Screen } from '../lib/browser.mjs';
import { check, same, spec, until } from '../lib/spec.mjs';

async function office(name) {
  const screen = await Screen.on(name, '--practice', '--seed', '7');
  await screen.at('screen-today').waitFor({ state: 'attached' });
  return screen;
}

async function become(screen, role) {
  await screen.at('person-switch').click();
  await screen.at(`person-${role}`).click();
}

spec('วันนี้: the window lets the clock pass, and the supervisor takes note of what was taken further', async () => {
  const screen = await office('escalation');
  // Nobody called for it: the open window did.
  await screen.at('escalation-row').first().waitFor();
  const { rows } = await screen.call('escalation.list');
  check(rows.length > 0, 'cases that waited too long');
  same(await screen.at('escalation-seen').count(), 0, 'a clerk who takes note for the supervisor');
  await become(screen, 'supervisor');
  // What came to the district is the district's to take note of, and has not left this desk.
  await screen.at('escalation-row', { state: 'district' }).first().waitFor();
  same(await screen.at('escalation-row', { state: 'district' }).locator('[data-testid="escalation-seen"]').count(), 0, 'notes taken for the district');
  same(await screen.at('escalation-sent').first().getAttribute('data-sent'), 'false', 'said to have been sent');
  if ((await screen.at('escalations-all').count()) > 0) await screen.at('escalations-all').click();
  const one = screen.at('escalation-row', { seen: 'false', state: 'supervisor' }).first();
  await one.waitFor();
  const id = await one.getAttribute('data-id');
  await screen.picture('today-escalated');
  await one.locator('[data-testid="escalation-seen"]').click();
  await until(async () => {
    const { rows: now } = await screen.call('escalation.list');
    return now.find((row) => row.case.id === id)?.seen_at;
  }, 'the note to be kept');
  await screen.page.goto(`${screen.host.url}#/cases/${id}`);
  await screen.at('case-escalation', { seen: 'true' }).waitFor();
  await screen.at('case-triage').locator('button').click();
  await screen.at('triage-part').first().waitFor();
  const kept = await screen.call('case.get', { id });
  same(await screen.at('triage-part').count(), kept.triage.parts.length, 'parts of the score');
  await screen.picture('case-escalated');
  await screen.close();
});

spec('วันนี้: by one key the supervisor takes note of all he is shown, and by another takes it back', async () => {
  const screen = await office('escalations');
  await screen.at('escalation-row').first().waitFor();
  same(await screen.at('escalations-seen').count(), 0, 'a clerk who takes note for the supervisor');
  await become(screen, 'supervisor');
  await screen.at('escalations-seen').waitFor();
  // What came to the district is not his to take note of.
  const unseen = screen.at('escalation-row', { seen: 'false', state: 'supervisor' });
  const shown = await unseen.evaluateAll((rows) => rows.map((row) => row.dataset.id));
  check(shown.length > 1, 'practice has several he has not seen');
  same(await screen.number('escalations-seen'), shown.length, 'the number on the button');
  await screen.picture('today-escalations');
  const seen = async () => {
    const { rows } = await screen.call('escalation.list');
    return rows.filter((row) => row.seen_at !== null).map((row) => row.case.id);
  };
  const before = await seen();
  await screen.page.keyboard.press('a');
  await until(async () => (await seen()).length === before.length + shown.length, 'the notes to be kept');
  same((await seen()).toSorted(), [...before, ...shown].toSorted(), 'seen: what was shown and nothing else');
  // The screen reads its rows once the frame has been told what Ctrl+Z would take back.
  await screen.at('escalation-row', { id: shown[0], seen: 'false' }).waitFor({ state: 'detached' });
  check((await screen.at('undo').getAttribute('title')).includes('รับทราบ'), 'undo does not say what it takes back');
  await screen.picture('today-escalations-seen');
  await screen.page.keyboard.press('Control+z');
  await until(async () => (await seen()).length === before.length, 'the notes to be taken back');
  same((await seen()).toSorted(), before.toSorted(), 'seen, as it was');
  await screen.close();
});

spec('โทรติดตาม: the number stands large, an answer is one key, and the next one stands there', async () => {
  const screen = await office('recheck');
  await screen.at('today-go-recheck').click();
  await screen.at('screen-recheck').waitFor({ state: 'attached' });
  const list = () => screen.call('recheck.list', { kinds: ['case'], areas: [], limit: 200 });
  await screen.at('recheck-kind-case').click();
  const before = (await list()).total;
  check(before > 1, 'practice has somebody to ring');
  await until(async () => Number(await screen.at('recheck-total').getAttribute('data-total')) === before, 'the cases alone');
  const id = await screen.at('recheck-call').getAttribute('data-id');
  await screen.picture('recheck');
  await screen.page.keyboard.press('n');
  await screen.at('recheck-note').pressSequentially('ลูกสาวรับสาย');
  await screen.page.keyboard.press('Enter');
  await screen.page.keyboard.press('1');
  await until(async () => (await list()).rows.every((row) => row.id !== id), 'him to leave the list');
  await until(async () => (await screen.at('recheck-call').getAttribute('data-id')) !== id, 'the next one');
  same((await screen.call('status.get')).undo.action, 'recheck_answer', 'what Ctrl+Z would take back');
  const coming = screen.page.waitForEvent('download', { timeout: 60_000 });
  await screen.at('recheck-print').click();
  same(readFileSync(await (await coming).path()).subarray(0, 5).toString(), '%PDF-', 'how the list begins');
  await screen.close();
});

spec('โทรติดตาม: of several needs it is asked which help came for, and only that one is closed', async () => {
  const screen = await office('recheck-needs');
  await screen.page.goto(`${screen.host.url}#/recheck`);
  await screen.at('recheck-kind-case').click();
  const { rows } = await screen.call('recheck.list', { kinds: ['case'], areas: [], limit: 200 });
  const several = rows.find((row) => row.needs.length > 1);
  check(several, 'practice has a case of several needs');
  await screen.at('recheck-row', { id: several.id }).click();
  await screen.at('recheck-call', { id: several.id }).waitFor();
  await screen.at('recheck-answer-met').click();
  await screen.at('recheck-which').waitFor();
  await screen.picture('recheck-which');
  await screen.at('recheck-need', { id: several.needs[0].id }).check();
  await screen.at('recheck-answer-met').click();
  const left = async () => {
    const whole = await screen.call('case.get', { id: several.id });
    return whole.needs.filter((need) => need.closing_reason === null).map((need) => need.id);
  };
  await until(async () => !(await left()).includes(several.needs[0].id), 'the need that was named to be closed');
  check((await left()).includes(several.needs[1].id), 'the other one stands');
  // Most volunteers of a practice office were heard of lately; at some hours none of them is to be rung.
  const volunteers = await screen.call('recheck.list', { kinds: ['volunteer'], areas: [], limit: 1 });
  if (volunteers.total > 0) {
    await screen.at('recheck-kind-volunteer').click();
    await screen.at('recheck-call', { kind: 'volunteer' }).waitFor();
    await screen.picture('recheck-volunteer');
  }
  await screen.close();
});

spec('ตีกลับ: what the headman sent back is first on วันนี้, marked on มอบหมาย, and asked about before it is given', async () => {
  const screen = await office('sent-back');
  await become(screen, 'headman');
  await screen.at('screen-review').waitFor({ state: 'attached' });
  const { items } = await screen.call('review.inbox', { after: null, limit: 200 });
  const of_case = items.find((item) => item.kind === 'case' && item.denied === null && item.case.needs.some((need) => need.state !== 'closed'));
  await screen.call('review.decide', { case_id: of_case.case.id, assignment_id: null, verdict: 'returned', reason: 'บ้านเลขที่ไม่ตรง' });
  await become(screen, 'clerk');
  await screen.show('today');
  const figure = screen.at('today-sent-back');
  await figure.waitFor();
  const { sent_back } = await screen.call('today.get');
  same(Number(await figure.innerText()), sent_back, 'the figure');
  await screen.picture('today');
  await figure.click();
  await screen.at('screen-cases').waitFor({ state: 'attached' });
  await until(async () => Number(await screen.at('cases-count').getAttribute('data-total')) === sent_back, 'just those');
  await screen.picture('cases-sent-back');
  const { rows } = await screen.call('assignment.board', { areas: [], need_kinds: [], after: null, limit: 500 });
  const row = rows.find((one) => ['returned', 'not_found', 'rejected'].includes(one.case.review_state));
  check(row, 'a need of them without hands');
  await screen.page.goto(`${screen.host.url}#/assign/${row.need_id}`);
  await screen.at('assign-need-head', { id: row.need_id }).waitFor();
  await screen.at('assign-sent-back').first().waitFor();
  await screen.at('suggestion-offer').first().click();
  await screen.at('sent-back-ask').waitFor();
  await screen.picture('assign-sent-back');
  await screen.at('sent-back-send').click();
  await screen.at('just-offered').waitFor();
  await screen.page.goto(`${screen.host.url}#/shift`);
  await screen.at('shift-section', { code: 'sent_back' }).waitFor();
  await screen.close();
});

spec('ตั้งค่า: headmen are added with their villages, and each is one to switch to', async () => {
  const screen = await office('headmen');
  await screen.page.goto(`${screen.host.url}#/settings/people`);
  await screen.at('settings-headman-open').first().click();
  const taken = screen.page.locator('[data-testid="settings-headman-village"]:checked');
  await taken.first().waitFor();
  const first = await taken.first().getAttribute('data-id');
  await taken.first().uncheck();
  await screen.at('settings-headman-add').click();
  await screen.at('settings-headman').fill('ผู้ใหญ่บุญเลิศ มีสุข');
  await screen.at('settings-headman-village', { id: first }).check();
  await screen.picture('settings-headmen');
  await screen.at('settings-save').click();
  await until(async () => (await screen.call('settings.get')).headmen.length === 2, 'two headmen');
  await screen.at('person-switch').click();
  await screen.picture('person-switch');
  same(await screen.at('person-headman').count(), 2, 'headmen to switch to');
  await screen.close();
});

spec('ส่งเวร: what changed is shown, printed and remembered as read', async () => {
  const screen = await office('shift');
  await screen.at('today-go-shift').click();
  await screen.at('screen-shift').waitFor({ state: 'attached' });
  await screen.at('shift-since').selectOption('h72');
  await screen.at('shift-section').first().waitFor();
  await screen.picture('shift');
  const coming = screen.page.waitForEvent('download', { timeout: 60_000 });
  await screen.at('shift-print').click();
  same(readFileSync(await (await coming).path()).subarray(0, 5).toString(), '%PDF-', 'how the page begins');
  await screen.page.keyboard.press('Control+Enter');
  await screen.at('shift-read').waitFor();
  const until_ms = Number(await screen.at('shift-read').getAttribute('data-until'));
  const { last_look_at } = await screen.call('today.get');
  same(last_look_at, until_ms, 'read up to');
  await screen.close();
});

spec('เกณฑ์: a rule is changed, shows what was shipped, and goes back', async () => {
  const screen = await office('rules');
  await screen.page.goto(`${screen.host.url}#/settings/rules?group=offers`);
  const code = 'offers.expire_critical';
  const rule = async () =>
    (await screen.call('rule.list')).groups.flatMap((group) => group.rules).find((one) => one.code === code);
  const line = screen.at('rule', { code });
  await line.waitFor();
  const { shipped, most } = await rule();
  const amount = line.locator('[data-testid="rule-amount"]');
  await amount.fill(String(most + 1));
  await amount.press('Enter');
  await line.locator('[role="alert"]').waitFor();
  same((await rule()).value, shipped, 'a value out of bounds');
  await amount.fill('45');
  await amount.press('Enter');
  await until(async () => (await rule()).value === '45', 'the office\'s own value');
  await screen.picture('rules-offers');
  await line.locator('[data-testid="rule-back"]').click();
  await until(async () => (await rule()).value === shipped, 'the shipped value');

  await screen.at('rule-group-matching').click();
  await screen.at('rule-matching-travel-high').click();
  await until(async () => {
    const { groups } = await screen.call('rule.list');
    return groups.flatMap((group) => group.rules).find((one) => one.code === 'matching.travel').value === 'high';
  }, 'the weight in words');
  await screen.picture('rules-matching');
  await screen.close();
});

spec('เกณฑ์: a text is read as it will be sent, and a wrong field is told while it is typed', async () => {
  const screen = await office('texts');
  await screen.page.goto(`${screen.host.url}#/settings/rules?group=texts`);
  const message = screen.at('rule', { code: 'texts.message' });
  const box = message.locator('[data-testid="rule-text"]');
  const preview = message.locator('[data-testid="rule-preview"]');
  await box.fill('ขอแรงช่วย ');
  await message.locator('[data-testid="rule-field-village"]').click();
  await until(async () => (await box.inputValue()) === 'ขอแรงช่วย {village}', 'the field in the text');
  await until(async () => /ขอแรงช่วย .*บ้าน/.test(await preview.innerText()), 'the text with a made-up village');
  await screen.picture('rules-texts');
  await box.fill('เลขบัตร {citizen_id}');
  await message.locator('[role="alert"]').waitFor();
  check(await message.locator('[data-testid="rule-save"]').isDisabled(), 'it could be saved');
  await box.fill('ขอแรงช่วย {village}');
  await message.locator('[data-testid="rule-save"]').click();
  await until(async () => {
    const { groups } = await screen.call('rule.list');
    const kept = groups.flatMap((group) => group.rules).find((one) => one.code === 'texts.message');
    return kept.value === 'ขอแรงช่วย {village}';
  }, 'the text to be kept');
  await screen.close();
});

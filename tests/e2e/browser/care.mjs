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
  const one = screen.at('escalation-row', { seen: 'false' }).first();
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
  const unseen = screen.at('escalation-row', { seen: 'false' });
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

spec('โทรทวน: the number stands large, an answer is one key, and the next one stands there', async () => {
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

spec('กติกา: a rule is changed, shows what was shipped, and goes back', async () => {
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

spec('กติกา: a text is read as it will be sent, and a wrong field is told while it is typed', async () => {
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

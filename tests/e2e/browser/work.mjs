// Volunteers, assignments, the headman's word.

import { Screen } from '../lib/browser.mjs';
import { check, same, spec, until } from '../lib/spec.mjs';
import { practice } from './practice.mjs';

const register = { text: null, kinds: [], areas: [], availability: null, after: null, limit: 50 };

spec('จิตอาสา: the register counts, finds and opens', async () => {
  const screen = await practice();
  await screen.show('volunteers');
  const { rows, total } = await screen.call('volunteer.list', register);
  same(await screen.number('volunteers-count'), total, 'volunteers');
  await screen.picture('volunteers');
  await screen.at('volunteers-text').fill(rows[0].name);
  await screen.at('volunteer-row', { id: rows[0].id }).click();
  check((await screen.at('volunteer-panel').innerText()).includes(rows[0].name), 'another volunteer');
  await screen.picture('volunteer');
});

spec('จิตอาสา: a volunteer is added', async () => {
  const screen = await Screen.on('volunteer', '--office', '450905');
  const village = { subdistrict_code: '450905', moo: 5, name: 'เหล่าหม้อ', lat: null, lon: null };
  await screen.call('village.save', village);
  await screen.show('volunteers');
  await screen.at('volunteer-new').click();
  await screen.at('volunteer-given').fill('บุญมา');
  await screen.at('volunteer-family').fill('สมมติช่วย');
  await screen.at('volunteer-phone').fill('0815550141');
  await screen.at('volunteer-kind-vhv').click();
  await screen.area('volunteer-village', '45090505');
  await screen.picture('volunteer-new');
  await screen.at('volunteer-save').click();
  await until(async () => (await screen.call('volunteer.list', register)).total === 1, 'the volunteer');
  const [row] = (await screen.call('volunteer.list', register)).rows;
  same([row.name, row.kinds], ['บุญมา สมมติช่วย', ['vhv']], 'the volunteer');
  await screen.close();
});

spec('มอบหมาย: a suggested volunteer, with reasons, is offered the task and accepts', async () => {
  const screen = await practice();
  await screen.show('assign');
  const need = screen.at('assign-need-row').first();
  const [needId, caseId] = [await need.getAttribute('data-id'), await need.getAttribute('data-case')];
  await need.click();
  await screen.at('suggestion-row').first().waitFor();
  check((await screen.at('suggestion-why').first().innerText()).trim() !== '', 'no reason is given');
  const { suggestions } = await screen.call('assignment.suggest', { need_id: needId, limit: 10 });
  const first = await screen.at('suggestion-row').first().getAttribute('data-id');
  same(first, suggestions[0].volunteer_id, 'the best one comes first');
  await screen.picture('assign');
  await screen.at('suggestion-offer').first().click();
  const ours = async () =>
    (await screen.call('case.get', { id: caseId })).assignments.find(
      (one) => one.need_id === needId && one.volunteer_id === first,
    );
  await until(async () => (await ours())?.state === 'offered', 'the offer');
  const { id } = await ours();
  await screen.at('assignment-row', { id }).locator('[data-testid="assignment-accept"]').click();
  await until(async () => (await ours()).state === 'accepted', 'the acceptance');
});

spec('ตรวจรับรอง: the headman confirms one thing and returns another with a reason', async () => {
  const screen = await practice();
  await screen.at('person-switch').click();
  await screen.at('person-headman').click();
  await screen.at('screen-review').waitFor({ state: 'attached' });
  const inbox = () => screen.call('review.inbox', { after: null, limit: 200 });
  const before = (await inbox()).total;
  check(before > 1, 'practice has something to review');
  await screen.picture('review');
  await screen.at('review-confirm').click();
  await until(async () => (await inbox()).total === before - 1, 'one less in the inbox');

  await screen.at('review-return').click();
  await screen.at('review-send').click();
  same((await inbox()).total, before - 1, 'a return without a reason');
  await screen.at('review-reason').fill('บ้านเลขที่ไม่ตรง ขอให้ตรวจใหม่');
  await screen.picture('review-return');
  await screen.at('review-send').click();
  await until(async () => (await inbox()).total === before - 2, 'two less in the inbox');
  await screen.at('person-switch').click();
  await screen.at('person-clerk').click();
  await screen.at('review-line').first().waitFor();
  await screen.picture('review-clerk');
});

spec('ตรวจรับรอง: a headman is shown no register', async () => {
  const screen = await Screen.on('headman', '--practice');
  const { actors } = await screen.call('status.get');
  const headman = actors.find((one) => one.role === 'headman');
  await screen.call('actor.switch', { actor_id: headman.id });
  await screen.page.reload();
  await screen.at('nav-review').waitFor();
  same(await screen.at('nav-volunteers').count(), 0, 'links to the register');
  await screen.close();
});

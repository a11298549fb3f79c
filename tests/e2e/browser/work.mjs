// The headman's word.

import { Screen } from '../lib/browser.mjs';
import { check, same, spec, until } from '../lib/spec.mjs';
import { practice } from './practice.mjs';

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

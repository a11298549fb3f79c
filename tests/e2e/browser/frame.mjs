// First start and the frame: setup, today, search, keys, undo, settings.

import { Screen } from '../lib/browser.mjs';
import { CASES } from '../lib/parts.mjs';
import { check, same, spec, until } from '../lib/spec.mjs';
import { practice } from './practice.mjs';

spec('first start: practising opens a made-up office', async () => {
  const screen = await Screen.on('setup-practice');
  await screen.at('setup-practice').waitFor();
  await screen.picture('setup');
  await screen.at('setup-practice').click();
  await screen.at('screen-today').waitFor({ state: 'attached', timeout: 60_000 });
  const status = await screen.call('status.get');
  same([status.practice, status.needs_setup], [true, false], 'practice');
  check((await screen.at('office-name').innerText()).includes(status.office.name), 'the office in the bar');
  await screen.close();
});

spec('first start: our own office is chosen from the gazetteer', async () => {
  const screen = await Screen.on('setup-office');
  await screen.at('setup-office').click();
  await screen.area('setup-province', '45');
  await screen.area('setup-district', '4509');
  await screen.area('setup-subdistrict', '450909');
  await screen.picture('setup-office');
  await screen.at('setup-open').click();
  await screen.at('screen-today').waitFor({ state: 'attached' });
  const { office, practice: made_up } = await screen.call('status.get');
  same([office.code, made_up], ['450909', false], 'the office');
  await screen.close();
});

spec('วันนี้: the figures are those of the store', async () => {
  const screen = await practice();
  await screen.show('today');
  const today = await screen.call('today.get');
  same(await screen.number('today-new'), today.new_cases, 'new cases');
  same(await screen.number('today-open'), today.open_cases, 'open cases');
  same(await screen.number('today-critical'), today.critical_open, 'critical cases');
  same(await screen.number('today-without-hands'), today.needs_without_hands, 'needs without hands');
  check(today.open_cases > 0, 'practice has open cases');
  await screen.picture('today');
  const first = screen.at('today-waiting').first();
  const id = await first.getAttribute('data-id');
  await first.locator('a').click();
  await screen.at('case-panel', { id }).waitFor();
});

/** A volunteer of the practice office whose name carries a tone mark, and the name without its title. */
async function somebody(screen) {
  const all = { text: null, kinds: [], areas: [], availability: null, after: null, limit: 200 };
  const { rows } = await screen.call('volunteer.list', all);
  const row = rows.find((one) => /[่้]/.test(one.name));
  return { ...row, bare: row.name.replace(/^(นาย|นางสาว|นาง)/, '') };
}

async function findsByTyping(screen, typed, name) {
  await screen.page.keyboard.press('Control+k');
  await screen.page.keyboard.type(typed);
  await screen.at('search-hit').filter({ hasText: name }).first().waitFor();
}

spec('search forgives missing tone marks and needs no mouse', async () => {
  const screen = await practice();
  const { name, bare } = await somebody(screen);
  await findsByTyping(screen, bare.replace(/[่้๊๋]/g, ''), name);
  await screen.picture('search');
  await screen.page.keyboard.press('Enter');
  await screen.at('screen-volunteers').waitFor({ state: 'attached' });
});

spec('search forgives a title before the name', async () => {
  const screen = await practice();
  const { name } = await somebody(screen);
  await findsByTyping(screen, name, name);
});

spec('the keys are listed by ?', async () => {
  const screen = await practice();
  await screen.show('today');
  await screen.page.keyboard.press('Shift+Slash');
  await screen.at('keys-help').waitFor();
  check((await screen.at('keys-help').innerText()).includes('Ctrl'), 'no keys in the list of keys');
  await screen.picture('keys');
  await screen.page.keyboard.press('Escape');
  await screen.at('keys-help').waitFor({ state: 'hidden' });
});

spec('what was done is taken back by Ctrl+Z, with its name', async () => {
  const screen = await Screen.on('undo', '--office', '450905');
  await screen.desk.must('import', 'cases', CASES);
  await screen.show('cases');
  await until(async () => (await screen.at('case-row').count()) === 3, 'the imported cases');
  check((await screen.at('undo').innerText()).includes('นำเข้าเคส'), 'undo does not say what it takes back');
  await screen.page.keyboard.press('Control+z');
  await until(async () => (await screen.at('case-row').count()) === 0, 'the cases to go');
  await screen.close();
});

spec('ตั้งค่า: language, theme and text size change at once and stay', async () => {
  const screen = await practice();
  await screen.show('settings');
  await screen.picture('settings');
  await screen.at('settings-language-en').click();
  await until(async () => /[A-Z]/.test(await screen.at('nav-today').innerText()), 'English words');
  await screen.picture('settings-en');
  await screen.at('settings-language-th').click();
  await screen.at('settings-theme-dark').click();
  await until(async () => {
    const { language, theme } = await screen.call('settings.get');
    return language === 'th' && theme === 'dark';
  }, 'both choices to be kept');
  await screen.page.reload();
  await screen.at('screen-settings').waitFor({ state: 'attached' });
  await screen.picture('settings-dark');
});

spec('ตั้งค่า: the doctor says how the store is', async () => {
  const screen = await practice();
  await screen.show('settings');
  await screen.at('doctor-run').click();
  await screen.at('doctor-finding').first().waitFor();
  const { findings } = await screen.call('doctor.run');
  same(await screen.at('doctor-finding').count(), findings.length, 'findings');
});

spec('every screen fits at 150 % text', async () => {
  const screen = await practice();
  const settings = await screen.call('settings.get');
  await screen.call('settings.save', { ...settings, text_percent: 150 });
  await screen.page.reload();
  for (const name of ['today', 'map', 'cases', 'intake', 'volunteers', 'assign', 'report', 'import', 'sync', 'settings']) {
    await screen.show(name);
    await screen.picture(`large-${name}`);
  }
});

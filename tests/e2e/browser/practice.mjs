// The made-up office that most specs look at, opened once.

import { Screen } from '../lib/browser.mjs';

let screen;

/** The page on it, as a clerk finds it in the morning: วันนี้, nothing open, no filter. */
export async function practice() {
  screen ??= await Screen.on('practice', '--practice', '--seed', '7');
  const { actor, actors } = await screen.call('status.get');
  const clerk = actors.find((one) => one.role === 'clerk');
  if (actor.id !== clerk.id) await screen.call('actor.switch', { actor_id: clerk.id });
  const settings = await screen.call('settings.get');
  const plain = { language: 'th', theme: 'light', text_percent: 100, looped: false };
  await screen.call('settings.save', { ...settings, ...plain });
  await screen.page.goto('about:blank');
  await screen.page.goto(screen.host.url);
  await screen.at('screen-today').waitFor({ state: 'attached' });
  screen.complaints.length = 0;
  return screen;
}

/** Leaves a picture of where it stands, when it was opened at all. */
export async function leavePicture(name) {
  await screen?.leaveBehind(name);
}

export async function closePractice() {
  await screen?.close();
}

// What the frame knows about this desk, and the one way a screen changes anything.
// Screens read `session.status`, reload when `session.changed` moves, and call `act` to do things.

import {
  call,
  onPulse,
  type BackendError,
  type Acted,
  type CommandName,
  type RequestOf,
  type ResponseOf,
  type SettingsView,
  type Status,
} from './backend';
import { errorWords } from './errors';
import { look, setLook, type Look } from './look.svelte';
import { toast } from './toasts.svelte';
import { t, wordFor, type WordKey } from './words';

interface SessionState {
  /** Null until the first answer. */
  status: Status | null;
  settings: SettingsView | null;
  /** The refusal of the very first call; the program shows it instead of a screen. */
  failed: BackendError | null;
  /** Moves with every change to the data, by this window or another. */
  changed: number;
}

const state = $state<SessionState>({ status: null, settings: null, failed: null, changed: 0 });

export const session = {
  get status() {
    return state.status;
  },
  get settings() {
    return state.settings;
  },
  get failed() {
    return state.failed;
  },
  get changed() {
    return state.changed;
  },
  get isHeadman() {
    return state.status?.actor?.role === 'headman';
  },
};

function take(status: Status): void {
  const before = state.status;
  state.status = status;
  if (before?.data_version !== status.data_version || before.actor?.id !== status.actor?.id) {
    state.changed += 1;
  }
  // Some of the settings are the person's own.
  if (before?.actor && before.actor.id !== status.actor?.id) void readSettings().catch(showError);
}

/** Reads the status again; screens reload when the data moved. */
export async function refresh(): Promise<void> {
  take(await call('status.get', {}));
}

/** The first calls. Returns a stop function for the pulse. */
export function begin(): () => void {
  void open();
  return onPulse((status) => {
    if (state.status) take(status);
    else void open();
  });
}

async function open(): Promise<void> {
  try {
    await refresh();
    state.failed = null;
    if (state.status && !state.status.needs_setup) await readSettings();
  } catch (thrown) {
    state.failed = thrown as BackendError;
  }
}

function wear(settings: SettingsView): void {
  state.settings = settings;
  setLook({
    language: settings.language === 'en' ? 'en' : 'th',
    theme: settings.theme === 'dark' ? 'dark' : 'light',
    face: settings.looped ? 'looped' : 'sarabun',
    text_percent: Math.min(150, Math.max(100, settings.text_percent)),
    case_columns: settings.case_columns,
  });
}

export async function readSettings(): Promise<void> {
  wear(await call('settings.get', {}));
}

// One save after the other, each of the whole look as it is then: two quick changes are both kept.
let lookSaved: Promise<void> = Promise.resolve();

/** Changes how the program looks: at once on the screen, then in the settings. */
export function changeLook(change: Partial<Look>): void {
  setLook(change);
  lookSaved = lookSaved.then(saveLook);
}

async function saveLook(): Promise<void> {
  if (!state.settings) return;
  const saved = await act(
    'settings.save',
    {
      ...$state.snapshot(state.settings),
      language: look.language,
      theme: look.theme,
      looped: look.face === 'looped',
      text_percent: look.text_percent,
      case_columns: [...look.case_columns],
    },
    { quiet: true },
  );
  if (saved.ok) state.settings = saved.response;
  else await readSettings();
}

export type Outcome<R> = { ok: true; response: R } | { ok: false; error: BackendError };

export interface ActOptions {
  /** The word shown when it is done; without it, "บันทึกแล้ว" and the name of the act. */
  done?: WordKey;
  /** No notice when it is done (errors are still shown). */
  quiet?: boolean;
  /** Takes the error instead of a notice, to show it beside the thing. */
  onError?: (error: BackendError) => void;
}

/**
 * Does something that changes data: calls, says it is saved (with undo when the act can be undone),
 * reads the status again and so makes the screens reload. Never throws.
 */
export async function act<K extends CommandName>(
  name: K,
  request: RequestOf<K>,
  options: ActOptions = {},
): Promise<Outcome<ResponseOf<K>>> {
  let response: ResponseOf<K>;
  try {
    response = await call(name, request);
  } catch (thrown) {
    const error = thrown as BackendError;
    if (options.onError) options.onError(error);
    else showError(error);
    return { ok: false, error };
  }
  if (!options.quiet) sayDone(response, options.done);
  await refresh().catch(() => undefined);
  return { ok: true, response };
}

function sayDone(response: unknown, done: WordKey | undefined): void {
  const acted = isActed(response) ? response : null;
  const name = acted ? actionName(acted.action) : '';
  const saved = name ? `${t('common.saved')} · ${name}` : t('common.saved');
  toast({
    tone: 'good',
    text: done ? t(done) : saved,
    // Nothing that somebody holds who is not there goes quiet.
    ...(acted && acted.still_holds > 0 ? { more: t('assignment.still_holds', { count: acted.still_holds }) } : {}),
    ...(acted && acted.action !== 'undo'
      ? { button: { label: t('button.undo'), press: () => void undo(acted.act_id) } }
      : {}),
  });
}

function isActed(response: unknown): response is Acted {
  return typeof response === 'object' && response !== null && 'act_id' in response;
}

/** Takes back an act: the one named, or the last one. */
export async function undo(actId = state.status?.undo?.act_id): Promise<void> {
  if (!actId) {
    toast({ tone: 'note', text: t('shell.undo_none') });
    return;
  }
  await act('undo.run', { act_id: actId }, { done: 'common.undone' });
}

/** The name of what an act did: "มอบหมายงาน". */
export function actionName(action: string): string {
  return wordFor(`action.${action}`, action);
}

/** Shows a refusal as a notice, in words. */
export function showError(error: unknown): void {
  toast({ tone: 'error', text: t('common.error'), more: errorWords(error) });
}

/** Becomes another person of this desk. */
export async function switchActor(actorId: string): Promise<void> {
  await act('actor.switch', { actor_id: actorId }, { quiet: true });
}

// Where the person is: `#/cases/0192?state=open`. Kept in the hash so that Back works in every host
// and a link can be copied, without a server that knows the paths.

export const SCREENS = [
  'today',
  'shift',
  'recheck',
  'map',
  'cases',
  'intake',
  'volunteers',
  'assign',
  'review',
  'report',
  'import',
  'sync',
  'settings',
  'setup',
] as const;

export type ScreenName = (typeof SCREENS)[number];

export interface Route {
  /** Null when the address names no screen of ours. */
  readonly screen: ScreenName | null;
  /** The record that is open on it. */
  readonly id: string | null;
  readonly params: Readonly<Record<string, string>>;
}

export type Params = Record<string, string | number | null | undefined>;

function read(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name = '', id = ''] = path.split('/');
  const screen = name === '' ? 'today' : (SCREENS.find((known) => known === name) ?? null);
  return {
    screen,
    id: id === '' ? null : decodeURIComponent(id),
    params: Object.fromEntries(new URLSearchParams(query)),
  };
}

let here = $state.raw(read(location.hash));

window.addEventListener('hashchange', () => {
  here = read(location.hash);
});

/** The present address; whatever reads it follows it. */
export const route: Route = {
  get screen() {
    return here.screen;
  },
  get id() {
    return here.id;
  },
  get params() {
    return here.params;
  },
};

/** The address of a screen, for a link. Empty and null params are left out. */
export function href(screen: ScreenName, id?: string | null, params?: Params): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
  }
  const tail = query.size > 0 ? `?${query}` : '';
  return `#/${screen}${id ? `/${encodeURIComponent(id)}` : ''}${tail}`;
}

/** Goes to a screen and leaves a step to come back to. */
export function go(screen: ScreenName, id?: string | null, params?: Params): void {
  location.hash = href(screen, id, params);
}

/** Changes the address in place, without a step back: filters, the row that is open. */
export function replace(screen: ScreenName, id?: string | null, params?: Params): void {
  history.replaceState(null, '', href(screen, id, params));
  here = read(location.hash);
}

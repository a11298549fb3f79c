// The real window, driven over WebDriver. WebKitWebDriver starts the program itself and speaks plain
// JSON over HTTP, so this is all the client that is needed.

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { selector } from './names.mjs';
import { freePort, endWithUs, stop } from './parts.mjs';
import { until } from './spec.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** Keys without a letter, as WebDriver writes them. */
export const KEY = {
  enter: '\uE007',
  escape: '\uE00C',
  tab: '\uE004',
  control: '\uE009',
  shift: '\uE008',
  backspace: '\uE003',
  down: '\uE015',
};

const AUTOMATION = {
  TAURI_WEBVIEW_AUTOMATION: 'true',
  // With the renderer that the program chooses for old graphics drivers, WebKit 2.50 never answers a
  // driver that asks for a picture.
  WEBKIT_DISABLE_DMABUF_RENDERER: '0',
};

export class Window {
  #driver;
  #url;

  /** Opens the program's window. `env` is what the program gets on top of ours. */
  static async open({ binary, env = {} }) {
    const port = await freePort();
    const window = new Window();
    window.#driver = endWithUs(
      spawn('WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`], {
        env: { ...process.env, ...AUTOMATION, ...env },
        stdio: ['ignore', 'ignore', 'inherit'],
        detached: true,
      }),
    );
    const base = `http://127.0.0.1:${port}`;
    await until(async () => (await fetch(`${base}/status`)).ok, 'WebKitWebDriver to answer');
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: [] } } };
    const session = await ask('POST', `${base}/session`, { capabilities });
    window.#url = `${base}/session/${session.sessionId}`;
    return window;
  }

  /** The process id of the program itself: the driver's child. */
  pid() {
    const driver = this.#driver.pid;
    return Number(readFileSync(`/proc/${driver}/task/${driver}/children`, 'utf8').split(' ')[0]);
  }

  /** Ends the program without a word, like a power cut. */
  async killProgram() {
    process.kill(this.pid(), 'SIGKILL');
    await stop(this.#driver);
  }

  /** Closes the window and ends the driver. */
  async close() {
    await ask('DELETE', this.#url).catch(() => {});
    await stop(this.#driver);
  }

  /** The elements with this test id or selector, now. */
  async all(name) {
    const found = await this.#ask('POST', '/elements', using(selector(name)));
    return found.map((element) => element[ELEMENT]);
  }

  /** The first such element, waited for. */
  async find(name, timeout_ms) {
    return until(async () => (await this.all(name))[0], `“${name}” on the screen`, timeout_ms);
  }

  /** Waits until there is none. */
  async gone(name) {
    await until(async () => (await this.all(name)).length === 0, `“${name}” to go`);
  }

  /** Clicks it, once it can be clicked. */
  async click(name) {
    await until(async () => {
      await this.#ask('POST', `/element/${await this.find(name)}/click`, {});
      return true;
    }, `a click on “${name}”`);
  }

  /** Types into it, after what is there. */
  async type(name, text) {
    await this.#ask('POST', `/element/${await this.find(name)}/value`, { text });
  }

  /** Types into it instead of what is there. */
  async fill(name, text) {
    await this.#ask('POST', `/element/${await this.find(name)}/clear`, {});
    await this.type(name, text);
  }

  /** Chooses an entry of a `<select>` by its value. */
  async choose(name, value) {
    await this.click(`:is(${selector(name)}) option[value="${value}"]`);
  }

  /** Gives an area to a field: a `<select>` of codes, or a box that takes a village's number or a code. */
  async area(name, code) {
    const tag = await this.#ask('GET', `/element/${await this.find(name)}/name`);
    if (tag.toLowerCase() === 'select') return this.choose(name, code);
    if (code.length < 8) return this.fill(name, code);
    await this.fill(name, String(Number(code.slice(6))));
    return this.press(KEY.enter);
  }

  /** Scrolls the list of `rows` down until the wanted one is drawn: long lists draw what is in view. */
  async bring(wanted, rows) {
    await until(async () => {
      if ((await this.all(wanted)).length > 0) return true;
      await this.run(
        `const rows = document.querySelectorAll(arguments[0]);
         rows[rows.length - 1]?.scrollIntoView({ block: 'nearest' });`,
        selector(rows),
      );
      return false;
    }, `“${wanted}” in the list`);
  }

  /** Presses `next` until the wanted one is shown. */
  async page(next, wanted) {
    for (let pages = 0; pages < 500; pages += 1) {
      if ((await this.all(wanted)).length > 0) return;
      await this.click(next);
    }
    throw new Error(`“${wanted}” did not come up`);
  }

  /** Waits until fonts are there and nothing says that it is still loading. */
  async settle() {
    await until(
      () => this.run(`return document.fonts.status === 'loaded' && !document.querySelector('[aria-busy="true"]')`),
      'the screen to be drawn',
    );
    await this.run('return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(1))))');
  }

  /** Presses keys together, as in `press(KEY.control, 'k')`. */
  async press(...keys) {
    const actions = [
      ...keys.map((value) => ({ type: 'keyDown', value })),
      ...keys.toReversed().map((value) => ({ type: 'keyUp', value })),
    ];
    await this.#ask('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  /** Types into what has the focus, key by key: letters, digits and spaces of a Latin keyboard. */
  async keys(text) {
    for (const key of text) await this.press(key);
  }

  /** What a person reads there. */
  async text(name) {
    return this.#ask('GET', `/element/${await this.find(name)}/text`);
  }

  /** An attribute; null when it is not there. */
  async attribute(name, attribute) {
    return this.#ask('GET', `/element/${await this.find(name)}/attribute/${attribute}`);
  }

  /** What stands in an input. */
  async value(name) {
    return this.#ask('GET', `/element/${await this.find(name)}/property/value`);
  }

  /** Runs a function body in the page; it may return a promise. */
  async run(body, ...args) {
    return this.#ask('POST', '/execute/sync', { script: body, args });
  }

  /** Calls a command of the program, past the screen: to verify, never to act. */
  async call(name, request = {}) {
    const script = `const [name, request, done] = arguments;
      window.__TAURI_INTERNALS__.invoke('rpc', { name, request })
        .then((answer) => done({ answer }), (error) => done({ error }));`;
    const { answer, error } = await this.#ask('POST', '/execute/async', {
      script,
      args: [name, request],
    });
    if (error) throw new Error(`${name}: ${JSON.stringify(error)}`);
    return answer;
  }

  /** Leaves a picture of the page. */
  async picture(file) {
    writeFileSync(file, Buffer.from(await this.#ask('GET', '/screenshot'), 'base64'));
  }

  #ask(method, path, body) {
    return ask(method, this.#url + path, body);
  }
}

const using = (value) => ({ using: 'css selector', value });

async function ask(method, url, body) {
  const answer = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

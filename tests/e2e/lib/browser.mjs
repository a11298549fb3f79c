// A browser page over a browser host, and the few moves every spec makes on it.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { selector } from './names.mjs';
import { Desk, freshFolder, ROOT, webhost } from './parts.mjs';
import { check } from './spec.mjs';

export const PICTURES = path.join(ROOT, 'target/e2e/pictures');
mkdirSync(PICTURES, { recursive: true });

let browser;

/** The one browser of this run. */
export async function theBrowser() {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  return browser;
}

export async function closeBrowser() {
  await browser?.close();
}

/** A desk in a browser: the host, the page, and what went wrong in it. */
export class Screen {
  /** What the page complained of: errors, refused loads. Empty at the end of every spec. */
  complaints = [];

  /** A desk of its own: made up, of an office, or with nobody in it yet. */
  static async on(name, ...init) {
    const folder = freshFolder(`browser-${name}`);
    const desk = new Desk(folder);
    if (init.length > 0) await desk.must('init', ...init);
    const host = await webhost(folder);
    return Screen.at(host, desk);
  }

  /** Another page of a desk that has a host. */
  static async at(host, desk) {
    const screen = new Screen();
    Object.assign(screen, { host, desk });
    const context = await (await theBrowser()).newContext({
      viewport: { width: 1366, height: 768 },
      locale: 'th-TH',
      timezoneId: 'Asia/Bangkok',
    });
    screen.page = await context.newPage();
    screen.page.setDefaultTimeout(15_000);
    screen.page.on('pageerror', (error) => screen.complaints.push(String(error)));
    screen.page.on('console', (message) => {
      const refusedOnPurpose = /Failed to load resource.*(403|404|409|422)/.test(message.text());
      if (message.type() === 'error' && !refusedOnPurpose) screen.complaints.push(message.text());
    });
    await screen.page.goto(host.url);
    return screen;
  }

  /** An element by its test id; further attributes narrow it: `at('case-row', { state: 'open' })`. */
  at(id, data = {}) {
    const narrow = Object.entries(data).map(([name, value]) => `[data-${name}="${value}"]`);
    return this.page.locator(`:is(${selector(id)})${narrow.join('')}`);
  }

  /** Goes to a screen by its rail and waits for its first data. */
  async show(name) {
    await this.at(`nav-${name}`).click();
    await this.at(`screen-${name}`).waitFor({ state: 'attached' });
  }

  /** Gives an area to a field: a `<select>` of codes, or a box that takes a village's number or a code. */
  async area(id, code) {
    const field = this.at(id);
    await field.waitFor();
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') {
      await field.selectOption(code);
    } else if (code.length < 8) {
      await field.fill(code);
    } else {
      await field.fill(String(Number(code.slice(6))));
      await field.press('Enter');
    }
  }

  /** Calls a command past the screen: to verify, never to act. */
  async call(name, request = {}) {
    const answer = await fetch(`${this.host.url}/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-jitasa': '1' },
      body: JSON.stringify(request),
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(body)}`);
    return body;
  }

  /** The first number a person reads there. */
  async number(id) {
    const text = await this.at(id).first().innerText();
    return Number(text.replaceAll(',', '').match(/\d+/)?.[0] ?? Number.NaN);
  }

  /** Leaves a picture, and checks what every screen owes: B.E. years, no overflow, no complaints. */
  async picture(name) {
    await this.page.evaluate(() => document.fonts.ready);
    await this.page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
    const { text, wide } = await this.page.evaluate(() => ({
      text: document.body.innerText,
      wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    }));
    const year = text.match(/(?<![\d.,-])20[12]\d(?![\d,-])/)?.[0];
    check(!year, `the screen shows the year ${year} of the common era`);
    check(!wide, 'the page is wider than its window');
    const missing = text.match(/\b(nav|shell|case|intake|error|common|action|need|button)\.[a-z_]+\b/)?.[0];
    check(!missing, `a key instead of a word: ${missing}`);
    this.quiet();
  }

  /** Fails when the page complained of anything. */
  quiet() {
    check(this.complaints.length === 0, `the page complained: ${this.complaints.join(' | ')}`);
  }

  /** Leaves the picture of a failed spec. */
  async leaveBehind(name) {
    await this.page.screenshot({ path: path.join(PICTURES, `failed-${name}.png`) });
  }

  async close() {
    await this.page.context().close();
    await this.host.stop();
  }
}

/** The filter that shows everything of the lists: what the screens send when nothing is chosen. */
export const NO_FILTER = {
  states: [],
  urgencies: [],
  need_kinds: [],
  areas: [],
  review_states: [],
  incident_id: null,
  text: null,
  no_place: false,
  all_states: false,
};

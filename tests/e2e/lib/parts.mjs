// The programs a spec puts together: the provincial server, desks by command line, the browser host.
// Every one gets a folder of its own under target/e2e and a port that is free, and ends with us.

import { execFile, spawn } from 'node:child_process';
import { mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './spec.mjs';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const built = (name) => path.join(ROOT, 'target/debug', name);

export const PROGRAM = {
  desk: process.env.JITASA_BIN ?? built('jitasa-desk'),
  cli: process.env.JITASA_CLI ?? built('jitasa'),
  province: process.env.JITASA_PROVINCE ?? built('jitasa-province'),
  webhost: process.env.JITASA_WEBHOST ?? built('jitasa-webhost'),
};
const UI = process.env.JITASA_UI ?? path.join(ROOT, 'ui/dist');
/** Three made-up cases of one village, as an office keeps them in a sheet. */
export const CASES = path.join(ROOT, 'tests/e2e/fixtures/three-cases.csv');
const PLACE = path.join(ROOT, 'target/e2e');

// Two runs at a time must not take each other's folders away.
const RUN = `run-${process.pid}`;

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What earlier runs left goes when the next one begins, so that a failure can be looked into. */
function clearEarlierRuns() {
  mkdirSync(PLACE, { recursive: true });
  for (const name of readdirSync(PLACE)) {
    const pid = Number(/^run-(\d+)$/.exec(name)?.[1]);
    if (pid && !isRunning(pid)) rmSync(path.join(PLACE, name), { recursive: true, force: true });
  }
}
clearEarlierRuns();

/** An empty folder for one spec's data. */
export function freshFolder(name) {
  const folder = path.join(PLACE, RUN, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A port nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const running = new Set();

/** Remembers a program that was started as leader of its own group, so that it cannot outlive us. */
export function endWithUs(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // Gone already.
  }
}

process.on('exit', () => running.forEach((child) => signal(child, 'SIGKILL')));
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => process.exit(130));

/** Ends a program and what it started. `SIGKILL` ends it like a power cut. */
export async function stop(child, name = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  signal(child, name);
  const late = setTimeout(() => signal(child, 'SIGKILL'), 5000);
  await ended;
  clearTimeout(late);
}

function start(program, args, log) {
  const to = openSync(log, 'a');
  return endWithUs(spawn(program, args, { stdio: ['ignore', to, to], detached: true }));
}

/** The provincial server. `url` stays the same when it is started again. */
export class Province {
  #child;
  #folder;

  static async begin(folder) {
    const province = new Province();
    province.#folder = folder;
    province.url = `http://127.0.0.1:${await freePort()}`;
    await province.start();
    return province;
  }

  async start() {
    const args = ['--data', this.#folder, 'serve', '--listen', new URL(this.url).host];
    this.#child = start(PROGRAM.province, args, `${this.#folder}.log`);
    await until(async () => {
      if (this.#child.exitCode !== null) throw new Error(`it ended; see ${this.#folder}.log`);
      return (await fetch(`${this.url}/healthz`)).ok;
    }, 'the provincial server to answer');
  }

  /** Its one-time code for an office. */
  async code(office) {
    const { code, out, err } = await run(PROGRAM.province, [
      ...['--data', this.#folder, 'enrol', '--office', office],
    ]);
    if (code !== 0) throw new Error(`no one-time code: ${err}`);
    return out.trim().split(/\s+/).at(-1);
  }

  /** Shuts a device out. */
  async revoke(device) {
    const { code, err } = await run(PROGRAM.province, ['--data', this.#folder, 'revoke', '--device', device]);
    if (code !== 0) throw new Error(`not revoked: ${err}`);
  }

  /** The one-time link to the operator's page. */
  async link() {
    const { code, out, err } = await run(PROGRAM.province, ['--data', this.#folder, 'operator']);
    if (code !== 0) throw new Error(`no link: ${err}`);
    return out.trim();
  }

  stop(name) {
    return stop(this.#child, name);
  }
}

/** A desk that is worked on by command line. */
export class Desk {
  constructor(folder) {
    this.folder = folder;
  }

  /** Runs `jitasa` on it: exit code and what was printed. */
  run(...args) {
    return run(PROGRAM.cli, ['--data', this.folder, ...args]);
  }

  /** The same, where anything but exit code 0 is a failure. */
  async must(...args) {
    const { code, out, err } = await this.run(...args);
    if (code !== 0) throw new Error(`jitasa ${args.join(' ')} ended with ${code}: ${out}${err}`);
    return out;
  }

  /** Calls a command of the API. */
  async call(name, request = {}) {
    return JSON.parse(await this.must('call', name, JSON.stringify(request)));
  }

  /** Opens an office on it and enrols it with the server. */
  async open(office, province) {
    await this.must('init', '--office', office);
    const code = await province.code(office);
    await this.must('enrol', '--server', province.url, '--code', code);
  }

  /** Pushes and pulls once: the receipt. */
  async sync() {
    return JSON.parse(await this.must('sync', '--json'));
  }
}

/** The pages and the API for a browser, on a desk's folder. */
export async function webhost(folder) {
  const child = endWithUs(
    spawn(PROGRAM.webhost, ['--data', folder, '--ui', UI, '--listen', '127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    }),
  );
  let printed = '';
  child.stdout.on('data', (bytes) => (printed += bytes));
  const url = await until(() => {
    if (child.exitCode !== null) throw new Error('it ended at once');
    return /listening on (\S+)/.exec(printed)?.[1];
  }, 'the browser host to listen');
  return { url, stop: () => stop(child) };
}

/** The desktop program as a clerk starts it: no driver, no variables but the folder. */
export function startDesk(folder) {
  const env = { ...process.env, JITASA_DATA: folder };
  const child = endWithUs(
    spawn(PROGRAM.desk, [], { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true }),
  );
  let said = '';
  child.stderr.on('data', (bytes) => (said += bytes));
  return { said: () => said, stop: () => stop(child) };
}

/** Runs a program to its end. */
export function run(program, args) {
  return new Promise((resolve) => {
    execFile(program, args, { maxBuffer: 64 << 20 }, (error, out, err) => {
      resolve({ code: error ? (error.code ?? 1) : 0, out, err });
    });
  });
}

// Runs specs one after another and prints `N passed, N failed`. Small on purpose: a spec here is a
// sentence and a function, and what it needs it makes itself.

const specs = [];

/** Declares a spec. */
export function spec(name, body) {
  specs.push({ name, body });
}

/** Fails with a sentence unless the condition holds. */
export function check(condition, sentence) {
  if (!condition) throw new Error(sentence);
}

/** Fails unless the two are the same, and shows both. */
export function same(actual, expected, what) {
  const [left, right] = [actual, expected].map((value) => JSON.stringify(value));
  check(left === right, `${what}: ${left} instead of ${right}`);
}

/** Time between two looks at something that cannot tell when it is ready. */
const LOOK_AGAIN_MS = 50;

/** Looks until the answer is truthy, and returns it. What throws is looked at again as well. */
export async function until(look, what, timeout_ms = 15_000) {
  const end = Date.now() + timeout_ms;
  let last;
  for (;;) {
    try {
      const answer = await look();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      const why = last ? ` (${last.message})` : '';
      throw new Error(`waited ${timeout_ms / 1000} s in vain for: ${what}${why}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** What went wrong and where in our specs; a browser's log of its attempts is long and says little. */
function shortly(error) {
  const plain = String(error.stack ?? error).replaceAll(/\u001b\[\d+m/g, '');
  const lines = plain.split('\n').filter((line) => !/node_modules|node:internal/.test(line));
  return [...lines.slice(0, 4), ...lines.slice(4).filter((line) => line.includes('.mjs'))].join('\n      ');
}

/**
 * Runs what was declared, or only the specs whose names hold one of the words on the command line.
 * `onFailure` may leave a picture behind. Sets the exit code.
 */
export async function runSpecs({ onFailure = async () => {}, atEnd = async () => {} } = {}) {
  const words = process.argv.slice(2);
  const chosen = specs.filter(({ name }) => !words.length || words.some((w) => name.includes(w)));
  let failed = 0;
  for (const { name, body } of chosen) {
    const began = Date.now();
    try {
      await body();
      console.log(`ok    ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL  ${name}\n      ${shortly(error)}`);
      await onFailure(name, error).catch(() => {});
    }
  }
  await atEnd();
  if (chosen.length === 0) console.log('no spec has a name like that');
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  // A spec that failed may have left a program running, which would keep this process waiting for it.
  if (failed > 0) process.exit(1);
  process.exitCode = chosen.length === 0 ? 1 : 0;
}

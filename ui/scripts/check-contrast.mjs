// Text must stand at 7:1 or more on every ground it is used on, in both themes; marked rows too.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LEAST = 7;
const INKS = ['ink', 'ink-2', 'accent', 'alarm', 'warn', 'good'];
const GROUNDS = ['paper', 'ground', 'sunken', 'accent-ground', 'mark'];
const PAIRS = [
  ...INKS.flatMap((ink) => GROUNDS.map((ground) => [ink, ground])),
  ...['alarm', 'warn', 'good'].map((ink) => [ink, `${ink}-ground`]),
  ...['accent', 'alarm'].map((ground) => [`on-${ground}`, ground]),
];

const css = readFileSync(fileURLToPath(new URL('../src/app.css', import.meta.url)), 'utf8');

function tokens(selector) {
  const from = css.indexOf(`${selector} {`);
  const block = css.slice(from, css.indexOf('\n}', from));
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]),
  );
}

function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const light = tokens(':root');
const themes = { light, dark: { ...light, ...tokens(":root[data-theme='dark']") } };
const problems = [];
for (const [theme, colours] of Object.entries(themes)) {
  for (const [ink, ground] of PAIRS) {
    const found = contrast(colours[ink], colours[ground]);
    // Not a number when a token is gone: that is a problem as well.
    if (!(found >= LEAST)) problems.push(`${theme}: --${ink} on --${ground} is ${found.toFixed(2)}:1`);
  }
}

if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}

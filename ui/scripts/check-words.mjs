// Both languages must have the same files, keys and placeholders, and no key may stand twice.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const words = fileURLToPath(new URL('../../assets/words/', import.meta.url));
const problems = [];

function read(language) {
  const files = new Map();
  const home = new Map();
  for (const file of readdirSync(`${words}${language}`).sort()) {
    const entries = Object.entries(JSON.parse(readFileSync(`${words}${language}/${file}`, 'utf8')));
    files.set(file, new Map(entries));
    for (const [key, value] of entries) {
      if (home.has(key)) problems.push(`${language}: "${key}" is in ${home.get(key)} and in ${file}`);
      home.set(key, file);
      if (typeof value !== 'string' || value.trim() === '') {
        problems.push(`${language}/${file}: "${key}" is empty`);
      }
    }
  }
  return files;
}

function places(word) {
  return [...String(word).matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort().join(' ');
}

const th = read('th');
const en = read('en');

for (const file of new Set([...th.keys(), ...en.keys()])) {
  const thai = th.get(file) ?? new Map();
  const english = en.get(file) ?? new Map();
  for (const key of new Set([...thai.keys(), ...english.keys()])) {
    if (!thai.has(key)) problems.push(`th/${file}: "${key}" is missing`);
    else if (!english.has(key)) problems.push(`en/${file}: "${key}" is missing`);
    else if (places(thai.get(key)) !== places(english.get(key))) {
      problems.push(`${file}: "${key}" has other placeholders in Thai than in English`);
    }
  }
}

if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}

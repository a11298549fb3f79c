// The peer's desks: one LevelDB each, all in one process, as ours are.
// node client.js NODE_MODULES FOLDER. Each line of input is an order {"do": ..}; each answer is a line of JSON.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const readline = require('readline');
const [, , modules, folder] = process.argv;
const PouchDB = require(path.join(modules, 'pouchdb')).defaults({ prefix: folder + path.sep });
const BATCH = 500;
const open = new Map();
const desk = (name) => {
  if (!open.has(name)) open.set(name, new PouchDB(name));
  return open.get(name);
};
// Many at once, as many offices are.
const each = (names, work) => Promise.all(names.map((name) => work(desk(name))));

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .filter((name) => name !== '_rev')
      .sort()
      .map((name) => [name, sorted(value[name])]),
  );
}

// What a desk holds, page by page: how many documents, and a hash of all of them in their order.
async function state(db) {
  const hash = crypto.createHash('sha256');
  let count = 0;
  let after;
  for (;;) {
    const page = { include_docs: true, limit: 1000 };
    if (after !== undefined) Object.assign(page, { startkey: after, skip: 1 });
    const { rows } = await db.allDocs(page);
    for (const row of rows) hash.update(JSON.stringify(sorted(row.doc)));
    count += rows.length;
    if (rows.length < page.limit) return { count, hash: hash.digest('hex') };
    after = rows[rows.length - 1].id;
  }
}

const orders = {
  // Documents of a file, one a line, as new ones.
  async make({ desk: name, file }) {
    const lines = readline.createInterface({ input: fs.createReadStream(file) });
    let docs = [];
    const put = async () => {
      const answers = await desk(name).bulkDocs(docs);
      const wrong = answers.find((answer) => answer.error);
      if (wrong) throw new Error(wrong.error);
      docs = [];
    };
    for await (const line of lines) {
      docs.push(JSON.parse(line));
      if (docs.length === BATCH) await put();
    }
    if (docs.length) await put();
    return {};
  },
  // The first documents with other words in one field each, and what they weigh as JSON.
  async edit({ desk: name, count, first }) {
    const { rows } = await desk(name).allDocs({ include_docs: true, limit: count, skip: first });
    const docs = rows.map(({ doc }, n) => ({ ...doc, people_count: (doc.people_count || 0) + 1 + n % 7 }));
    await desk(name).bulkDocs(docs);
    return { edited: docs.length };
  },
  async push({ desks, url }) {
    const results = await each(desks, (db) => db.replicate.to(url, { batch_size: BATCH }));
    return { written: results.reduce((all, one) => all + one.docs_written, 0) };
  },
  async pull({ desks, url }) {
    const results = await each(desks, (db) => db.replicate.from(url, { batch_size: BATCH }));
    return { written: results.reduce((all, one) => all + one.docs_written, 0) };
  },
  async state({ desks }) {
    const states = [];
    for (const name of desks) states.push(await state(desk(name)));
    return { states };
  },
  async close() {
    for (const db of open.values()) await db.close();
    open.clear();
    return {};
  },
};

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    try {
      process.stdout.write(JSON.stringify(await orders[order.do](order)) + '\n');
    } catch (error) {
      process.stdout.write(JSON.stringify({ error: String(error.message || error) }) + '\n');
    }
  }
})();

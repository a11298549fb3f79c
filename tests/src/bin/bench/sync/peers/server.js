// The peer's server: express-pouchdb over LevelDB, with nothing on top that replication does not need.
// node server.js NODE_MODULES FOLDER. Says `listening on http://...` and serves until its input closes.
'use strict';
const path = require('path');
const [, , modules, folder] = process.argv;
const need = (name) => require(path.join(modules, name));
const PouchDB = need('pouchdb').defaults({ prefix: folder + path.sep });
process.chdir(folder);
const app = need('express')();
app.use(
  '/',
  need('express-pouchdb')(PouchDB, {
    mode: 'minimumForPouchDB',
    configPath: path.join(folder, 'config.json'),
    logPath: path.join(folder, 'log.txt'),
  }),
);
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}\n`);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

// Every screen in a browser, over the same pages and API as the window. One made-up office serves all
// specs that only look; a spec that must know what is there makes an office of its own.

import './browser/frame.mjs';
import './browser/cases.mjs';
import './browser/hands.mjs';
import './browser/work.mjs';
import './browser/paper.mjs';
import './browser/care.mjs';
import './browser/files.mjs';
import './browser/conflicts.mjs';
import './browser/operator.mjs';
import { closeBrowser } from './lib/browser.mjs';
import { closePractice, leavePicture } from './browser/practice.mjs';
import { runSpecs } from './lib/spec.mjs';

await runSpecs({
  onFailure: (name) => leavePicture(name.slice(0, 40)),
  atEnd: async () => {
    await closePractice();
    await closeBrowser();
  },
});

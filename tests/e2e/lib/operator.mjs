// The operator's page in a browser of its own: no cookies of others, what it complained of, pictures.

import path from 'node:path';
import { PICTURES, theBrowser } from './browser.mjs';

export class Operator {
  complaints = [];

  static async on(province) {
    const operator = new Operator();
    const context = await (await theBrowser()).newContext({
      viewport: { width: 1366, height: 768 },
      locale: 'th-TH',
      timezoneId: 'Asia/Bangkok',
    });
    operator.url = province.url;
    operator.page = await context.newPage();
    operator.page.setDefaultTimeout(15_000);
    operator.page.on('pageerror', (error) => operator.complaints.push(String(error)));
    operator.page.on('console', (message) => {
      // Being told to sign in is an answer, not a fault.
      const asked = /Failed to load resource.*401/.test(message.text());
      if (message.type() === 'error' && !asked) operator.complaints.push(message.text());
    });
    return operator;
  }

  at(id) {
    return this.page.locator(`[data-testid="${id}"]`);
  }

  text(of) {
    return this.page.locator(of).innerText();
  }

  picture(name) {
    return this.page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
  }

  /** At 150 % text, as a browser's own setting does it. */
  async larger(name) {
    const style = await this.page.evaluateHandle(() => {
      document.documentElement.style.fontSize = '27px';
    });
    await this.picture(name);
    await style.dispose();
    await this.page.reload();
  }

  /** As it comes out of the printer. */
  print(name) {
    return this.page.pdf({ path: path.join(PICTURES, `${name}.pdf`), format: 'A4' });
  }

  async close() {
    await this.page.context().close();
  }
}

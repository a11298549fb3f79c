// From the name of a thing on the screen to its CSS selector. Screens carry `data-testid`; the frame and
// the first start are found by what they are.

const FRAME = {
  'office-name': 'header .office .name',
  'search-open': 'header button.search',
  'search-input': 'dialog[open] input[role="combobox"]',
  'search-hit': 'dialog[open] [role="option"]:not(:has(kbd))',
  undo: 'header button.undo',
  'sync-chip': 'header .chip',
  'person-switch': 'header .person > button',
  'keys-help': 'dialog[open] dl',
  toast: '.toast',
  'setup-practice': '.setup .choices button:nth-of-type(1)',
  'setup-office': '.setup .choices button:nth-of-type(2)',
  'setup-province': '.setup .areas > :nth-child(1) select',
  'setup-district': '.setup .areas > :nth-child(2) select',
  'setup-subdistrict': '.setup .areas > :nth-child(3) select',
  'setup-open': '.setup form button[type="submit"]',
};

/** A name like `case-row` is a `data-testid`; what holds anything else is a selector already. */
export function selector(name) {
  if (!/^[a-z][a-z0-9_-]*$/.test(name)) return name;
  const screen = /^nav-([a-z]+)$/.exec(name)?.[1];
  const known = screen ? `nav a[href="#/${screen}"]` : FRAME[name];
  return `[data-testid="${name}"]${known ? `, ${known}` : ''}`;
}

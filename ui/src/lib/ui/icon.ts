// The type of an icon, taken from one of them: the library's index would load all 1,600.
// Import an icon as `import Phone from '@lucide/svelte/icons/phone'`.

import type X from '@lucide/svelte/icons/x';

export type Picture = typeof X;

// The pieces screens are made of. Import from here.

export { default as BeDate } from './BeDate.svelte';
export { default as Button } from './Button.svelte';
export { default as Chips } from './Chips.svelte';
export { default as Choice } from './Choice.svelte';
export { default as ColumnMenu } from './ColumnMenu.svelte';
export { default as DataGrid } from './DataGrid.svelte';
export { default as DateText } from './DateText.svelte';
export { default as Dialog } from './Dialog.svelte';
export { default as Empty } from './Empty.svelte';
export { default as Field } from './Field.svelte';
export { default as Freshness } from './Freshness.svelte';
export { default as Progress } from './Progress.svelte';
export { default as Screen } from './Screen.svelte';
export { default as Select } from './Select.svelte';
export { default as SplitPane } from './SplitPane.svelte';
export { default as StateMark } from './StateMark.svelte';
export { default as TextInput } from './TextInput.svelte';
export { default as UrgencyMark } from './UrgencyMark.svelte';
export type { Column, Sort } from './grid';

// What a column of a DataGrid is. Apart from the component so that screens can name the type.

import type { Snippet } from 'svelte';

export interface Column<Row> {
  key: string;
  heading: string;
  /** In rem, or a share of what is left: `8rem`, `2fr`. */
  width: string;
  /** Draws the cell. Without it, `text` is used. */
  cell?: Snippet<[Row]>;
  text?: (row: Row) => string | number;
  /** Figures stand at the right, under one another. */
  figures?: boolean;
  sortable?: boolean;
}

export interface Sort {
  key: string;
  descending: boolean;
}

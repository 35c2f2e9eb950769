import { type Bound, isMet, type Row, type StoreName } from './row.ts';

export interface Line {
  readonly store: StoreName | '';
  readonly row: Row;
}

const columns = ['what', 'store', 'figure', 'ceiling', 'ratio', 'server CPU', 'wanted', 'met'] as const;

/** The whole run as one Markdown table. */
export function renderTable(lines: readonly Line[]): string {
  const cells = lines.map(cellsOf);
  return [columns, columns.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

export function cellsOf({ store, row }: Line): readonly string[] {
  const met = isMet(row);
  return [
    row.what,
    store,
    `${numberOf(row.figure)} ${row.unit}`,
    row.ceilings.map((c) => `${numberOf(c.figure)} ${row.unit} (${c.of})`).join('; ') || '–',
    row.ceilings.map((c) => c.ratio.toFixed(3)).join('; ') || '–',
    row.cpu ?? '–',
    row.bound ? boundOf(row.bound) : '–',
    met === undefined ? '–' : met ? 'yes' : 'NO',
  ];
}

const boundOf = (bound: Bound): string =>
  `${bound.by === 'ratio' ? 'ratio ' : ''}${bound.better === 'more' ? '≥' : '≤'} ${bound.limit}`;

function numberOf(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

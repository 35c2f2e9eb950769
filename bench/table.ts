import { type Bound, isMet, limitOf, type Row, type StoreName } from './row.ts';

export interface Line {
  readonly store: StoreName | '';
  readonly row: Row;
}

const columns = ['what', 'store', 'figure', 'ceiling', 'ratio', 'server CPU', 'wanted', 'met'] as const;

/** The whole run as one Markdown table. */
export function renderTable(lines: readonly Line[], slowness: number): string {
  const cells = lines.map((line) => cellsOf(line, slowness));
  return [columns, columns.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

export function cellsOf({ store, row }: Line, slowness: number): readonly string[] {
  const met = isMet(row, slowness);
  return [
    row.what,
    store,
    `${numberOf(row.figure)} ${row.unit}`,
    row.ceilings.map((c) => `${numberOf(c.figure)} ${row.unit} (${c.of})`).join('; ') || '–',
    row.ceilings.map((c) => c.ratio.toFixed(3)).join('; ') || '–',
    row.cpu ?? '–',
    row.bound ? boundOf({ ...row, bound: row.bound }, slowness) : '–',
    met === undefined ? '–' : met ? 'yes' : 'NO',
  ];
}

/** With what it is on this machine, where that is something else. */
function boundOf(row: Row & { readonly bound: Bound }, slowness: number): string {
  const { by, better, limit } = row.bound;
  const here = limitOf(row, slowness);
  const scaled = here === limit ? '' : ` (${numberOf(here)} here)`;
  return `${by === 'ratio' ? 'ratio ' : ''}${better === 'more' ? '≥' : '≤'} ${limit}${scaled}`;
}

function numberOf(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

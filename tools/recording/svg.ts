import { type Film, type Move, prompt, type Row } from './film.ts';

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** Of one character; the font is scaled to it, whichever there is. */
const cell = { width: 7.2, height: 16, baseline: 12 };
const margin = 14;
const colors = { back: '#14181f', output: '#c3cad5', command: '#ffffff', prompt: '#5fd38d', cursor: '#8b95a5' };

/**
 * A picture that moves by itself: all rows lie there from the start, behind a cover whose corner is the cursor. The cover moves on and the
 * rows move up; whoever wants no motion sees the end.
 */
export function svgOf(film: Film, screen: Screen, title: string): string {
  const [width, height] = [screen.columns * cell.width, screen.rows * cell.height];
  const [full, tall] = [width + 2 * margin, height + 2 * margin];
  const below = Math.max(film.rows.length, screen.rows) * cell.height;
  const scrolls = scrollsOf(film.moves, screen.rows);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${full} ${tall}" role="img" xml:space="preserve">
<title>${escaped(title)}</title>
<style>
text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre; fill: ${colors.output}; }
.command { fill: ${colors.command}; font-weight: bold; } .prompt { fill: ${colors.prompt}; }
.cover { transform: ${placeOf(film.moves.at(-1)!)}; animation: cover ${seconds(film.length)} step-end infinite; }
.rows { transform: ${upBy(scrolls.at(-1)!.top)}; animation: rows ${seconds(film.length)} step-end infinite; }
@media (prefers-reduced-motion: reduce) { .cover, .rows { animation: none; } }
@keyframes cover {
${film.moves.map((move) => frame(move.at, film.length, `transform: ${placeOf(move)};${stepsOf(move)}`)).join('\n')}
}
@keyframes rows {
${scrolls.map(({ at, top }) => frame(at, film.length, `transform: ${upBy(top)};`)).join('\n')}
}
</style>
<rect width="${full}" height="${tall}" rx="8" fill="${colors.back}"/>
<svg y="${margin}" width="${full}" height="${height}"><g transform="translate(${margin} 0)">
<g class="rows">
${film.rows.map(textOf).filter(Boolean).join('\n')}
<g class="cover"><path fill="${colors.back}" d="M0 0H${full}V${cell.height + below}H${-full}V${cell.height}H0Z"/><rect width="${cell.width}" height="${cell.height}" fill="${colors.cursor}"/></g>
</g>
</g></svg>
</svg>
`;
}

/** Where the first row is, each time that changes: the cursor never leaves the screen. */
function scrollsOf(moves: readonly Move[], rows: number): readonly { readonly at: number; readonly top: number }[] {
  const tops = moves.map(({ at, row }) => ({ at, top: Math.max(0, row - rows + 1) }));
  return tops.filter(({ top }, i) => top !== tops[i - 1]?.top);
}

const number = (value: number): string => String(Number(value.toFixed(3)));
const seconds = (milliseconds: number): string => `${number(milliseconds / 1000)}s`;
const frame = (at: number, length: number, rules: string): string => `${number((100 * at) / length)}% { ${rules} }`;
const placeOf = ({ row, column }: Move): string =>
  `translate(${number(column * cell.width)}px, ${row * cell.height}px)`;
const upBy = (top: number): string => `translate(0, ${-top * cell.height}px)`;
const stepsOf = ({ steps }: Move): string => (steps ? ` animation-timing-function: steps(${steps});` : '');

function textOf({ kind, text }: Row, row: number): string {
  if (text === '') return '';
  const place = `y="${row * cell.height + cell.baseline}" textLength="${number(text.length * cell.width)}"`;
  if (kind === 'output') return `<text ${place}>${escaped(text)}</text>`;
  const mark = prompt.slice(0, text.length);
  return `<text ${place} class="command"><tspan class="prompt">${mark}</tspan>${escaped(text.slice(mark.length))}</text>`;
}

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;' } as const;
const escaped = (text: string): string => text.replaceAll(/[&<>]/g, (sign) => escapes[sign as keyof typeof escapes]);
const unescaped = (text: string): string =>
  Object.entries(escapes).reduceRight((all, [sign, name]) => all.replaceAll(name, sign), text);

/** The commands that such a picture tells, and the rows that each shows. */
export function toldIn(svg: string): readonly { readonly command: string; readonly rows: readonly string[] }[] {
  const told: { command: string; rows: string[] }[] = [];
  for (const [, isCommand, inner] of svg.matchAll(/<text [^>]*?(class="command")?>(.*)<\/text>/g)) {
    const text = unescaped(inner!.replaceAll(/<[^<>]+>/g, ''));
    if (!isCommand) told.at(-1)?.rows.push(text);
    else if (text.length > prompt.length) told.push({ command: text.slice(prompt.length), rows: [] });
  }
  return told;
}

import type { Steps } from '../steps.ts';

/** So much text is written between two turns: well below a millisecond. */
const PIECE = 32 * 1024;

/** Values within one value that are written at once. */
const FEW = 256;

/** JSON.stringify of plain data in short steps, as UTF-8. */
export function* jsonBytesInSteps(value: unknown, piece = PIECE): Steps<Buffer> {
  const out = new Pieces(piece);
  yield* write(value, out);
  return out.bytes();
}

/** Text that gathers, encoded piece by piece. */
class Pieces {
  readonly #done: Buffer[] = [];
  #text = '';
  /** A piece was filled since this was set. */
  isFilled = false;

  constructor(private readonly piece: number) {}

  put(text: string): void {
    this.#text += text;
    if (this.#text.length <= this.piece) return;
    this.#encode();
    this.isFilled = true;
  }

  bytes(): Buffer {
    this.#encode();
    return this.#done.length === 1 ? this.#done[0]! : Buffer.concat(this.#done);
  }

  #encode(): void {
    this.#done.push(Buffer.from(this.#text));
    this.#text = '';
  }
}

function* write(value: unknown, out: Pieces): Steps<void> {
  if (out.isFilled) {
    yield;
    out.isFilled = false;
  }
  if (leftAfter(value, FEW) >= 0) {
    out.put(JSON.stringify(value));
    return;
  }
  if (Array.isArray(value)) {
    out.put('[');
    for (let i = 0; i < value.length; i++) {
      if (i > 0) out.put(',');
      yield* write(value[i] ?? null, out);
    }
    out.put(']');
    return;
  }
  let before = '{';
  for (const key of Object.keys(value as object)) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    out.put(`${before}${JSON.stringify(key)}:`);
    before = ',';
    if (typeof member !== 'object' && !out.isFilled) out.put(JSON.stringify(member));
    else yield* write(member, out);
  }
  out.put(before === '{' ? '{}' : '}');
}

/** `left` less the values within; looks at no more of them than that. */
function leftAfter(value: unknown, left: number): number {
  if (typeof value !== 'object' || value === null) return left - 1;
  let rest = left - 1;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && rest >= 0; i++) rest = leftAfter(value[i], rest);
    return rest;
  }
  for (const key in value) {
    if (rest < 0) break;
    rest = leftAfter((value as Record<string, unknown>)[key], rest);
  }
  return rest;
}

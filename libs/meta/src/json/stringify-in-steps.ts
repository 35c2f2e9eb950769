import type { Steps } from '../steps.ts';
import { isScalar } from '../value.ts';

/** So much text is written between two turns: well below a millisecond. */
const PIECE = 32 * 1024;

/** An object of so many scalars, as most are, is written at once. */
const FEW = 64;

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
  if (typeof value !== 'object' || value === null) out.put(JSON.stringify(value));
  else if (Array.isArray(value)) yield* writeList(value, out);
  else yield* writeObject(value as Record<string, unknown>, out);
}

function* writeList(list: readonly unknown[], out: Pieces): Steps<void> {
  out.put('[');
  for (let i = 0; i < list.length; i++) {
    if (i > 0) out.put(',');
    yield* write(list[i] ?? null, out);
  }
  out.put(']');
}

/** An object's keys are asked for once: of one with very many that alone takes milliseconds. */
function* writeObject(object: Readonly<Record<string, unknown>>, out: Pieces): Steps<void> {
  const keys = Object.keys(object);
  if (keys.length <= FEW && keys.every((key) => isScalar(object[key]))) {
    out.put(JSON.stringify(object));
    return;
  }
  let before = '{';
  for (const key of keys) {
    const member = object[key];
    if (member === undefined) continue;
    out.put(`${before}${JSON.stringify(key)}:`);
    before = ',';
    if (isScalar(member) && !out.isFilled) out.put(JSON.stringify(member));
    else yield* write(member, out);
  }
  out.put(before === '{' ? '{}' : '}');
}

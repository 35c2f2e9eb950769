import { type Json, Rests, type Steps, type StructSchema } from '@kubernest/meta';
import { DELIMITED, type Fields, holdsAny, keysOf, tag, wireTypeInMap, writeValue } from './encode.ts';
import { type Message, type MessageField, messageOf, type ValueForm } from './message.ts';
import { writer } from './writer.ts';

/** `encodeMessage` in short steps. */
export function* encodeMessageInSteps(schema: StructSchema, object: unknown): Steps<Buffer> {
  const out = new Pieces();
  writer.reset();
  yield* message(messageOf(schema), object as Fields, out);
  return out.bytes();
}

/** What was written between two rests, the last piece first. The writer is everybody's: others use it while this one rests. */
class Pieces {
  readonly #pieces: Buffer[] = [];
  readonly #rests = new Rests();
  #length = 0;

  mark(): number {
    return this.#length + writer.mark();
  }

  lengthSince(mark: number): void {
    writer.varint(this.mark() - mark);
  }

  isRestDue(): boolean {
    return this.#rests.isDue();
  }

  *rest(): Steps<void> {
    this.#take();
    yield;
    writer.reset();
  }

  bytes(): Buffer {
    this.#take();
    return Buffer.concat(this.#pieces.reverse(), this.#length);
  }

  #take(): void {
    const piece = writer.take();
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}

type NestedForm = Extract<ValueForm, { readonly form: 'message' | 'list' }>;
const isNested = (form: ValueForm): form is NestedForm => form.form === 'message' || form.form === 'list';

function* message({ fields }: Message, object: Fields, out: Pieces): Steps<void> {
  for (const field of fields) {
    const isEmbedded = field.shape === 'embedded';
    const value = isEmbedded ? (object as Json) : object[field.name];
    if (value === undefined || value === null || (isEmbedded && !holdsAny(field, object))) continue;
    if (field.shape === 'list') yield* list(field.value, field, value as Json[], out);
    else if (field.shape === 'map') yield* map(field, value as Fields, out);
    else {
      if (isNested(field.value)) yield* nested(field.value, value, out);
      else writeValue(field.value, value);
      tag(field.number, field.wireType);
    }
  }
}

function* nested(form: NestedForm, value: Json, out: Pieces): Steps<void> {
  const mark = out.mark();
  if (form.form === 'message') yield* message(form.message, value as Fields, out);
  else yield* list(form.items, { number: 1, wireType: DELIMITED }, value as Json[], out);
  out.lengthSince(mark);
}

function* list(
  items: ValueForm,
  { number, wireType }: Pick<MessageField, 'number' | 'wireType'>,
  values: readonly Json[],
  out: Pieces,
): Steps<void> {
  for (let i = values.length - 1; i >= 0; i--) {
    if (out.isRestDue()) yield* out.rest();
    if (isNested(items)) yield* nested(items, values[i]!, out);
    else writeValue(items, values[i]!);
    tag(number, wireType);
  }
}

function* map({ number, value: form }: MessageField, values: Fields, out: Pieces): Steps<void> {
  const keys = keysOf(values);
  for (let i = keys.length - 1; i >= 0; i--) {
    if (out.isRestDue()) yield* out.rest();
    const mark = out.mark();
    const value = values[keys[i]!]!;
    if (isNested(form)) yield* nested(form, value, out);
    else writeValue(form, value);
    tag(2, wireTypeInMap(form));
    writer.text(keys[i]!);
    tag(1, DELIMITED);
    out.lengthSince(mark);
    tag(number, DELIMITED);
  }
}

import { type Json, parseJson, type StructSchema } from '@kubernest/meta';
import { type Message, type MessageField, messageOf, type ValueForm } from './message.ts';
import { malformed, type Reader } from './reader.ts';

type Draft = { [key: string]: Json };

/** A time that Go calls zero: nothing. */
const noTime = null;
/** Seconds of 0001-01-01, where Go's time begins. */
const GO_ZERO_SECONDS = -62_135_596_800;
const LAST_SECONDS = 253_402_300_799;

function readTime(reader: Reader, micro: boolean): Json {
  let seconds = 0;
  let nanos = 0;
  const empty = reader.done;
  while (!reader.done) {
    const tag = reader.uint32();
    if (tag === 8) seconds = reader.int64();
    else if (tag === 16) nanos = reader.int64();
    else reader.skip(tag & 7);
  }
  if (empty || seconds === GO_ZERO_SECONDS) return noTime;
  if (seconds < GO_ZERO_SECONDS || seconds > LAST_SECONDS) throw malformed('a time is out of range');
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return micro
    ? `${text}.${Math.trunc(nanos / 1000)
        .toString()
        .padStart(6, '0')}Z`
    : `${text}Z`;
}

function readIntOrString(reader: Reader): Json {
  let type = 0;
  let number = 0;
  let text = '';
  while (!reader.done) {
    const tag = reader.uint32();
    if (tag === 8) type = reader.int64();
    else if (tag === 16) number = reader.int64() | 0;
    else if (tag === 26) text = reader.text();
    else reader.skip(tag & 7);
  }
  return type === 1 ? text : number;
}

/** The bytes of field 1, for messages that have no other. */
function unwrap<T>(reader: Reader, read: (reader: Reader) => T, otherwise: T): T {
  let value = otherwise;
  while (!reader.done) {
    const tag = reader.uint32();
    if (tag === 10) value = read(reader);
    else reader.skip(tag & 7);
  }
  return value;
}

function readJson(bytes: Buffer | undefined): Json {
  if (!bytes || bytes.length === 0) return null;
  try {
    return parseJson(bytes.toString('utf8'));
  } catch {
    throw malformed('embedded JSON is broken');
  }
}

function readValue(form: ValueForm, reader: Reader): Json {
  switch (form.form) {
    case 'text':
      return reader.text();
    case 'integer':
      return reader.int64();
    case 'boolean':
      return reader.int64() !== 0;
    case 'message':
      return readMessage(form.message, reader.nested(), {});
    case 'union':
      return form.union.fromMessage(readMessage(form.message, reader.nested(), {}));
    case 'quantity':
      return unwrap(reader.nested(), (inner) => inner.text(), '0') || '0';
    case 'time':
    case 'micro-time':
      return readTime(reader.nested(), form.form === 'micro-time');
    case 'int-or-string':
      return readIntOrString(reader.nested());
    case 'bytes':
      return reader.bytes().toString('base64');
    case 'json':
      return readJson(unwrap<Buffer | undefined>(reader.nested(), (inner) => inner.bytes(), undefined));
    case 'double':
      return reader.double();
    case 'list': {
      const items: Json[] = [];
      unwrap(reader.nested(), (inner) => items.push(readValue(form.items, inner)), 0);
      return items;
    }
  }
}

function zeroOf({ form }: ValueForm): Json {
  if (form === 'text' || form === 'bytes') return '';
  if (form === 'integer' || form === 'double') return 0;
  if (form === 'boolean') return false;
  if (form === 'quantity') return '0';
  return form === 'list' ? [] : {};
}

function readEntry(field: MessageField, reader: Reader, into: Draft): void {
  let key = '';
  let value = zeroOf(field.value);
  while (!reader.done) {
    const tag = reader.uint32();
    if (tag === 10) key = reader.text();
    else if (tag >>> 3 === 2) value = readValue(field.value, reader);
    else reader.skip(tag & 7);
  }
  // A plain assignment to this name would change the prototype.
  if (key === '__proto__')
    Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
  else into[key] = value;
}

/** Go writes zeros where it has no pointer; there they mean the same as nothing. */
function isNothing(field: MessageField, value: Json): boolean {
  if (value === null) return true;
  if (field.field?.alwaysPresent || field.field?.keepsZero) return false;
  return value === '' || value === 0 || value === false;
}

function readList(field: MessageField, wireType: number, reader: Reader, draft: Draft): void {
  draft[field.name] ??= [];
  const list = draft[field.name] as Json[];
  if (wireType === field.wireType) {
    list.push(readValue(field.value, reader));
    return;
  }
  // Numbers may come packed into one field.
  const packed = reader.nested();
  while (!packed.done) list.push(readValue(field.value, packed));
}

function readField(field: MessageField, wireType: number, reader: Reader, draft: Draft): void {
  if (wireType !== field.wireType && !(field.shape === 'list' && wireType === 2))
    throw malformed(`field ${field.name || field.number} has wire type ${wireType} instead of ${field.wireType}`);
  switch (field.shape) {
    case 'embedded':
      readMessage((field.value as { message: Message }).message, reader.nested(), draft);
      return;
    case 'list':
      readList(field, wireType, reader, draft);
      return;
    case 'map':
      draft[field.name] ??= {};
      readEntry(field, reader.nested(), draft[field.name] as Draft);
      return;
    case 'one': {
      const value = readValue(field.value, reader);
      if (!isNothing(field, value)) draft[field.name] = value;
      else delete draft[field.name];
    }
  }
}

function readMessage(message: Message, reader: Reader, draft: Draft): Draft {
  while (!reader.done) {
    const tag = reader.uint32();
    const field = message.byNumber[tag >>> 3];
    if (field) readField(field, tag & 7, reader, draft);
    else reader.skip(tag & 7);
  }
  return draft;
}

/** A bare message as the JSON object that it stands for. */
export function decodeMessage(schema: StructSchema, reader: Reader): { [key: string]: Json } {
  return readMessage(messageOf(schema), reader, {});
}

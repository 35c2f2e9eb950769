import type { Json, StructSchema } from '@kubernest/meta';
import { type Message, type MessageField, messageOf, type ValueForm } from './message.ts';
import { writer } from './writer.ts';

export type Fields = { readonly [key: string]: Json | undefined };

export const DELIMITED = 2;

export function tag(number: number, wireType: number): void {
  writer.varint(number * 8 + wireType);
}

/** Both fields are written even when zero, as Go writes them. */
function timestamp(text: string, micro: boolean): void {
  const milliseconds = Date.parse(text);
  const seconds = Math.floor(milliseconds / 1000);
  const fraction = micro ? (/\.(\d{1,6})/.exec(text)?.[1] ?? '') : '';
  const mark = writer.mark();
  writer.varint(Number(fraction.padEnd(6, '0')) * 1000);
  tag(2, 0);
  writer.varint(seconds);
  tag(1, 0);
  writer.lengthSince(mark);
}

function intOrString(value: string | number): void {
  const isText = typeof value === 'string';
  const mark = writer.mark();
  writer.text(isText ? value : '');
  tag(3, DELIMITED);
  writer.varint(isText ? 0 : value);
  tag(2, 0);
  writer.varint(isText ? 1 : 0);
  tag(1, 0);
  writer.lengthSince(mark);
}

function wrapped(write: () => void): void {
  const mark = writer.mark();
  write();
  tag(1, DELIMITED);
  writer.lengthSince(mark);
}

function sized(bytes: Uint8Array): void {
  writer.bytes(bytes);
  writer.varint(bytes.length);
}

export function writeValue(form: ValueForm, value: Json): void {
  switch (form.form) {
    case 'text':
      writer.text(String(value));
      return;
    case 'integer':
      writer.varint(Number(value));
      return;
    case 'boolean':
      writer.byte(value ? 1 : 0);
      return;
    case 'message': {
      const mark = writer.mark();
      writeMessage(form.message, value as Fields);
      writer.lengthSince(mark);
      return;
    }
    case 'union': {
      const mark = writer.mark();
      writeMessage(form.message, form.union.toMessage(value));
      writer.lengthSince(mark);
      return;
    }
    case 'quantity':
      wrapped(() => writer.text(String(value)));
      return;
    case 'time':
    case 'micro-time':
      timestamp(String(value), form.form === 'micro-time');
      return;
    case 'int-or-string':
      intOrString(value as string | number);
      return;
    case 'bytes':
      sized(Buffer.from(String(value), 'base64'));
      return;
    case 'json':
      wrapped(() => sized(Buffer.from(JSON.stringify(value))));
      return;
    case 'double':
      writer.double(Number(value));
      return;
    case 'list': {
      const mark = writer.mark();
      writeList(form.items, 1, value as Json[]);
      writer.lengthSince(mark);
      return;
    }
  }
}

function writeList(items: ValueForm, number: number, values: readonly Json[], wireType = DELIMITED): void {
  for (let i = values.length - 1; i >= 0; i--) {
    writeValue(items, values[i]!);
    tag(number, wireType);
  }
}

/** To put more keys in order takes longer than to write their entries, and cannot be paused. */
const MOST_IN_ORDER = 4096;

/** In order, so that the same map always gives the same bytes; of very many as the object has them. */
export function keysOf(map: Fields): readonly string[] {
  const keys = Object.keys(map);
  return keys.length <= MOST_IN_ORDER ? keys.sort() : keys;
}

export const wireTypeInMap = ({ form }: ValueForm): number =>
  form === 'integer' || form === 'boolean' ? 0 : DELIMITED;

function writeMap(field: MessageField, map: Fields): void {
  const keys = keysOf(map);
  for (let i = keys.length - 1; i >= 0; i--) {
    const mark = writer.mark();
    writeValue(field.value, map[keys[i]!]!);
    tag(2, wireTypeInMap(field.value));
    writer.text(keys[i]!);
    tag(1, DELIMITED);
    writer.lengthSince(mark);
    tag(field.number, DELIMITED);
  }
}

/** Of an embedded message: one with nothing in it is not written. */
export const holdsAny = ({ value }: MessageField, object: Fields): boolean =>
  (value as { message: Message }).message.fields.some(
    ({ name }) => object[name] !== undefined && object[name] !== null,
  );

function writeEmbedded(field: MessageField, object: Fields): void {
  if (!holdsAny(field, object)) return;
  writeValue(field.value, object as Json);
  tag(field.number, DELIMITED);
}

function writeMessage(message: Message, object: Fields): void {
  for (const field of message.fields) {
    if (field.shape === 'embedded') {
      writeEmbedded(field, object);
      continue;
    }
    const value = object[field.name];
    if (value === undefined || value === null) continue;
    if (field.shape === 'list') writeList(field.value, field.number, value as Json[], field.wireType);
    else if (field.shape === 'map') writeMap(field, value as Fields);
    else {
      writeValue(field.value, value);
      tag(field.number, field.wireType);
    }
  }
}

/** The bare message, without the envelope that names its kind. The object must fit its schema. */
export function encodeMessage(schema: StructSchema, object: unknown): Buffer {
  writer.reset();
  writeMessage(messageOf(schema), object as Fields);
  return writer.take();
}

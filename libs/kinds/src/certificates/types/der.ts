/** One value of the distinguished encoding rules (X.690) and where it stands. */
export interface DerValue {
  readonly tag: number;
  /** With its tag and length. */
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
}

export const derTags = {
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  boolean: 0x01,
  sequence: 0x30,
  set: 0x31,
  attributes: 0xa0,
} as const;

/** The values that stand one behind the other. Throws for bytes that are none. */
export function derValues(bytes: Uint8Array): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const value = valueAt(bytes, at);
    values.push(value);
    at += value.whole.length;
  }
  return values;
}

/** The values within one of this tag. */
export function derParts(value: DerValue | undefined, tag: number): DerValue[] {
  if (value?.tag !== tag) throw new Error('asn1: structure error: tags do not match');
  return derValues(value.content);
}

function valueAt(bytes: Uint8Array, at: number): DerValue {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) throw truncated();
  if ((tag & 0x1f) === 0x1f) throw new Error('asn1: structure error: tags do not match');
  const size = first < 0x80 ? 0 : first & 0x7f;
  // What is sent is at most 3 MiB.
  if (first === 0x80 || size > 4) throw new Error('asn1: syntax error: length of a value cannot be read');
  let length = size === 0 ? first : 0;
  for (const byte of bytes.subarray(at + 2, at + 2 + size)) length = length * 256 + byte;
  const start = at + 2 + size;
  if (start + length > bytes.length) throw truncated();
  return { tag, whole: bytes.subarray(at, start + length), content: bytes.subarray(start, start + length) };
}

const truncated = (): Error => new Error('asn1: syntax error: data truncated');

/** `2.5.4.3` */
export function oidOf(value: DerValue | undefined): string {
  if (value?.tag !== derTags.oid) throw new Error('asn1: structure error: tags do not match');
  const numbers: number[] = [];
  let number = 0;
  for (const byte of value.content) {
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
    }
  }
  const [first = 0, ...rest] = numbers;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
}

/** A text in any of the forms that names are written in. */
export function derText({ tag, content }: DerValue): string {
  const bytes = Buffer.from(content);
  if (tag === 0x1e)
    return bytes
      .subarray(0, bytes.length & ~1)
      .swap16()
      .toString('utf16le');
  return bytes.toString(tag === 0x0c ? 'utf8' : 'latin1');
}

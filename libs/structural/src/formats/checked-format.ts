import { addressFormats } from './address-formats.ts';
import type { Formats } from './formats.ts';
import { nameFormats } from './name-formats.ts';
import { numberFormats } from './number-formats.ts';
import { timeFormats } from './time-formats.ts';
import { uriFormats } from './uri-formats.ts';

const texts: Formats = { ...addressFormats, ...nameFormats, ...numberFormats, ...timeFormats, ...uriFormats };

/** compat: `date-time` and `datetime` are the same format. */
const ruleOf = (format: string): ((text: string) => boolean) | undefined => {
  const name = format.replaceAll('-', '');
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
};

const ofNumbers: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

/** The format as it is checked in values of those types; undefined for one that is not, and means nothing. */
export function checkedFormat(format: string, types: readonly string[] = []): string | undefined {
  const type = types.length === 1 ? types[0]! : '';
  if (type === '' || type === 'string') return ruleOf(format) ? format : undefined;
  return ofNumbers[type]?.includes(format) ? format : undefined;
}

/** Whether a text is of a format; undefined where the format is none of texts. Linear in the text. */
export const isOfFormat = (format: string, text: string): boolean | undefined => ruleOf(format)?.(text);

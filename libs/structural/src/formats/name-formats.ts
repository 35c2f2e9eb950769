import { lazyPattern } from '../regular-expression.ts';
import { type Formats, isWithin, matching } from './formats.ts';

const hostname = lazyPattern(
  '^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$',
);
const uuid = (third: string, fourth: string): ((text: string) => boolean) =>
  matching(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${third}-?${fourth}-?[0-9a-f]{12}$`, 'i'));

const isShortName = matching(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);

export const nameFormats: Formats = {
  bsonobjectid: matching(/^[0-9a-f]{24}$/i),
  hostname: (text) =>
    isWithin(text, 255) && hostname.test(text) && text.split('.').every((label) => isWithin(label, 63)),
  uuid: uuid('[0-9a-f]{4}', '[0-9a-f]{4}'),
  uuid3: uuid('3[0-9a-f]{3}', '[0-9a-f]{4}'),
  uuid4: uuid('4[0-9a-f]{3}', '[89ab][0-9a-f]{3}'),
  uuid5: uuid('5[0-9a-f]{3}', '[89ab][0-9a-f]{3}'),
  hexcolor: matching(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  rgbcolor: isRgb,
  password: () => true,
  byte: (text) => text !== '' && text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text),
  k8sshortname: (text) => isWithin(text, 63) && isShortName(text),
  k8slongname: (text) => isWithin(text, 253) && text.split('.').every(isShortName),
};

/** Three numbers up to 255, spaces around them. */
function isRgb(text: string): boolean {
  if (!text.startsWith('rgb(') || !text.endsWith(')')) return false;
  const parts = text.slice(4, -1).split(',');
  return (
    parts.length === 3 &&
    parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(trimmed(part)) && Number(trimmed(part)) <= 255)
  );
}

/** Of what a space is in a regular expression of Go. */
const trimmed = (text: string): string =>
  text.replace(/^[\t\n\f\r ]+/, '').replace(/(?<![\t\n\f\r ])[\t\n\f\r ]+$/, '');

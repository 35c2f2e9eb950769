import type { ValueChecks } from '@kubernest/meta';
import { isOfFormat } from '../formats/checked-format.ts';
import type { Findings } from './findings.ts';
import { mismatch, tooLong, tooShort, wrongType } from './words.ts';

/** What of a text the checks find: compat: of length and pattern only the first. */
export function checkText(checks: ValueChecks, text: string, name: string, out: Findings): void {
  const { maxLength, minLength, pattern } = checks;
  if (maxLength !== undefined && isLonger(text, maxLength)) out.add(() => tooLong(name, maxLength));
  else if (minLength !== undefined && !isLonger(text, minLength - 1)) out.add(() => tooShort(name, minLength, text));
  else if (pattern && !pattern.test(text)) out.add(() => mismatch(name, pattern.source, text));
  out.matches++;
  const { format } = checks;
  if (format === undefined) return;
  const isOf = isOfFormat(format, text);
  if (isOf === undefined) return;
  if (!isOf) out.add(() => wrongType(name, format, text));
  out.matches++;
}

/** In characters, which are one or two units each. */
function isLonger(text: string, most: number): boolean {
  if (text.length <= most) return false;
  if (text.length > 2 * most) return true;
  let length = text.length;
  for (let i = 1; i < text.length; i++) if (isHigh(text.charCodeAt(i - 1)) && isLow(text.charCodeAt(i))) length--;
  return length > most;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

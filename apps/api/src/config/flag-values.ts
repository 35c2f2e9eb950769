import { parseDuration, parseIpv4Range } from '@kubernest/meta';

/** Each reads the value of a flag, or throws one sentence that names the flag and what it wants. */
export function demand(value: string | undefined, flag: string, what: string): string {
  if (!value) throw new Error(`${flag} is missing: ${what}`);
  return value;
}

export function portOf(text: string, flag: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) throw new Error(`${flag} ${text}: a number from 0 to 65535`);
  return Number(text);
}

export function countOf(text: string, flag: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${flag} ${text}: a number, 0 or more`);
  return Number(text);
}

export function spanOf(text: string, flag: string): number {
  const span = parseDuration(text);
  if (!span || span < 0) throw new Error(`${flag} ${text}: a length of time such as 1m0s`);
  return span;
}

export function cidrOf(text: string, flag: string): string {
  if (!parseIpv4Range(text)) throw new Error(`${flag} ${text}: an IPv4 range such as 10.96.0.0/16`);
  return text;
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export function portsOf(text: string, flag: string): PortRange {
  const [, from = 0, to = 0] = (/^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (!(from > 0 && to >= from && to <= 65535)) throw new Error(`${flag} ${text}: a range such as 30000-32767`);
  return { from, to };
}

/** `name=file`: the file's own name may have a `=` in it. */
export function namedFileOf(text: string, flag: string): { readonly name: string; readonly file: string } {
  const at = text.indexOf('=');
  const [name, file] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (!name || !file) throw new Error(`${flag} ${text}: NAME=FILE`);
  return { name, file };
}

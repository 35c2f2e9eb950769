import { goQuoted } from './go-words.ts';
import { parseIp } from './ip.ts';

/** compat: an address as Go reads it, who takes and refuses other ones than `URL` does. */
export interface GoUrl {
  /** Lower case; '' where there is none. */
  readonly scheme: string;
  /** As it was sent, but for '@'; undefined where there is none, which an empty one is not. */
  readonly user?: string;
  /** With its port. */
  readonly host: string;
  /** As it was sent. */
  readonly query: string;
  readonly fragment: string;
}

/** Why it is none, in Go's words, or what it is. */
export type ParsedUrl =
  | { readonly url: GoUrl; readonly fault?: undefined }
  | { readonly url?: undefined; readonly fault: string };

class UrlFault extends Error {}

/** `url.Parse`: relative ones as well. */
export function parseGoUrl(text: string): ParsedUrl {
  const hash = text.indexOf('#');
  const before = hash < 0 ? text : text.slice(0, hash);
  const read = attempt(before, () => ({ ...parts(before, false), fragment: '' }));
  if (read.fault !== undefined || hash < 0) return read;
  return attempt(text, () => ({ ...read.url, fragment: unescaped(text.slice(hash + 1)) }));
}

/** `url.ParseRequestURI`: absolute ones and absolute paths; nothing in it is a fragment. */
export const parseGoRequestUri = (text: string): ParsedUrl =>
  attempt(text, () => ({ ...parts(text, true), fragment: '' }));

function attempt(shown: string, read: () => GoUrl): ParsedUrl {
  try {
    return { url: read() };
  } catch (error) {
    if (error instanceof UrlFault) return { fault: `parse ${goQuoted(shown)}: ${error.message}` };
    throw error;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const control = /[\x00-\x1f\x7f]/;

function parts(text: string, isRequest: boolean): Omit<GoUrl, 'fragment'> {
  if (control.test(text)) throw new UrlFault('net/url: invalid control character in URL');
  if (text === '' && isRequest) throw new UrlFault('empty url');
  if (text.startsWith(':')) throw new UrlFault('missing protocol scheme');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1] ?? '';
  const rest = scheme === '' ? text : text.slice(scheme.length + 1);
  const mark = rest.indexOf('?');
  const path = mark < 0 ? rest : rest.slice(0, mark);
  const found = { scheme: scheme.toLowerCase(), host: '', query: mark < 0 ? '' : rest.slice(mark + 1) };
  if (text === '*') return found;
  if (!path.startsWith('/')) {
    if (scheme !== '') return found;
    if (isRequest) throw new UrlFault('invalid URI for request');
    if (path.split('/', 1)[0]!.includes(':')) throw new UrlFault('first path segment in URL cannot contain colon');
  }
  const hasAuthority = path.startsWith('//') && (scheme !== '' || (!isRequest && !path.startsWith('///')));
  const [authority, below] = hasAuthority ? cut(path.slice(2), '/') : ['', path];
  const place = hasAuthority ? placeOf(found.scheme, authority) : {};
  unescaped(below);
  return { ...found, ...place };
}

function cut(text: string, at: string): [string, string] {
  const i = text.indexOf(at);
  return i < 0 ? [text, ''] : [text.slice(0, i), text.slice(i)];
}

function placeOf(scheme: string, authority: string): Pick<GoUrl, 'user' | 'host'> {
  const at = authority.lastIndexOf('@');
  const host = hostOf(scheme, authority.slice(at + 1));
  if (at < 0) return { host };
  const user = authority.slice(0, at);
  if (!/^[\w.:~!$&'()*+,;=%@-]*$/.test(user)) throw new UrlFault('net/url: invalid userinfo');
  unescaped(user);
  return { user: user.replaceAll('@', '%40'), host };
}

function hostOf(scheme: string, text: string): string {
  const bracket = text.lastIndexOf('[');
  if (bracket > 0) throw new UrlFault('invalid IP-literal');
  if (bracket === 0) return literalOf(text);
  // Only databases have several colons.
  const colon = scheme === 'http' || scheme === 'https' ? text.indexOf(':') : text.lastIndexOf(':');
  if (colon >= 0) checkPort(text.slice(colon));
  return unescapedHost(text);
}

function literalOf(text: string): string {
  const end = text.lastIndexOf(']');
  if (end < 0) throw new UrlFault("missing ']' in host");
  checkPort(text.slice(end + 1));
  const name = unescapedHost(text.slice(1, end));
  const ip = parseIp(name.split('%', 1)[0]!);
  if (!ip) throw new UrlFault(`invalid host: ParseAddr(${goQuoted(name)}): unable to parse IP`);
  if (ip.family === 'IPv4' && !name.includes(':')) throw new UrlFault('invalid IP-literal');
  return `[${name}]${text.slice(end + 1)}`;
}

function checkPort(text: string): void {
  if (!/^(:\d*)?$/.test(text)) throw new UrlFault(`invalid port ${goQuoted(text)} after host`);
}

/** Of ASCII letters only a percent sign may be escaped, and those that may not stand there as they are stand there in no way. */
function unescapedHost(text: string): string {
  for (const [letter] of text.matchAll(/%.{0,2}|[^\w.~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}-]/gu)) {
    if (!letter.startsWith('%')) throw new UrlFault(`invalid character ${goQuoted(letter)} in host name`);
    if (letter !== '%25' && !/^%[89a-f][0-9a-f]$/i.test(letter)) throw badEscape(letter);
  }
  return unescaped(text);
}

function unescaped(text: string): string {
  const wrong = /%(?![0-9a-f]{2}).{0,2}/iu.exec(text);
  if (wrong) throw badEscape(wrong[0]);
  return text.includes('%') ? Buffer.from(bytesOf(text)).toString() : text;
}

const bytesOf = (text: string): Buffer =>
  Buffer.concat(
    text
      .split(/(%[0-9a-f]{2})/i)
      .map((part, i) => (i % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))),
  );

const badEscape = (letters: string): UrlFault => new UrlFault(`invalid URL escape ${goQuoted(letters)}`);

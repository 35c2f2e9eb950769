import { addressFormats } from './address-formats.ts';
import { isEmail } from './email.ts';
import { type Formats, matching } from './formats.ts';

export const uriFormats: Formats = { uri: isRequestUri, email: isEmail };

/** compat: what may be asked of a server: a path, or anything behind a scheme. */
function isRequestUri(text: string): boolean {
  if (text === '' || hasControl(text)) return false;
  if (text === '*') return true;
  if (text.startsWith(':')) return false;
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(text)?.[0] ?? '';
  const rest = text.slice(scheme.length).split('?')[0]!;
  if (!rest.startsWith('/')) return scheme !== '';
  if (scheme === '' || !rest.startsWith('//')) return isEscaped(rest);
  const slash = rest.indexOf('/', 2);
  const [authority, path] = slash < 0 ? [rest.slice(2), ''] : [rest.slice(2, slash), rest.slice(slash)];
  return isAuthority(authority, scheme) && isEscaped(path);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are looked for
const hasControl = matching(/[\x00-\x1f\x7f]/);

const isEscaped = (text: string): boolean => !/%(?![0-9a-f]{2})/i.test(text);

function isAuthority(authority: string, scheme: string): boolean {
  const at = authority.lastIndexOf('@');
  if (!isHost(authority.slice(at + 1), scheme)) return false;
  if (at < 0) return true;
  const user = authority.slice(0, at);
  return /^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/.test(user) && isEscaped(user);
}

function isHost(host: string, scheme: string): boolean {
  if (host.startsWith('[')) {
    const end = host.lastIndexOf(']');
    return host.lastIndexOf('[') === 0 && end > 0 && isPort(host.slice(end + 1)) && isIPv6Host(host.slice(1, end));
  }
  // compat: databases have lists of hosts there, each with a port.
  const colon = /^https?:$/i.test(scheme) ? host.indexOf(':') : host.lastIndexOf(':');
  if (host.includes('[') || (colon >= 0 && !isPort(host.slice(colon)))) return false;
  // Of ASCII a host has no escapes.
  return /^(?:[A-Za-z0-9._~!$&'()*+,;=:[\]<>"-]|\P{ASCII}|%25|%[89a-fA-F][0-9a-fA-F])*$/u.test(host);
}

const isPort = matching(/^(:\d*)?$/);

const isIPv6Host = (host: string): boolean => {
  const [address = '', zone] = host.split('%25');
  return addressFormats['ipv6']!(address) && (zone === undefined || (zone !== '' && isEscaped(zone)));
};

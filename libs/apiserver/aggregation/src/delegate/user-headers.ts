import type { OutgoingHttpHeaders } from 'node:http';
import type { UserInfo } from '@kubernest/apiserver/contract';

/** For whom a front proxy asks, as the servers behind it read it. */
export function userHeaders({ username, uid, groups, extra = {} }: UserInfo): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { 'x-remote-user': wire(username) };
  if (uid) headers['x-remote-uid'] = wire(uid);
  if (groups.length > 0) headers['x-remote-group'] = groups.map(wire);
  for (const [key, values] of Object.entries(extra))
    if (values.length > 0) headers[`x-remote-extra-${headerKey(key)}`] = values.map(wire);
  return headers;
}

/** Go sends and reads UTF-8, where Node's headers have a character for each byte. */
const wire = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const token = /[!#$&'*+\-.^_`|~0-9A-Za-z]/;

/** What may not stand in a header's name is percent-encoded, and so is the percent sign. */
const headerKey = (key: string): string =>
  [...Buffer.from(key, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return token.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

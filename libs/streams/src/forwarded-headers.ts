import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { isTokenProtocol } from './handshake.ts';

/** Belong to one hop, or are made anew for the next. */
const ofTheHop = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Prove, or say, to this server who the client is: nobody else's business. */
const ofTheClient = /^(?:authorization|cookie|impersonate-.*|x-remote-(?:user|uid|group|extra-.*))$/;
/** Where a message ends and for whom it is cannot be taken out of it by `Connection`, whatever that names. */
const notNamed = new Set(['content-length', 'host', 'transfer-encoding']);
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * What of a client's request travels on to a backend, its body's framing excepted: who sends the body says how. `from` is the client's
 * address.
 */
export function forwardedHeaders(headers: Headers, from: string): OutgoingHttpHeaders {
  const onward: OutgoingHttpHeaders = {};
  const named = namedByConnection(headers['connection']);
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || ofTheHop.has(name) || named.has(name) || ofTheClient.test(name)) continue;
    if (name === 'content-length') continue;
    onward[name] = typeof value === 'string' ? value : [...value];
  }
  if (onward['host'] !== undefined) onward['host'] = [onward['host']].flat()[0] as string;
  const protocols = listed(headers['sec-websocket-protocol']);
  if (protocols.some(isTokenProtocol)) {
    const others = protocols.filter((name) => !isTokenProtocol(name));
    if (others.length > 0) onward['sec-websocket-protocol'] = others.join(', ');
    else delete onward['sec-websocket-protocol'];
  }
  const passedBy = [onward['x-forwarded-for'] ?? [], from || []].flat();
  if (passedBy.length > 0) onward['x-forwarded-for'] = passedBy.join(', ');
  return onward;
}

/** What of a backend's answer travels back, a line that came several times as several. */
export const returnedHeaders = ({ headers, headersDistinct }: IncomingMessage): ReturnedLines =>
  returned(headersDistinct, namedByConnection(headers.connection));

/** The same of what follows its body, once that has been read; a message's end and whom it is for are said before it. */
export const returnedTrailers = ({ trailersDistinct }: IncomingMessage): ReturnedLines =>
  returned(trailersDistinct, notNamed);

export type ReturnedLines = Record<string, string | readonly string[]>;

function returned(all: NodeJS.Dict<string[]>, named: ReadonlySet<string>): ReturnedLines {
  const back: ReturnedLines = {};
  for (const [name, lines = []] of Object.entries(all)) {
    if (ofTheHop.has(name) || named.has(name)) continue;
    const kept = lines.filter((line) => !plantsOwnCookie(name, line));
    if (kept.length > 0) back[name] = kept.length === 1 ? kept[0]! : kept;
  }
  return back;
}

/** A backend shares its origin with the dashboard, whose cookies begin so. */
export const plantsOwnCookie = (name: string, value = ''): boolean =>
  name.toLowerCase() === 'set-cookie' && /^\s*kubernest-/i.test(value);

const namedByConnection = (value: string | readonly string[] | undefined): ReadonlySet<string> =>
  new Set(
    listed(value)
      .map((name) => name.toLowerCase())
      .filter((name) => !notNamed.has(name)),
  );

const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  [value ?? []].flat().flatMap((line) => line.split(',').map((each) => each.trim()));

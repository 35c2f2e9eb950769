/** Whom somebody tried to reach. */
export interface Dialled {
  readonly host: string;
  readonly port: number | string;
}

/** As in a URL: an address of IPv6 in brackets. */
export const hostPort = ({ host, port }: Dialled): string =>
  `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;

/** compat: the words of Go's network, which people look for. */
const connecting: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  ETIMEDOUT: 'connect: connection timed out',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'server misbehaving',
};

/** Why nobody answered, as Go says it. */
export function dialWords(error: Error, at: Dialled): string {
  const { code = '', message } = firstOf(error) as NodeJS.ErrnoException;
  const address = hostPort(at);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${at.host}: ${connecting[code]}`;
  if (connecting[code]) return `dial tcp ${address}: ${connecting[code]}`;
  // Also where the other side has hung up without a word.
  if (code === 'ECONNRESET')
    return message === 'socket hang up' ? 'EOF' : `read tcp ${address}: connection reset by peer`;
  if (code === 'EPIPE') return `write tcp ${address}: broken pipe`;
  return message;
}

/** A name with several addresses fails with all of their faults. */
const firstOf = (error: Error): Error =>
  error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;

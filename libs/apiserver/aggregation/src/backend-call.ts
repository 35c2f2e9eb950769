import type { CallAnswer, Dialer, Trust } from '@kubernest/apiserver/dialer';
import type { Context, Milliseconds } from '@kubernest/kit';
import type { Backend } from './backend.ts';

/** As whom the aggregator itself asks, about availability and discovery. */
const asAggregator = { 'x-remote-user': 'system:kube-aggregator', 'x-remote-group': 'system:masters' };

export interface FrontProxy {
  /** Asked for at each call: certificates are renewed. */
  readonly clientCertificate: () => NonNullable<Trust['clientCertificate']>;
}

/** How other servers are reached: everything of a Backend but what is asked of it. */
export interface Reach extends FrontProxy {
  readonly dialer: Pick<Dialer, 'toService' | 'call'>;
}

export interface Question {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeout: Milliseconds;
  readonly maxAnswerBytes?: number;
}

/** Asks a backend something as the aggregator; bounded in time and bytes. Throws a `DialError` with method and URL. */
export function askBackend(
  { service, trust }: Pick<Backend, 'service' | 'trust'>,
  { dialer, clientCertificate }: Reach,
  { path, headers, timeout, maxAnswerBytes }: Question,
  ctx: Context,
): Promise<CallAnswer> {
  return dialer.call(
    { service, ...trust, clientCertificate: clientCertificate() },
    {
      method: 'GET',
      path,
      headers: { ...headers, ...asAggregator },
      timeout,
      ...(maxAnswerBytes && { maxAnswerBytes }),
    },
    ctx,
  );
}

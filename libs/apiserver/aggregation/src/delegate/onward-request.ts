import type { IncomingMessage } from 'node:http';
import type { ApiRequest, UserInfo } from '@kubernest/apiserver/contract';
import { DialError, type Dialer, dial, upgrade } from '@kubernest/apiserver/dialer';
import type { Context, Milliseconds } from '@kubernest/kit';
import { type StatusError, unavailable } from '@kubernest/meta';
import { type AskForUpgrade, asUnavailable, forwardedHeaders, passedBody, proxyUpgrade } from '@kubernest/streams';
import type { Backend } from '../backend.ts';
import type { Reach } from '../backend-call.ts';
import { onwardPath } from './onward-path.ts';
import { userHeaders } from './user-headers.ts';

/** For the head of an answer that may then go on for ever; any other has the request's own deadline. */
const ANSWERS_WITHIN: Milliseconds = 60_000;

/** What is asked of a backend, for whom. */
export interface Onward {
  readonly backend: Backend;
  readonly request: ApiRequest;
  readonly user: UserInfo;
  /** By what both servers' logs name the request. */
  readonly auditId: string;
}

/** The connection to one of the backend's endpoints. Throws 503 where there is none. */
export const connectionTo = ({ service, trust }: Backend, { dialer, clientCertificate }: Reach) =>
  dialer
    .toService({ ...service, security: { ...trust, clientCertificate: clientCertificate() } })
    .catch((error: unknown) => {
      throw serviceUnavailable(error);
    });

export const serviceUnavailable = (cause?: unknown): StatusError => unavailable('service unavailable', cause);

type Connection = Awaited<ReturnType<Dialer['toService']>>;

/** Sends the request as it came, but for who asks. Resolves with the answer's head; throws 503 where there is none. */
export async function sendOnward(onward: Onward, connection: Connection, ctx: Context): Promise<IncomingMessage> {
  const { request } = onward;
  const body = request.http ? passedBody(request.http) : { body: await request.body() };
  const headers = {
    ...forwardedHeaders(request.http?.headersDistinct ?? request.headers, request.peer.address),
    ...ours(onward),
  };
  const { method } = request;
  const sent = { method, path: onwardPath(request), headers, answerWithin: ANSWERS_WITHIN, ...body };
  return dial(connection, sent, ctx).catch((error: unknown) => {
    throw error instanceof DialError ? unavailable(`error trying to reach service: ${error.message}`, error) : error;
  });
}

/** Passes an upgrade on, and then bytes both ways until one side ends. */
export function upgradeOnward(
  onward: Onward & { readonly request: { readonly upgrade: object } },
  connection: Connection,
  ctx: Context,
): void {
  const { request } = onward;
  const path = onwardPath(request);
  const ask: AskForUpgrade = ({ method, headers }, signal) =>
    upgrade(
      connection,
      { method, path, headers: { ...headers, ...ours(onward) }, answerWithin: ANSWERS_WITHIN },
      { ...ctx, signal },
    );
  void proxyUpgrade(request.upgrade as NonNullable<ApiRequest['upgrade']>, ask, asUnavailable);
}

/** What no client has a say in. */
function ours({ backend: { service }, request, user, auditId }: Onward) {
  const host = `${service.name}.${service.namespace}.svc:${service.port}`;
  return {
    host,
    'audit-id': auditId,
    'x-forwarded-host': host,
    'x-forwarded-proto': 'https',
    'x-forwarded-uri': request.path,
    ...userHeaders(user),
  };
}

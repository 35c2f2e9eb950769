import type { IncomingMessage } from 'node:http';
import type { ApiServer, UserInfo } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { type Status, StatusError } from '@kubernest/meta';
import type { Evidence } from './evidence.ts';

const review = Buffer.from(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }));

/**
 * Whom evidence proves now, as the API server itself sees it: client certificate, bearer token and impersonation alike. It is asked the
 * question that every user may ask; undefined when nobody is proven to be there. Throws where the API server cannot tell.
 */
export async function callerOf(
  apiServer: ApiServer,
  { peer, headers }: Evidence,
  ctx: Context,
): Promise<UserInfo | undefined> {
  const joined = Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.join(', ')]));
  const response = await apiServer.handle(
    {
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      query: new URLSearchParams(),
      headers: { ...joined, 'content-type': 'application/json' },
      peer,
      body: async () => review,
      // Of the request only this is looked at: a value may hold what joins two.
      http: { headersDistinct: headers } as unknown as IncomingMessage,
      wantsObjects: true,
    },
    ctx,
  );
  if (response.kind !== 'object') return undefined;
  if (response.status < 400) return (response.object as { status?: { userInfo?: UserInfo } }).status?.userInfo;
  if (response.status === 429 || response.status >= 500) {
    const { reason = '', message = '' } = response.object as Status;
    throw new StatusError(response.status, reason, message);
  }
  return undefined;
}

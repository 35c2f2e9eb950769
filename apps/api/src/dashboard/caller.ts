import type { IncomingMessage } from 'node:http';
import type { ApiServer, UserInfo } from '@kubernest/apiserver/engine';
import { peerOf } from '@kubernest/apiserver/listener';
import type { Context } from '@kubernest/kit';

const review = Buffer.from(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }));

/**
 * Who sent a request, as the API server itself sees it: client certificate, bearer token and impersonation alike. It is asked the question
 * that every user may ask; undefined when nobody is proven to be there.
 */
export async function callerOf(
  apiServer: ApiServer,
  request: IncomingMessage,
  ctx: Context,
): Promise<UserInfo | undefined> {
  const response = await apiServer.handle(
    {
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      query: new URLSearchParams(),
      headers: { ...identityHeaders(request), 'content-type': 'application/json' },
      peer: peerOf(request.socket),
      body: async () => review,
      http: request,
      wantsObjects: true,
    },
    ctx,
  );
  if (response.kind !== 'object' || response.status >= 400) return undefined;
  return (response.object as { status?: { userInfo?: UserInfo } }).status?.userInfo;
}

function identityHeaders(request: IncomingMessage): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name === 'authorization' || name === 'user-agent' || name.startsWith('impersonate-'))
      headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return headers;
}

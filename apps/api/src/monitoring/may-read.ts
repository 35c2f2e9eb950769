import { type Client, reviewed } from '@kubernest/client';
import type { Context } from '@kubernest/kit';
import { bearerTokenOf } from '@kubernest/pki';

interface User {
  readonly username: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
}

const stranger: User = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

export interface Reading {
  readonly path: string;
  readonly authorization: string | undefined;
}

/** Asks the API server who a reader is, and whether they may. `unknown`: their token is nobody's. */
export async function mayRead(
  { path, authorization }: Reading,
  client: Client,
  ctx: Context,
): Promise<'yes' | 'no' | 'unknown'> {
  const token = bearerTokenOf(authorization);
  const user = token ? await bearerOf(token, client, ctx) : stranger;
  if (!user) return 'unknown';
  const { username, uid, groups = [] } = user;
  const spec = {
    user: username,
    ...(uid && { uid }),
    groups: [...groups],
    nonResourceAttributes: { path, verb: 'get' },
  };
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
  const { allowed } = await reviewed<{ readonly allowed: boolean }>(review, client, ctx);
  return allowed === true ? 'yes' : 'no';
}

async function bearerOf(token: string, client: Client, ctx: Context): Promise<User | undefined> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
  const status = await reviewed<{ readonly authenticated: boolean; readonly user: User }>(review, client, ctx);
  return status.authenticated ? status.user : undefined;
}

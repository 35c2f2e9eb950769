import { timingSafeEqual } from 'node:crypto';
import type { Secret } from '@kubernest/api-types/core/v1';
import type { ApiCore, Authenticator, UserInfo } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { parseWireTime, unauthorized } from '@kubernest/meta';
import { bearerToken } from './bearer.ts';
import { authenticatedGroup } from './users.ts';

export const bootstrapTokenSecretType = 'bootstrap.kubernetes.io/token';
export const bootstrappersGroup = 'system:bootstrappers';

const form = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const groupForm = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

/** `id.secret` tokens of machines that want to join: Secrets `bootstrap-token-<id>` in kube-system. */
export function bootstrapTokenAuthenticator(core: Pick<ApiCore, 'read'>): Authenticator {
  return {
    name: 'bootstrap-token',
    async authenticate(request, ctx) {
      const [, id, secret] = form.exec(bearerToken(request) ?? '') ?? [];
      if (id === undefined || secret === undefined) return undefined;
      const key = `kube-system/bootstrap-token-${id}`;
      const found = await core.read.fetch<Secret>({ group: '', resource: 'secrets' }, key, ctx);
      if (!found || whyRefused(found, id, secret, ctx) !== undefined) throw unauthorized();
      return userOf(found, id);
    },
  };
}

/** Why a token Secret does not let its bearer in; undefined when it does. */
export function whyRefused(object: Secret, id: string, secret: string, ctx: Context): string | undefined {
  if (object.type !== bootstrapTokenSecretType) return `not of type ${bootstrapTokenSecretType}`;
  if (object.metadata.deletionTimestamp !== undefined) return 'being deleted';
  if (field(object, 'token-id') !== id) return 'made for another id';
  if (!sameText(field(object, 'token-secret') ?? '', secret)) return 'wrong secret';
  const expiration = field(object, 'expiration');
  if (expiration && !(ctx.clock.now().getTime() < endOf(expiration))) return 'expired';
  if (field(object, 'usage-bootstrap-authentication') !== 'true') return 'not for authentication';
  if (!extraGroups(object).every((group) => groupForm.test(group))) return 'of groups that are not of bootstrappers';
  return undefined;
}

/** Of what is no time, NaN: it is over. */
const endOf = (expiration: string): number => parseWireTime(expiration)?.getTime() ?? Number.NaN;

function extraGroups(object: Secret): readonly string[] {
  const groups = field(object, 'auth-extra-groups');
  return groups ? groups.split(',') : [];
}

function userOf(object: Secret, id: string): UserInfo {
  const groups = [...new Set([bootstrappersGroup, ...extraGroups(object)])].toSorted();
  return { username: `system:bootstrap:${id}`, groups: [...groups, authenticatedGroup] };
}

function field(object: Secret, name: string): string | undefined {
  const value = object.data?.[name];
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

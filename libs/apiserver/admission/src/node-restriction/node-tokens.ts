import type { TokenRequest } from '@kubernest/api-types/authentication/v1';
import type { Pod } from '@kubernest/api-types/core/v1';
import type { AdmissionCall } from '@kubernest/apiserver/contract';
import { notFound } from '@kubernest/meta';
import type { Asking, Fault } from './asking.ts';

const pods = { group: '', resource: 'pods' };

/** A kubelet gets tokens for the pods it runs, bound to them, for the audiences that they name. */
export async function tokenFault(call: AdmissionCall, { node, read, core, ctx }: Asking): Promise<Fault> {
  if (call.info.subresource !== 'token') return undefined;
  const { boundObjectRef: ref, audiences = [] } = (call.object as TokenRequest).spec ?? {};
  if (ref?.apiVersion !== 'v1' || ref.kind !== 'Pod' || !ref.name) return 'node requested token not bound to a pod';
  if (!ref.uid) return 'node requested token with a pod binding without a uid';
  const key = `${call.info.namespace}/${ref.name}`;
  const pod = read.get<Pod>(pods, key) ?? (await read.fetch<Pod>(pods, key, ctx));
  if (!pod) throw notFound({ ...pods, name: ref.name });
  if (pod.metadata.uid !== ref.uid) {
    return `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  }
  if (pod.spec?.nodeName !== node) return 'node requested token bound to a pod scheduled on a different node';
  if (audiences.length > 1) return 'node may only request 0 or 1 audiences';
  const audience = audiences[0] ?? '';
  if (asksFor(pod, audience)) return undefined;
  const { verdict } = await core.authorize({ user: call.user, info: permission(call, audience) }, ctx);
  return verdict === 'allow'
    ? undefined
    : `audience ${JSON.stringify(audience)} not found in pod spec volume, ${call.user.username} is not authorized to request tokens for this audience`;
}

const asksFor = ({ spec }: Pod, audience: string): boolean =>
  (spec?.volumes ?? []).some(({ projected }) =>
    (projected?.sources ?? []).some(
      ({ serviceAccountToken }) => serviceAccountToken && (serviceAccountToken.audience ?? '') === audience,
    ),
  );

/** compat: the audience stands where a resource's name would. */
const permission = ({ info }: AdmissionCall, audience: string): AdmissionCall['info'] => ({
  ...info,
  verb: 'request-serviceaccounts-token-audience',
  group: '',
  resource: audience,
  subresource: '',
});

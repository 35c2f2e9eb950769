import type { ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds, type CustomResourceDefinition, type Lease } from '@kubernest/kinds';
import { wireMicroTime } from '@kubernest/meta';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { IDENTITY, IDENTITY_LABEL, SERVED_ANNOTATION } from './api-server-lease.ts';
import { refs } from './refs.ts';

/** A definition of lamps, or of what else is said, in example.com. */
export function definitionOf(names: object = {}, spec: object = {}): CustomResourceDefinition {
  const all = { plural: 'lamps', singular: 'lamp', kind: 'Lamp', listKind: 'LampList', ...names };
  const schema = { openAPIV3Schema: { type: 'object' } };
  return {
    metadata: { name: `${all.plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: all,
      versions: [{ name: 'v1', served: true, storage: true, schema }],
      ...spec,
    },
  } as CustomResourceDefinition;
}

/** What such a definition makes an API server serve. */
export const lampKind: ResourceDefinition = {
  ...builtinKinds.find(({ kind }) => kind === 'ConfigMap')!,
  group: 'example.com',
  version: 'v1',
  kind: 'Lamp',
  plural: 'lamps',
  singular: 'lamp',
};
export const lampRef = { group: 'example.com', version: 'v1', resource: 'lamps' };

export const definition = async (on: TestCluster, name = 'lamps.example.com') =>
  on.find<CustomResourceDefinition>(refs.customResourceDefinitions, name);

/** `True Reason` or `False Reason: message`. */
export async function saidOf(on: TestCluster, type: string, name?: string): Promise<string | undefined> {
  const found = (await definition(on, name))?.status?.conditions?.find((condition) => condition.type === type);
  return found && `${found.status} ${found.reason}: ${found.message}`;
}

/** As an API server that lives renews its Lease, and says up to where it serves what is defined. */
export async function serve(on: TestCluster, server: string, served?: string): Promise<void> {
  const key = { namespace: 'kube-system', name: `apiserver-${server}` };
  const spec = { holderIdentity: server, leaseDurationSeconds: 20, renewTime: wireMicroTime(on.clock.now()) };
  const annotations: Record<string, string> = served === undefined ? {} : { [SERVED_ANNOTATION]: served };
  const api = on.admin.resource<Lease>(refs.leases);
  const metadata = { ...key, labels: { [IDENTITY_LABEL]: IDENTITY }, annotations };
  const isThere = (await on.all(refs.leases, key.namespace)).some(({ metadata: { name } }) => name === key.name);
  if (!isThere) await api.create({ metadata, spec } as Lease, {}, on.ctx);
  else await api.patch(key, { type: 'merge', body: { metadata: { annotations }, spec } }, {}, on.ctx);
}

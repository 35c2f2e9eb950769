import type { Client } from '@kubernest/client';
import { answerWithin, type Context, type Milliseconds, messageOf } from '@kubernest/kit';
import { apiVersionOf, isNotFound, type KubeObject, type ResourceRef } from '@kubernest/meta';
import type { Entry } from './entry.ts';
import { stripObject } from './strip-object.ts';

const patience: Milliseconds = 15_000;
const page = 500;

const core = (resource: string): ResourceRef => ({ group: '', version: 'v1', resource });
const of = (group: string, ...resources: readonly string[]): readonly ResourceRef[] =>
  resources.map((resource) => ({ group, version: 'v1', resource }));

/** What is asked for, also what this cluster does not serve: another version may. */
export const told: readonly ResourceRef[] = [
  ...of(
    '',
    'nodes',
    'namespaces',
    'pods',
    'events',
    'services',
    'endpoints',
    'configmaps',
    'secrets',
    'serviceaccounts',
  ),
  ...of('', 'persistentvolumes', 'persistentvolumeclaims', 'resourcequotas', 'limitranges'),
  ...of('certificates.k8s.io', 'certificatesigningrequests'),
  ...of('apps', 'deployments', 'replicasets', 'statefulsets', 'daemonsets'),
  ...of('batch', 'jobs', 'cronjobs'),
  ...of('discovery.k8s.io', 'endpointslices'),
  ...of('networking.k8s.io', 'ingresses', 'networkpolicies'),
  ...of('policy', 'poddisruptionbudgets'),
  ...of('rbac.authorization.k8s.io', 'roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'),
  ...of('storage.k8s.io', 'storageclasses'),
  ...of('coordination.k8s.io', 'leases'),
  ...of('apiextensions.k8s.io', 'customresourcedefinitions'),
  ...of('apiregistration.k8s.io', 'apiservices'),
];

/** The cluster's objects, one file for each kind; what the API refuses or does not answer is told in a file of its own. */
export async function objectEntries(client: Client, ctx: Context): Promise<readonly Entry[]> {
  const faults: string[] = [];
  const asked = told.map(async (ref) => {
    try {
      const items = await listAll(client, ref, ctx);
      return [{ file: `objects/${ref.resource}.json`, value: items.map(stripObject) }];
    } catch (error) {
      ctx.signal.throwIfAborted();
      // This cluster has no such kind.
      if (isNotFound(error)) return [];
      faults.push(`${ref.resource} (${apiVersionOf(ref)}): ${messageOf(error)}`);
      return [];
    }
  });
  const entries = (await Promise.all(asked)).flat();
  return faults.length === 0 ? entries : [...entries, { file: 'objects/not-answered.txt', text: faults.join('\n') }];
}

/** What the cluster's Secrets hold, decoded. Rejects where the API does not answer: nobody knows then what to look for. */
export async function secretValues(client: Client, ctx: Context): Promise<readonly Buffer[]> {
  const secrets = (await listAll(client, core('secrets'), ctx)) as readonly (KubeObject & { data?: object })[];
  return secrets.flatMap(({ data }) => Object.values(data ?? {}).map((value) => Buffer.from(String(value), 'base64')));
}

function listAll(client: Client, ref: ResourceRef, ctx: Context): Promise<readonly KubeObject[]> {
  const list = async (limited: Context): Promise<readonly KubeObject[]> => {
    const items: KubeObject[] = [];
    let next: string | undefined;
    do {
      const found = await client.resource(ref).list({ limit: page, continue: next }, limited);
      items.push(...found.items);
      next = found.metadata.continue || undefined;
    } while (next !== undefined);
    return items;
  };
  return answerWithin({ who: 'the API', limit: patience }, list, ctx);
}

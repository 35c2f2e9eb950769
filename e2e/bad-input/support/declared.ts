import type { Json, KubeObject } from '@kubernest/meta';
import { eventually } from '../../cluster/test-cluster.ts';
import type { Api } from '../../control-plane/support/api.ts';
import { ctx } from '../../control-plane/support/seen.ts';

export const GROUP = 'bad.example.test';
export const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const version = (name: string, schema: object): object => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: { openAPIV3Schema: schema },
});

/** A definition of that plural; its schema is that of its spec alone. */
export function declared(plural: string, spec: object, more: object = {}): Json {
  const kind = `${plural[0]!.toUpperCase()}${plural.slice(1, -1)}`;
  const schema = { type: 'object', properties: { spec } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: { plural, singular: plural.slice(0, -1), kind, listKind: `${kind}List` },
      versions: [version('v1', schema), version('v2', schema)],
      ...more,
    },
  } as Json;
}

export const pathOf = (plural: string, versionName = 'v1'): string =>
  `/apis/${GROUP}/${versionName}/namespaces/default/${plural}`;

export async function get(api: Api, path: string): Promise<KubeObject> {
  return (await api.client().raw({ method: 'GET', path }, ctx)).object as KubeObject;
}

export async function post(api: Api, path: string, body: Json): Promise<KubeObject> {
  return (await api.client().raw({ method: 'POST', path, body }, ctx)).object as KubeObject;
}

/** `True Reason: message` of a condition; undefined where nothing is said. */
export async function said(api: Api, path: string, type: string): Promise<string | undefined> {
  const { status } = (await get(api, path)) as { status?: { conditions?: readonly Record<string, string>[] } };
  const found = status?.conditions?.find((each) => each['type'] === type);
  return found && `${found['status']} ${found['reason']}: ${found['message']}`;
}

/** Declares it, and waits until every API server serves it. */
export async function establish(api: Api, definition: Json): Promise<string> {
  const { metadata } = await post(api, CRDS, definition);
  const path = `${CRDS}/${metadata.name}`;
  await eventually(async () => {
    const condition = await said(api, path, 'Established');
    if (!condition?.startsWith('True')) throw new Error(`established: ${condition}`);
  });
  return path;
}

/** How often that was counted: the sum of all lines of that name that have these labels. */
export async function counted(api: Api, name: string, labels: Readonly<Record<string, string>>): Promise<number> {
  const lines = (await api.kubectl(['get', '--raw', '/metrics'])).split('\n');
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return lines
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => wanted.every((each) => line.includes(each)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

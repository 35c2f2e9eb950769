import { builtinKinds } from '@kubernest/kinds';
import type { KubeObject } from '@kubernest/meta';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backends, dialerTo } from './backends.fixture.ts';
import { builtinSubresources } from './builtin-subresources.ts';

// compat: who takes no answer that there is has asked for nothing: 406, before anything is done.

let issued = 0;
const tokens = {
  audiences: ['api'],
  issue: async () => {
    issued++;
    return { token: 'made', expiresAt: new Date() };
  },
};
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const pictures = 'image/png';
const apply = 'application/apply-patch+yaml';
const patches = ['application/json-patch+json', 'application/merge-patch+json', apply];
const at = '/api/v1/namespaces/one';
const container = { name: 'c', image: 'i' };

interface Below {
  readonly kind: string;
  readonly path: string;
  /** What is changed, where it is the object itself that is written. */
  readonly change?: object;
  readonly body?: object;
  readonly hasTable?: boolean;
}

const below: Readonly<Record<string, Below>> = {
  'pods/binding': { kind: 'Pod', path: `${at}/pods`, body: { target: { name: 'n' } } },
  'pods/eviction': { kind: 'Pod', path: `${at}/pods`, body: { apiVersion: 'policy/v1', kind: 'Eviction' } },
  'pods/ephemeralcontainers': {
    kind: 'Pod',
    path: `${at}/pods`,
    change: { spec: { containers: [container], ephemeralContainers: [{ name: 'e', image: 'i' }] } },
  },
  'pods/status': { kind: 'Pod', path: `${at}/pods`, change: { status: { phase: 'Failed' } }, hasTable: true },
  'serviceaccounts/token': { kind: 'ServiceAccount', path: `${at}/serviceaccounts`, body: {} },
  'namespaces/finalize': { kind: 'Namespace', path: '/api/v1/namespaces', change: { spec: { finalizers: ['a/b'] } } },
  'certificatesigningrequests/approval': {
    kind: 'CertificateSigningRequest',
    path: '/apis/certificates.k8s.io/v1/certificatesigningrequests',
    change: { status: { conditions: [{ type: 'Approved', status: 'True', reason: 'r', message: 'm' }] } },
  },
  'deployments/scale': {
    kind: 'Deployment',
    path: '/apis/apps/v1/namespaces/one/deployments',
    change: { apiVersion: 'autoscaling/v1', kind: 'Scale', spec: { replicas: 7 } },
    hasTable: true,
  },
};

let api: TestServer;
beforeAll(async () => {
  const subresources = () => builtinSubresources({ dialer: dialerTo({} as Backends, {} as never, false), tokens });
  api = await testServer({ subresources });
});
afterAll(() => api[Symbol.asyncDispose]());

let made = 0;
async function make({ kind, path }: Below): Promise<string> {
  const name = `o${++made}`;
  const { metadata, status, ...example } = builtinKinds.find((each) => each.kind === kind)!.example as KubeObject & {
    readonly status?: unknown;
  };
  const spec = kind === 'Pod' ? { spec: { containers: [container] } } : {};
  const answer = await api.call(`POST ${path}`, { ...example, ...spec, metadata: { name } });
  if (answer.status !== 201) throw new Error(answer.text);
  return `${path}/${name}`;
}

interface Asked {
  readonly line: string;
  readonly body: unknown;
  readonly type?: string;
}

async function asked(which: string, verb: string, type: string): Promise<Asked & { readonly object: string }> {
  const one = below[which]!;
  const object = await make(one);
  const path = `${object}/${which.split('/')[1]}`;
  const metadata = { name: object.split('/').at(-1) };
  if (verb === 'create') return { object, line: `POST ${path}`, body: { ...one.body, metadata } };
  const { object: there } = await api.call(`GET ${which === 'namespaces/finalize' ? object : path}`);
  if (verb === 'update') return { object, line: `PUT ${path}`, body: { ...there, ...one.change } };
  const { apiVersion, kind } = there;
  const whole = { ...one.change, apiVersion, kind, metadata };
  if (type === apply) return { object, line: `PATCH ${path}?fieldManager=m&force=true`, body: whole, type };
  const { apiVersion: _, kind: __, ...values } = one.change as Partial<KubeObject>;
  const operations = Object.entries(values).map(([key, value]) => ({ op: 'add', path: `/${key}`, value }));
  return { object, line: `PATCH ${path}`, body: type.includes('json-patch') ? operations : values, type };
}

const writes = Object.entries(below).flatMap(([which, { change, hasTable }]) => {
  const ways = change
    ? [['update', ''], ...(which === 'namespaces/finalize' ? [] : patches.map((type) => ['patch', type]))]
    : [['create', '']];
  return ways.flatMap(([verb, type]) =>
    (hasTable ? [pictures] : [pictures, table]).map((accept) => [verb!, which, type!, accept] as const),
  );
});

describe('who takes no answer that there is writes nothing', () => {
  it.each(writes)('with %s of %s %s for %s', async (verb, which, type, accept) => {
    const { line, body, object } = await asked(which, verb, type);
    const content: Record<string, string> = type ? { 'content-type': type } : {};
    const before = (await api.call(`GET ${object}`)).object;
    const issuedBefore = issued;
    expect((await api.call(line, body, { ...content, accept })).status).toBe(406);
    expect((await api.call(`GET ${object}`)).object).toEqual(before);
    expect(issued).toBe(issuedBefore);
    // What is refused does something for others.
    expect((await api.call(line, body, content)).status).toBeLessThan(300);
    const after = await api.call(`GET ${object}`);
    expect([after.object.metadata?.resourceVersion, issued]).not.toEqual([
      before.metadata.resourceVersion,
      issuedBefore,
    ]);
  });

  it('with a deletion', async () => {
    const object = await make(below['pods/status']!);
    expect((await api.call(`DELETE ${object}`, undefined, { accept: pictures })).status).toBe(406);
    expect((await api.call(`GET ${object}`)).object.metadata.deletionTimestamp).toBeUndefined();
    // The end of what may be shown as a Table is told to who asks for one.
    const deleted = await api.call(`DELETE ${object}?gracePeriodSeconds=0`, undefined, { accept: table });
    expect(deleted.status).toBe(200);
  });

  it('whatever is served below an object', () => {
    const dialer = dialerTo({} as Backends, {} as never, false);
    const served = builtinSubresources({ dialer, tokens }).filter(
      ({ connects, verbs }) => !connects && verbs.some((verb) => verb !== 'get'),
    );
    const named = served.map(({ name }) => name);
    const tried = writes.map(([, which]) => which.split('/')[1]!);
    expect(new Set([...named, 'status'])).toEqual(new Set(tried));
    for (const { name, verbs } of served)
      expect([name, new Set(verbs.filter((verb) => verb !== 'get'))]).toEqual([
        name,
        new Set(writes.filter(([, which]) => which.endsWith(`/${name}`)).map(([verb]) => verb)),
      ]);
  });
});

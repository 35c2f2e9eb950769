import type { AdmissionCall, AdmissionPlugin, AuditEvent } from '@kubernest/apiserver/contract';
import { builtinKinds } from '@kubernest/kinds';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtinSubresources } from './builtin-subresources.ts';
import { container, pods, type TestSpace, testSpace } from './space.fixture.ts';

// As registry/*/storage of Kubernetes 1.36 passes admission on, and to which of its own writes it does not.

let asked: string[] = [];
let joined: string[] = [];
let calls: AdmissionCall[] = [];
const events: AuditEvent[] = [];

const kindIn = (object: AdmissionCall['object']): string => object?.kind ?? '-';
function saying({ operation, definition, info, kind, object, old }: AdmissionCall): string {
  const resource = info.subresource ? `${definition.plural}/${info.subresource}` : definition.plural;
  return `${operation} ${resource} ${kind.kind}: ${kindIn(object)} ${kindIn(old)}`;
}

const witness: AdmissionPlugin = {
  name: 'witness',
  sees: { resources: ['*'], subresources: ['*'], on: ['create', 'update', 'delete', 'connect'] },
  mutate(call) {
    calls.push(call);
    asked.push(`mutate ${saying(call)}`);
    call.warn('seen');
    call.annotate('spec.test/seen', 'yes');
    return false;
  },
  validate: (call) => void asked.push(`validate ${saying(call)}`),
  joins(call) {
    joined.push(saying(call));
    return undefined;
  },
};

const review = { group: 'authorization.k8s.io', version: 'v1', resource: 'localsubjectaccessreviews' };
const deployments = '/apis/apps/v1/namespaces/space/deployments';
const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const merge = { 'content-type': 'application/merge-patch+json' };
const spec = {
  replicas: 2,
  selector: { matchLabels: { app: 'web' } },
  template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container('c')] } },
};
let space: TestSpace;

beforeAll(async () => {
  space = await testSpace({
    plugins: [witness],
    audit: (event) => events.push(event),
    virtual: () => [{ ref: review, answer: async (object) => object }],
  });
  const { example } = builtinKinds.find(({ kind }) => kind === 'CertificateSigningRequest')!;
  await space.make('/api/v1/namespaces', { metadata: { name: 'space' } });
  await space.make('/api/v1/namespaces/space/serviceaccounts', { metadata: { name: 'bot' } });
  await space.make(requests, example);
  await space.make(deployments, { metadata: { name: 'web' }, spec });
  for (const name of ['bound', 'evicted', 'looked-into']) await space.makePod(name);
});
afterAll(() => space[Symbol.asyncDispose]());
beforeEach(() => {
  [asked, joined, calls] = [[], [], []];
  events.length = 0;
});

interface Asking {
  readonly line: string;
  /** Of what is there, where it is a PUT. */
  readonly body?: (stored: object) => object;
  /** Operation, resource, kind: what admission sees, and the old one of it. */
  readonly sees: string;
  /** What is written, and thus can be joined. */
  readonly joins?: readonly string[];
}
const same = (stored: object) => stored;
const scaled = (stored: object) => ({ ...stored, spec: { replicas: 4 } });
const patchOf = (body: object) => () => body;
const whole = { spec: { ephemeralContainers: [{ name: 'e', image: 'i' }] } };

const table: readonly Asking[] = [
  {
    line: `PUT ${deployments}/web/status`,
    body: (stored) => ({ ...stored, status: { replicas: 1 } }),
    sees: 'update deployments/status Deployment: Deployment Deployment',
  },
  {
    line: `PUT ${deployments}/web/scale`,
    body: scaled,
    sees: 'update deployments/scale Scale: Scale Scale',
    joins: ['update deployments/scale Deployment: Deployment Deployment'],
  },
  {
    line: `PATCH ${deployments}/web/scale`,
    body: patchOf({ spec: { replicas: 6 } }),
    sees: 'update deployments/scale Scale: Scale Scale',
    joins: ['update deployments/scale Deployment: Deployment Deployment'],
  },
  // What changes nothing is admitted as well, and stored no more.
  {
    line: `PUT ${deployments}/web/scale`,
    body: same,
    sees: 'update deployments/scale Scale: Scale Scale',
    joins: [],
  },
  {
    line: `POST ${pods}/bound/binding`,
    body: patchOf({ metadata: { name: 'bound' }, target: { name: 'n' } }),
    sees: 'create pods/binding Binding: Binding -',
    joins: ['update pods/binding Pod: Pod Pod'],
  },
  {
    line: `POST ${pods}/evicted/eviction`,
    body: patchOf({ metadata: { name: 'evicted' } }),
    sees: 'create pods/eviction Eviction: Eviction -',
    joins: ['update pods/status Pod: Pod Pod', 'delete pods Pod: - Pod'],
  },
  {
    line: `PATCH ${pods}/looked-into/ephemeralcontainers`,
    body: patchOf(whole),
    sees: 'update pods/ephemeralcontainers Pod: Pod Pod',
  },
  {
    line: 'PUT /api/v1/namespaces/space/finalize',
    body: (stored) => ({ ...stored, spec: { finalizers: ['kubernetes', 'spec.test/more'] } }),
    sees: 'update namespaces/finalize Namespace: Namespace Namespace',
  },
  {
    line: `PUT ${requests}/ann/approval`,
    body: (stored) => ({ ...stored, status: { conditions: [{ type: 'Approved', status: 'True', reason: 'Test' }] } }),
    sees: 'update certificatesigningrequests/approval CertificateSigningRequest: CertificateSigningRequest CertificateSigningRequest',
  },
  {
    line: 'POST /api/v1/namespaces/space/serviceaccounts/bot/token',
    body: patchOf({ spec: {} }),
    sees: 'create serviceaccounts/token TokenRequest: TokenRequest -',
    joins: [],
  },
  {
    line: 'POST /apis/authorization.k8s.io/v1/namespaces/space/localsubjectaccessreviews',
    body: patchOf({ spec: { user: 'ann' } }),
    sees: 'create localsubjectaccessreviews LocalSubjectAccessReview: LocalSubjectAccessReview -',
    joins: [],
  },
];

/** Where a PUT below what has no body of its own begins: with what a GET shows. */
const storedAt = (path: string) => space.call(`GET ${path.replace(/\/(finalize|status)$/, '')}`);

describe('admission is asked once, of what was asked for, and is heard', () => {
  test.each(table)('$line: $sees', async ({ line, body, sees, joins = [sees] }) => {
    const [method, path] = line.split(' ') as [string, string];
    const stored = method === 'PUT' ? (await storedAt(path)).object : {};
    events.length = 0;
    const answer = await space.call(
      `${line}?fieldManager=spec`,
      body?.(stored),
      method === 'PATCH' ? merge : undefined,
    );
    expect(answer.status, answer.text).toBeLessThan(300);
    expect(asked).toEqual([`mutate ${sees}`, `validate ${sees}`]);
    expect(joined).toEqual(joins);
    expect(answer.headers['warning']).toContain('seen');
    expect(events.map(({ annotations }) => annotations)).toEqual([{ 'spec.test/seen': 'yes' }]);
    expect(calls[0]).toMatchObject({ info: { path }, options: { fieldManager: 'spec' }, user: { username: 'ann' } });
  });

  test.each([
    ['exec', 'PodExecOptions'],
    ['attach', 'PodAttachOptions'],
    ['portforward', 'PodPortForwardOptions'],
    ['proxy', 'PodProxyOptions'],
  ])('%s connects, with %s', async (name, options) => {
    await space.call(`POST ${pods}/unbound/${name}`);
    const sees = `connect pods/${name} ${options}: - -`;
    expect(asked).toEqual([`mutate ${sees}`, `validate ${sees}`]);
  });

  test('of every subresource that writes', () => {
    const writing = builtinSubresources({ dialer: {} as never, tokens: {} as never })
      .filter(({ connects, verbs }) => !connects && verbs.some((verb) => verb !== 'get'))
      .map(({ name }) => name);
    const tested = new Set(table.flatMap(({ line }) => line.split('/').at(-1)!));
    expect(writing.filter((name) => !tested.has(name))).toEqual([]);
    expect(writing.length).toBeGreaterThan(5);
  });
});

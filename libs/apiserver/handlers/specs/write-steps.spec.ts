import type { AdmissionCall, AdmissionPlugin, AuditEvent } from '@kubernest/apiserver/contract';
import { clone, type KubeObject } from '@kubernest/meta';
import { testServer } from '@kubernest/testkit/server';
import { describe, expect, it } from 'vitest';

const pods = '/api/v1/namespaces/default/pods';
const container = { name: 'c', image: 'i' };
const pod = (metadata: object) => ({ metadata, spec: { containers: [container] } });
// biome-ignore lint/suspicious/noExplicitAny: plugins of this spec change what they like
type Any = any;

/** A plugin over every kind, which changes what it is handed. */
const plugin = (changes: (object: Any, call: AdmissionCall) => boolean): AdmissionPlugin => ({
  name: 'spec',
  sees: { resources: ['*'], subresources: ['*'], on: ['create', 'update'] },
  mutate: (call) => changes(call.object, call),
});
const managers = (object: KubeObject): string =>
  JSON.stringify(object.metadata.managedFields?.map((each) => each.fieldsV1));

describe('what admission sees', () => {
  const seen: Any[] = [];
  const see = plugin((object) => {
    seen.push(clone(object));
    return false;
  });

  it('has its defaults and its owners; of a new object neither uid nor generated name', async () => {
    await using api = await testServer({ plugins: [see] });
    const { object } = await api.call(`POST ${pods}`, pod({ generateName: 'web-', uid: 'mine' }));
    const [draft] = seen;
    expect(draft.spec.containers[0].terminationMessagePath).toBe('/dev/termination-log');
    expect(draft.metadata.managedFields).toHaveLength(1);
    expect([draft.metadata.name, draft.metadata.uid, draft.metadata.creationTimestamp]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(object.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
    expect(object.metadata.uid).not.toBe('mine');
  });

  it('on each kind of change is the whole object with its defaults', async () => {
    await using api = await testServer({ plugins: [see] });
    await api.call(`POST ${pods}`, pod({ name: 'web' }));
    const labels = { metadata: { labels: { a: 'b' } } };
    const applied = { apiVersion: 'v1', kind: 'Pod', ...pod({ name: 'web' }) };
    const writes: readonly [string, object, string?][] = [
      [`PUT ${pods}/web`, pod({ name: 'web' })],
      [`PATCH ${pods}/web`, labels, 'application/merge-patch+json'],
      [`PATCH ${pods}/web`, labels, 'application/strategic-merge-patch+json'],
      [
        `PATCH ${pods}/web`,
        [{ op: 'add', path: '/metadata/labels', value: { c: 'd' } }],
        'application/json-patch+json',
      ],
      [`PATCH ${pods}/web?fieldManager=me&force=true`, applied, 'application/apply-patch+yaml'],
    ];
    for (const [line, body, type] of writes) {
      seen.length = 0;
      const { status, object } = await api.call(line, body, type ? { 'content-type': type } : {});
      expect([line, status, object.message]).toEqual([line, 200, undefined]);
      expect(seen[0].spec.containers[0].terminationMessagePath).toBe('/dev/termination-log');
      expect(seen[0].metadata.uid).toBe(object.metadata.uid);
    }
  });
});

describe('what admission adds', () => {
  const sidecar = plugin((object) => {
    if (object.kind !== 'Pod' || object.spec.containers.length > 1) return false;
    object.spec.containers.push({ name: 'side', image: 's', ports: [{ containerPort: 1 }] });
    return true;
  });

  it('is owned by nobody and has its defaults', async () => {
    await using api = await testServer({ plugins: [sidecar] });
    const { object } = await api.call(`POST ${pods}`, pod({ name: 'web' }));
    expect(object.spec.containers[1]).toMatchObject({ imagePullPolicy: 'Always', ports: [{ protocol: 'TCP' }] });
    expect(managers(object)).toContain('k:{\\"name\\":\\"c\\"}');
    expect(managers(object)).not.toContain('side');
  });

  it('stays when the writer writes again', async () => {
    await using api = await testServer({ plugins: [sidecar] });
    const config = { apiVersion: 'v1', kind: 'Pod', ...pod({ name: 'web' }) };
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    await api.call(`PATCH ${pods}/web?fieldManager=me`, config, headers);
    const { object } = await api.call(`PATCH ${pods}/web?fieldManager=me`, config, headers);
    expect(object.spec.containers.map(({ name }: { name: string }) => name)).toEqual(['c', 'side']);
    expect(managers(object)).not.toContain('side');
  });
});

describe('what admission may not do', () => {
  it('make the record of owners unreadable: it is put back, with a warning', async () => {
    const breaks = plugin((object) => {
      object.metadata.managedFields = [{ manager: 'x', operation: 'Steal' }];
      return true;
    });
    await using api = await testServer({ plugins: [breaks] });
    const { object, headers } = await api.call(`POST ${pods}`, pod({ name: 'web' }));
    expect(managers(object)).toContain('f:containers');
    expect(headers['warning']).toContain('.metadata.managedFields was in an invalid state after admission');
  });

  it.each(['name', 'namespace', 'uid'])('move an object by its %s', async (field) => {
    let moves = false;
    const mover = plugin((object) => {
      if (moves) object.metadata[field] = 'elsewhere';
      return moves;
    });
    await using api = await testServer({ plugins: [mover] });
    await api.call(`POST ${pods}`, pod({ name: 'web' }));
    moves = true;
    const created = await api.call(`POST ${pods}`, pod({ name: 'other' }));
    const updated = await api.call(`PUT ${pods}/web`, pod({ name: 'web' }));
    expect([created.status, updated.status]).toEqual([field === 'namespace' ? 400 : 422, 422]);
    expect(updated.object.message).toContain(`metadata.${field}: Invalid value: "elsewhere": field is immutable`);
  });
});

it('what admission says is told to the writer and to the audit log, where the first word of a key stands', async () => {
  const events: AuditEvent[] = [];
  const speaks = plugin((_, call) => {
    call.warn('mind the gap');
    call.annotate('spec.test/decision', 'first');
    call.annotate('spec.test/decision', 'second');
    return false;
  });
  await using api = await testServer({ plugins: [speaks], audit: (event) => events.push(event) });
  const { headers } = await api.call(`POST ${pods}`, pod({ name: 'web' }));
  expect(headers['warning']).toContain('mind the gap');
  expect(events.at(-1)?.annotations).toEqual({ 'spec.test/decision': 'first' });
});

it('an object without a name is told so with all else that is wrong with it', async () => {
  await using api = await testServer();
  const { object } = await api.call(`POST ${pods}`, { metadata: {}, spec: {} });
  expect(object.message).toContain('metadata.name: Required value: name or generateName is required');
  expect(object.message).toContain('spec.containers: Required value');
});

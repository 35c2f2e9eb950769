import { readFileSync } from 'node:fs';
import type { Client, ResourceClient } from '@kubernest/client';
import type { ConfigMap, EndpointSlice, Endpoints, Service } from '@kubernest/kinds';
import { isConflict, type KubeObject } from '@kubernest/meta';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../cluster/test-cluster.ts';
import type { Api } from './support/api.ts';
import { Deployed, ones } from './support/deployed.ts';
import { refs } from './support/refs.ts';
import { ctx, Seen } from './support/seen.ts';
import { leaseOf, newNamespace, TwoApis } from './support/two-apis.ts';

interface Event extends KubeObject {
  readonly reason: string;
  readonly count?: number;
  readonly involvedObject: { readonly uid: string };
}

type Maps = ResourceClient<ConfigMap>;

let two: TwoApis;
let a: Client;
let b: Client;

beforeAll(async () => {
  two = await TwoApis.start();
  [a, b] = [two.a.client(), two.b.client()];
  await two.agentAt(two.a);
});
afterAll(async () => {
  await two?.[Symbol.asyncDispose]();
});

const configMap = (namespace: string, name: string, data: Record<string, string> = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name },
  data,
});

describe('two API servers on one etcd', () => {
  it('have one authority and accept the credentials that the other gave', async () => {
    const authority = (api: Api) => /certificate-authority-data: (\S+)/.exec(readFileSync(api.kubeconfig, 'utf8'))?.[1];
    expect(authority(two.a)).toBe(authority(two.b));
    for (const [api, other] of [
      [two.a, two.b],
      [two.b, two.a],
    ] as const)
      expect((await api.client({ adminOf: other }).resource(refs.namespaces).list({}, ctx)).items).not.toEqual([]);
    await newNamespace(a, 'tokens');
    const order = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    for (const [giver, taker] of [
      [a, two.b],
      [b, two.a],
    ] as const) {
      const { status } = await giver
        .resource(refs.accounts)
        .subresource<{ status: { token: string } }>(
          { namespace: 'tokens', name: 'default' },
          'token',
          'POST',
          order,
          ctx,
        );
      const { object } = await taker.client({ token: status.token }).raw({ method: 'POST', path, body: review }, ctx);
      expect(object).toMatchObject({ status: { userInfo: { username: 'system:serviceaccount:tokens:default' } } });
    }
  });

  it('open each other’s links to the dashboard, once, and know who signed in at the other', async () => {
    const made = await two.a.kubectl(['create', '--raw', '/ui/links', '-f', '-'], '{}');
    const { code } = JSON.parse(made) as { readonly code: string };
    const enter = (api: Api) => api.visit('/ui/session', {}, { code });
    const { answer } = await enter(two.b);
    expect(answer.statusCode).toBe(201);
    for (const api of [two.a, two.b]) {
      expect((await enter(api)).answer.statusCode).toBe(401);
      const { body } = await api.visit('/ui/session', { cookie: answer.headers['set-cookie']![0]!.split(';')[0]! });
      expect(JSON.parse(body)).toMatchObject({ user: 'kubernetes-admin' });
    }
  });

  it('show at once what the other acknowledged', async () => {
    await newNamespace(a, 'fresh');
    for (let n = 0; n < 40; n++) {
      const [writer, reader] = n % 2 === 0 ? [a, b] : [b, a];
      const key = { namespace: 'fresh', name: `m${n}` };
      const made = await writer.resource<ConfigMap>(refs.configmaps).create(configMap('fresh', key.name), {}, ctx);
      const found = await reader.resource<ConfigMap>(refs.configmaps).fetch(key, ctx);
      expect(found.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
      await reader.resource<ConfigMap>(refs.configmaps).update({ ...found, data: { n: `${n}` } }, {}, ctx);
      const { items } = await writer.resource<ConfigMap>(refs.configmaps).list({ namespace: 'fresh' }, ctx);
      expect(items.find(({ metadata }) => metadata.name === key.name)?.data).toEqual({ n: `${n}` });
      await writer.resource(refs.configmaps).delete(key, {}, ctx);
      const left = (await reader.resource(refs.configmaps).list({ namespace: 'fresh' }, ctx)).items;
      expect(left.map(({ metadata }) => metadata.name)).not.toContain(key.name);
    }
  });

  it('refuse a change of what the other has changed since', async () => {
    await newNamespace(a, 'stale');
    const made = await a.resource<ConfigMap>(refs.configmaps).create(configMap('stale', 'm'), {}, ctx);
    await b.resource<ConfigMap>(refs.configmaps).update({ ...made, data: { by: 'b' } }, {}, ctx);
    const late = a.resource<ConfigMap>(refs.configmaps).update({ ...made, data: { by: 'a' } }, {}, ctx);
    await expect(late).rejects.toMatchObject({ code: 409, reason: 'Conflict' });
  });

  it('lose no change of one object that all make at once', async () => {
    await newNamespace(a, 'shared');
    await a.resource<ConfigMap>(refs.configmaps).create(configMap('shared', 'm', { count: '0' }), {}, ctx);
    const key = { namespace: 'shared', name: 'm' };
    const count = async (maps: Maps): Promise<void> => {
      for (;;) {
        const found = await maps.fetch(key, ctx);
        const data = { ...found.data, count: String(Number(found.data!['count']) + 1) };
        try {
          await maps.update({ ...found, data }, {}, ctx);
          return;
        } catch (error) {
          if (!isConflict(error)) throw error;
        }
      }
    };
    const write = async (client: Client, writer: number) => {
      const maps = client.resource<ConfigMap>(refs.configmaps);
      for (let n = 0; n < 10; n++) {
        await count(maps);
        await maps.patch(key, { type: 'merge', body: { data: { [`w${writer}-${n}`]: 'x' } } }, {}, ctx);
      }
    };
    await Promise.all([a, b, a, b, a, b].map(write));
    const { data } = await b.resource<ConfigMap>(refs.configmaps).fetch(key, ctx);
    expect(data?.['count']).toBe('60');
    expect(Object.keys(data!)).toHaveLength(61);
  });

  it('tell their watchers the same events in the same order', async () => {
    await newNamespace(a, 'watched');
    using onA = await Seen.from<ConfigMap>(a, refs.configmaps, 'watched');
    using onB = await Seen.from<ConfigMap>(b, refs.configmaps, 'watched');
    const write = async (client: Client, own: string) => {
      for (let n = 0; n < 30; n++) {
        const name = `${own}${n}`;
        await client.resource<ConfigMap>(refs.configmaps).create(configMap('watched', name), {}, ctx);
        const patch = { type: 'merge', body: { data: { n: `${n}` } } } as const;
        await client.resource(refs.configmaps).patch({ namespace: 'watched', name }, patch, {}, ctx);
        if (n % 3 === 0) await client.resource(refs.configmaps).delete({ namespace: 'watched', name }, {}, ctx);
      }
    };
    await Promise.all([write(a, 'a'), write(b, 'b')]);
    await a.resource<ConfigMap>(refs.configmaps).create(configMap('watched', 'last'), {}, ctx);
    const story = (seen: Seen<ConfigMap>) =>
      seen.events.map(({ type, object: { metadata } }) => `${type} ${metadata.name} ${metadata.resourceVersion}`);
    for (const seen of [onA, onB])
      await seen.until((events) => events.some(({ object }) => object.metadata.name === 'last'));
    expect(story(onA)).toEqual(story(onB));
    // The namespace's own map may be among them.
    expect(story(onA).filter((line) => !line.includes('kube-root-ca.crt'))).toHaveLength(2 * (30 + 30 + 10) + 1);
  });

  it('go on with a list and a watch that began on the other', async () => {
    await newNamespace(a, 'continued');
    const [onA, onB] = [a, b].map((client) => client.resource<ConfigMap>(refs.configmaps)) as [Maps, Maps];
    for (let n = 0; n < 9; n++) await onA.create(configMap('continued', `m${n}`), {}, ctx);
    const labelSelector = 'page';
    const mark = (name: string) =>
      onB.patch(
        { namespace: 'continued', name },
        { type: 'merge', body: { metadata: { labels: { page: 'x' } } } },
        {},
        ctx,
      );
    for (let n = 0; n < 9; n++) await mark(`m${n}`);
    const first = await onA.list({ namespace: 'continued', labelSelector, limit: 4 }, ctx);
    // Changed in between: all pages are of the first one's moment.
    await onA.delete({ namespace: 'continued', name: 'm7' }, {}, ctx);
    const rest = await onB.list(
      { namespace: 'continued', labelSelector, limit: 100, continue: first.metadata.continue! },
      ctx,
    );
    expect([...first.items, ...rest.items].map(({ metadata }) => metadata.name)).toEqual(
      Array.from({ length: 9 }, (_, n) => `m${n}`),
    );
    expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const { resourceVersion } = first.metadata as { resourceVersion: string };
    using resumed = new Seen<ConfigMap>(b, refs.configmaps, { namespace: 'continued', resourceVersion });
    await onA.create(configMap('continued', 'end'), {}, ctx);
    await resumed.until((events) => events.some(({ object }) => object.metadata.name === 'end'));
    expect(resumed.events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
      'DELETED m7',
      'ADDED end',
    ]);
  });

  it('have one leader: N replicas are N pods, ever, each bound once', async () => {
    const { leader, other } = await two.leadership('kube-controller-manager');
    await newNamespace(a, 'one-leader');
    using first = await Deployed.create(other.client(), 'one-leader', 'first', 12);
    await first.untilBound(12);
    // By the time a second one is there, whatever a second leader would have done to the first is done.
    using second = await Deployed.create(leader.client(), 'one-leader', 'second', 12);
    await second.untilBound(12);
    await first.scale(a, 20);
    await second.scale(b, 20);
    await Promise.all([first.untilBound(20), second.untilBound(20)]);
    await eventually(async () => {
      const { items } = await b.resource<Event>(refs.events).list({ namespace: 'one-leader' }, ctx);
      const scheduled = items.filter(({ reason }) => reason === 'Scheduled');
      expect(scheduled.map(({ count }) => count ?? 1)).toEqual(ones(40));
      expect(new Set(scheduled.map(({ involvedObject }) => involvedObject.uid)).size).toBe(40);
    });
    expect(first.bindings).toEqual(ones(20));
    expect(second.bindings).toEqual(ones(20));
    for (const name of ['kube-controller-manager', 'kube-scheduler'])
      expect((await leaseOf(b, name)).spec?.leaseTransitions).toBe(0);
  });

  it('give Services that are created at once addresses and node ports of their own', async () => {
    await newNamespace(a, 'services');
    const service = (n: number): Service => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'services', name: `s${n}` },
      spec: { type: 'NodePort', ports: [{ port: 80 }] },
    });
    const made = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        (n % 2 === 0 ? a : b).resource<Service>(refs.services).create(service(n), {}, ctx),
      ),
    );
    expect(new Set(made.map(({ spec }) => spec?.clusterIP)).size).toBe(30);
    expect(new Set(made.map(({ spec }) => spec?.ports?.[0]?.nodePort)).size).toBe(30);
  });

  it('refuse an address that the other gave away in the same moment to all but one', async () => {
    await newNamespace(a, 'contested');
    const asks = Array.from({ length: 10 }, (_, n) =>
      (n % 2 === 0 ? a : b).resource<Service>(refs.services).create(
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { namespace: 'contested', name: `s${n}` },
          spec: { clusterIP: '10.96.0.200', ports: [{ port: 80 }] },
        },
        {},
        ctx,
      ),
    );
    const answers = await Promise.allSettled(asks);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 422 });
  });

  it('are both behind the kubernetes Service', async () => {
    await eventually(async () => {
      const key = { namespace: 'default', name: 'kubernetes' };
      const { subsets } = await a.resource<Endpoints>(refs.endpoints).fetch(key, ctx);
      const found = subsets?.flatMap(({ addresses, ports }) => addresses!.map(({ ip }) => `${ip}:${ports![0]!.port}`));
      expect(found?.toSorted()).toEqual([two.a.endpoint, two.b.endpoint]);
      const { items } = await b.resource<EndpointSlice>(refs.slices).list({ namespace: 'default' }, ctx);
      const sliced = items.flatMap(({ endpoints, ports }) =>
        endpoints!.flatMap(({ addresses }) => addresses.map((ip) => `${ip}:${ports![0]!.port}`)),
      );
      expect(sliced.toSorted()).toEqual([two.a.endpoint, two.b.endpoint]);
    });
  });

  it('serve kubectl, what it does on one being there on the other', async () => {
    const manifest = JSON.stringify(configMap('default', 'by-kubectl', { from: 'a' }));
    await two.a.kubectl(['apply', '-f', '-'], manifest);
    const read = ['get', 'configmap', 'by-kubectl', '-o', 'jsonpath={.data.from}'];
    expect(await two.b.kubectl(read)).toBe('a');
    await two.b.kubectl(['apply', '-f', '-'], manifest.replace('"a"', '"b"'));
    expect(await two.a.kubectl(read)).toBe('b');
    expect(await two.b.kubectl(['get', 'nodes', '-o', 'name'])).toBe(
      await two.a.kubectl(['get', 'nodes', '-o', 'name']),
    );
    await two.b.kubectl(['delete', 'configmap', 'by-kubectl']);
    expect(await two.a.kubectl(['get', 'configmap', 'by-kubectl', '--ignore-not-found'])).toBe('');
  });
});

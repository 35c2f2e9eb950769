import { createClient } from '@kubernest/client';
import type { CoreEvent } from '@kubernest/kinds';
import { type Logger, silentLogger } from '@kubernest/kit';
import { forbidden, type KubeObject } from '@kubernest/meta';
import { Traffic, testServer } from '@kubernest/testkit/server';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEventRecorder } from './event-recorder.ts';

const pod = (name = 'p', namespace: string | undefined = 'team'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, uid: `uid-${name}`, resourceVersion: '7' },
});
const event = (message: string, reason = 'Happened') => ({ type: 'Normal' as const, reason, message });

async function recorder(log: Logger = silentLogger) {
  const server = await testServer();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { clock, ctx } = server;
  const traffic = new Traffic();
  const client = createClient(traffic.before(server.transport()));
  const events = createEventRecorder({ component: 'web-controller', host: 'here', client }, { ...ctx, log });
  const api = client.resource<CoreEvent>({ group: '', version: 'v1', resource: 'events' });
  /** In the order in which they were first written. */
  const all = async () => {
    await events.drained();
    const { items } = await api.list({}, ctx);
    const order = traffic.writes.map(({ key }) => key);
    const place = ({ metadata: { namespace, name } }: CoreEvent) => order.indexOf(`${namespace}/${name}`);
    return items.toSorted((a, b) => place(a) - place(b));
  };
  /** `count message` of each. */
  const told = async () => (await all()).map(({ count, message }) => `${count} ${message}`);
  return { traffic, api, ctx, clock, events, all, told };
}

describe('an event', () => {
  it('says what happened to whom, who says it and when', async () => {
    const { all, events } = await recorder();
    events.record(pod(), { ...event('it did'), action: 'Doing' });
    const [{ metadata, ...told }] = (await all()) as [CoreEvent];
    expect(metadata).toMatchObject({ namespace: 'team', name: expect.stringMatching(/^p\.[0-9a-f]{16}$/) });
    expect(told).toMatchObject({
      involvedObject: {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'team',
        name: 'p',
        uid: 'uid-p',
        resourceVersion: '7',
      },
      type: 'Normal',
      reason: 'Happened',
      message: 'it did',
      action: 'Doing',
      count: 1,
      source: { component: 'web-controller', host: 'here' },
      reportingComponent: 'web-controller',
      reportingInstance: 'here',
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
    });
  });

  it('of what is in no namespace is in default', async () => {
    const { all, events } = await recorder();
    events.record({ ...pod('n1', ''), kind: 'Node' }, event('it did'));
    expect((await all())[0]?.metadata.namespace).toBe('default');
  });

  it('is cut where it is too long', async () => {
    const { all, events } = await recorder();
    events.record(pod(), event('x'.repeat(2000)));
    expect((await all())[0]?.message).toHaveLength(1024);
  });
});

describe('events that repeat', () => {
  it('are counted, with the time of the last', async () => {
    const { all, clock, events, told } = await recorder();
    for (let i = 0; i < 3; i++) {
      events.record(pod(), event('again'));
      await events.drained();
      await clock.advance(60_000);
    }
    expect(await told()).toEqual(['3 again']);
    expect((await all())[0]).toMatchObject({
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:02:00Z',
    });
  });

  it('are told apart by object, reason and message', async () => {
    const { events, told } = await recorder();
    events.record(pod('a'), event('one'));
    events.record(pod('b'), event('one'));
    events.record(pod('a'), event('two'));
    events.record(pod('a'), event('one', 'Other'));
    expect(await told()).toEqual(['1 one', '1 one', '1 two', '1 one']);
  });

  it('are written anew, with their count, when the server has forgotten them', async () => {
    const { api, ctx, events, told } = await recorder();
    events.record(pod(), event('again'));
    await told();
    await api.deleteCollection({ namespace: 'team' }, {}, ctx);
    events.record(pod(), event('again'));
    expect(await told()).toEqual(['2 again']);
  });

  it('are one when there are many of one reason that differ in words', async () => {
    const { events, told } = await recorder();
    for (let i = 1; i <= 13; i++) events.record(pod(), event(`message ${i}`));
    const lines = await told();
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('4 (combined from similar events): message 13');
  });

  it('are dropped when one object has too many, until a while has passed', async () => {
    const { clock, events, told } = await recorder();
    const flood = (): void => {
      for (let i = 0; i < 40; i++) events.record(pod(), event('flood'));
      events.record(pod('other'), event('heard'));
    };
    flood();
    expect(await told()).toEqual(['25 flood', '1 heard']);
    await clock.advance(300_000);
    flood();
    expect(await told()).toEqual(['26 flood', '2 heard']);
  });
});

it('never throws: a refused event is no news where its namespace goes, and a word in the log otherwise', async () => {
  const debug = vi.fn();
  const { traffic, events, told } = await recorder({ ...silentLogger, debug });
  traffic.beforeWrite = () => {
    throw forbidden({ group: '', resource: 'events', name: '' }, 'the namespace goes');
  };
  events.record(pod(), event('one'));
  expect(await told()).toEqual([]);
  expect(debug).not.toHaveBeenCalled();
  traffic.beforeWrite = () => {
    throw new Error('the server is away');
  };
  events.record(pod(), event('two'));
  expect(await told()).toEqual([]);
  expect(debug).toHaveBeenCalledOnce();
  traffic.beforeWrite = () => {};
  events.record(pod(), event('three'));
  expect(await told()).toEqual(['1 three']);
});

import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import type { ServicePortRule } from '@kubernest/proxy/contract';
import { describe, expect, it } from 'vitest';
import { NodePortNews } from './node-port-news.ts';

const rule = (nodePort: number, id = 'team/web:http') => ({ id, protocol: 'TCP', nodePort }) as ServicePortRule;
const web: KubeObject = { metadata: { namespace: 'team', name: 'web', uid: 'u' } };

function people() {
  const heard: string[] = [];
  const clock = new FakeClock();
  const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };
  const news = new NodePortNews({
    nodeName: 'n1',
    serviceOf: ({ id }) => (id.startsWith('team/web') ? web : undefined),
    events: {
      record: (about, { type, reason, fieldPath }) =>
        void heard.push(`${about.metadata.name} ${type} ${reason} ${fieldPath}`),
    },
  });
  const tell = (missing: readonly ServicePortRule[], all: readonly ServicePortRule[] = missing) => {
    heard.length = 0;
    news.tell(missing, all, ctx);
    return [...heard];
  };
  const logged: string[] = [];
  const log = { ...silentLogger, error: (message: string) => void logged.push(message) };
  const logFaults = (...rules: readonly ServicePortRule[]) => {
    logged.length = 0;
    news.log(
      rules.map((each) => ({ rule: each, fault: new Error('bind EMFILE') })),
      { ...ctx, log },
    );
    return [...logged];
  };
  return { tell, clock, logFaults };
}

const lost = 'web Warning NodePortUnavailable spec.ports{30080/TCP}';
const found = 'web Normal NodePortAvailable spec.ports{30080/TCP}';

describe('people hear of a node port', () => {
  it('that another has, and again every five minutes while that holds', async () => {
    const { tell, clock } = people();
    expect(tell([rule(30080)])).toEqual([lost]);
    expect(tell([rule(30080)])).toEqual([]);
    await clock.advance(300_000);
    expect(tell([rule(30080)])).toEqual([lost]);
  });

  it('that was taken after all', () => {
    const { tell } = people();
    tell([rule(30080)]);
    expect(tell([], [rule(30080)])).toEqual([found]);
    expect(tell([], [rule(30080)])).toEqual([]);
  });

  it('nothing when there was never anything amiss, when its Service is gone or wants another port', () => {
    const { tell } = people();
    expect(tell([], [rule(30080)])).toEqual([]);
    expect(tell([rule(30080, 'team/gone')])).toEqual([]);
    tell([rule(30080)]);
    expect(tell([], [rule(30081)])).toEqual([]);
    tell([rule(30080)]);
    expect(tell([], [])).toEqual([]);
  });
});

it('a fault of the machine is logged once while it lasts, and no Service’s people hear of it', () => {
  const { logFaults, tell } = people();
  const said = ['node port 30080/TCP of team/web:http could not be held, trying again: bind EMFILE'];
  expect(logFaults(rule(30080))).toEqual(said);
  expect(logFaults(rule(30080))).toEqual([]);
  expect(tell([], [rule(30080)])).toEqual([]);
  expect(logFaults()).toEqual([]);
  expect(logFaults(rule(30080))).toEqual(said);
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Context, FakeClock, silentLogger, systemClock } from '@kubernest/kit';
import { openHollowRuntime } from '@kubernest/runtime/hollow';
import { describe, expect, it } from 'vitest';
import type { Probe } from '../types.ts';
import { Prober } from './prober.ts';

type Probes = Partial<Record<'startupProbe' | 'livenessProbe' | 'readinessProbe', Probe>>;
const probe = (kind: string, more: Probe = {}): Probe => ({ exec: { command: [kind] }, ...more });

/** A container that runs, whose probes answer as `well` says, and the seconds at which each was asked. */
async function probing(probes: Probes, well: (kind: string, second: number) => boolean, age = 0, restarts = true) {
  const clock = new FakeClock();
  const began = +clock.now();
  const second = () => (+clock.now() - began) / 1000;
  const asked: string[] = [];
  const events: string[] = [];
  const execSync = async (_: string, [kind = '']: readonly string[]) => {
    asked.push(`${kind}@${second()}`);
    return { exitCode: well(kind, second()) ? 0 : 1, output: 'ill', timedOut: false };
  };
  const say = (reason: string, message: string) => void events.push(`${reason}: ${message}`);
  const target = {
    container: { name: 'c', ...probes },
    containerId: 'x',
    startedAt: new Date(began - age * 1000),
    podIP: '127.0.0.1',
    events: { normal: say, warning: say },
    restarts,
    remembered: {},
  };
  const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };
  const prober = new Prober(
    target,
    { runtime: { ...openHollowRuntime(), execSync }, onChange: () => {}, random: () => 0.5 },
    ctx,
  );
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds; i++) await clock.advance(1000);
  };
  await clock.advance(0);
  return { prober, asked, events, pass };
}

describe('probes', () => {
  it('begin after their delay and come again after each period', async () => {
    const { asked, pass } = await probing(
      { livenessProbe: probe('live', { initialDelaySeconds: 3, periodSeconds: 5 }) },
      () => true,
    );
    await pass(14);
    expect(asked).toEqual(['live@3', 'live@8', 'live@13']);
  });

  it('of a container that an agent finds running are spread over their period', async () => {
    const { asked, pass } = await probing({ livenessProbe: probe('live', { periodSeconds: 4 }) }, () => true, 100);
    await pass(7);
    expect(asked).toEqual(['live@2', 'live@6']);
  });

  it('of readiness turn a container ready and back at their thresholds', async () => {
    const { prober, pass } = await probing(
      { readinessProbe: probe('ready', { periodSeconds: 1, successThreshold: 2, failureThreshold: 3 }) },
      (_, second) => second < 5,
    );
    const seen: boolean[] = [];
    for (let i = 0; i < 9; i++) {
      seen.push(prober.ready);
      await pass(1);
    }
    expect(seen).toEqual([false, true, true, true, true, true, true, false, false]);
  });

  it('of startup hold the others back until it is over', async () => {
    const { prober, asked, pass } = await probing(
      {
        startupProbe: probe('start', { periodSeconds: 2, failureThreshold: 10 }),
        livenessProbe: probe('live', { periodSeconds: 1 }),
      },
      (kind, second) => kind !== 'start' || second >= 4,
    );
    await pass(3);
    expect([prober.started, prober.doomed]).toEqual([false, undefined]);
    await pass(2);
    expect(prober.started).toBe(true);
    expect(asked).toEqual(['start@0', 'start@2', 'start@4', 'live@4', 'live@5']);
  });

  it.each([
    ['startupProbe', 'startup', 'Startup'],
    ['livenessProbe', 'liveness', 'Liveness'],
  ])('of %s doom a container that fails them often enough, and say each failure', async (field, kind, title) => {
    const { prober, events, pass } = await probing(
      { [field]: probe(kind, { periodSeconds: 1, failureThreshold: 2, terminationGracePeriodSeconds: 7 }) },
      () => false,
    );
    expect(prober.doomed).toBeUndefined();
    await pass(5);
    expect(prober.doomed).toEqual({ message: `Container c failed ${kind} probe, will be restarted`, graceSeconds: 7 });
    expect(events).toEqual(Array(2).fill(`Unhealthy: ${title} probe failed: ill`));
  });

  it('promise no restart to a container that its policy lets end', async () => {
    const { prober, pass } = await probing(
      { livenessProbe: probe('live', { periodSeconds: 1, failureThreshold: 1 }) },
      () => false,
      ...([0, false] as const),
    );
    await pass(1);
    expect(prober.doomed).toEqual({ message: 'Container c failed liveness probe' });
  });

  it('that succeed with a warning say so', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(302, { location: 'http://other.test/' }).end('gone');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const told = Promise.withResolvers<string>();
    const say = (reason: string, message: string) => told.resolve(`${reason}: ${message}`);
    const target = {
      ...{ container: { name: 'c', livenessProbe: { httpGet: { port } } }, containerId: 'x', podIP: '127.0.0.1' },
      ...{ startedAt: new Date(), events: { normal: say, warning: say }, restarts: true, remembered: {} },
    };
    const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
    const prober = new Prober(target, { runtime: openHollowRuntime(), onChange: () => {} }, ctx);
    expect(await told.promise).toBe(
      'ProbeWarning: Liveness probe warning: Probe terminated redirects, Response body: gone',
    );
    expect(prober.doomed).toBeUndefined();
    prober.stop();
    server.close();
  });
});

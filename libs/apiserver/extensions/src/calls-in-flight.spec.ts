import type { CallAnswer } from '@kubernest/apiserver/dialer';
import type { CustomResourceDefinition } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { CallsInFlight, TooManyCallsError } from './calls-in-flight.ts';
import { convertByWebhook } from './conversion-webhook.ts';

const crd = {
  metadata: { name: 'lamps.example.com' },
  spec: {
    conversion: {
      strategy: 'Webhook',
      webhook: { clientConfig: { url: 'https://hook.example' }, conversionReviewVersions: ['v1'] },
    },
  },
} as unknown as CustomResourceDefinition;
const v2 = 'example.com/v2';
const lamp: KubeObject = { kind: 'Lamp', apiVersion: 'example.com/v1', metadata: { name: 'a' } };

/** A webhook that never answers: a call ends with its context alone. `called` resolves when that many were made. */
function hanging() {
  const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
  const calls: AbortSignal[] = [];
  const waiting = new Map<number, () => void>();
  const call = (_target: unknown, _request: unknown, { signal }: Context): Promise<CallAnswer> => {
    waiting.get(calls.push(signal))?.();
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  };
  const called = (count: number) => new Promise<void>((resolve) => waiting.set(count, resolve));
  return { convert: convertByWebhook(crd, { call }, ctx), calls, called };
}

const refusal = {
  code: 429,
  reason: 'TooManyRequests',
  message:
    'conversion webhook for example.com/v1, Kind=Lamp failed: too many calls wait for its answer, please try again later',
  details: { retryAfterSeconds: 1 },
};

it('a webhook that hangs is asked no more once 200 calls wait for it, until one of those who asked is gone', async () => {
  const { convert, calls, called } = hanging();
  const all = called(200);
  const leaves = new AbortController();
  const stays = new AbortController();
  const ask = ({ signal }: AbortController) => convert([lamp], v2, signal) as Promise<unknown>;
  const first = ask(leaves);
  const others = Promise.allSettled(Array.from({ length: 199 }, () => ask(stays)));
  await all;
  await expect(ask(stays)).rejects.toMatchObject(refusal);
  expect(calls).toHaveLength(200);

  leaves.abort();
  await expect(first).rejects.toBe(leaves.signal.reason);
  expect(calls.filter(({ aborted }) => aborted)).toHaveLength(1);
  const again = called(201);
  const next = ask(stays);
  await again;
  stays.abort();
  await expect(next).rejects.toBe(stays.signal.reason);
  await others;
});

it('a webhook that hangs holds no more than 128 MB, but one call of any size', async () => {
  const MB = 1024 * 1024;
  const inFlight = new CallsInFlight();
  const { promise: answered, resolve: answer } = Promise.withResolvers<string>();
  const hangs = () => answered;
  const first = inFlight.add(200 * MB, hangs);
  await expect(inFlight.add(1, hangs)).rejects.toThrow(TooManyCallsError);
  answer('yes');
  expect(await first).toBe('yes');

  const never = () => new Promise(() => {});
  for (let sent = 0; sent < 128; sent += 4) void inFlight.add(4 * MB, never);
  await expect(inFlight.add(1, async () => 'no')).rejects.toThrow(TooManyCallsError);
});

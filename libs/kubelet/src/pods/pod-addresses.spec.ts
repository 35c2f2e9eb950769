import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import type { SandboxState } from '@kubernest/runtime/contract';
import { HollowNetwork } from '@kubernest/runtime/hollow';
import { expect, it } from 'vitest';
import type { NodeParts } from './node-parts.ts';
import { PodAddresses } from './pod-addresses.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const pod = { metadata: { name: 'p', namespace: 'n', uid: 'u' } };
const sandbox = (id: string) => ({ id, netns: `/${id}` }) as SandboxState;

it('a pod gives back the address of its last sandbox when it gets that of the next', async () => {
  const network = new HollowNetwork();
  const view = { sandbox: () => undefined };
  const addresses = new PodAddresses({ network, view, hostIPs: [] } as unknown as NodeParts);
  await addresses.attach(pod, sandbox('first'), ctx);
  await addresses.attach(pod, sandbox('second'), ctx);
  expect([...network.attached]).toEqual([['second', addresses.of(pod)[0]]]);
  await addresses.detach(pod, 'first', ctx);
  expect(addresses.of(pod)).toEqual([network.attached.get('second')]);
});

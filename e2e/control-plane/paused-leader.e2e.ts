import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../cluster/test-cluster.ts';
import { Deployed, ones } from './support/deployed.ts';
import { refs } from './support/refs.ts';
import { ctx } from './support/seen.ts';
import { leaseOf, newNamespace, TwoApis } from './support/two-apis.ts';

let two: TwoApis;
beforeAll(async () => {
  two = await TwoApis.start();
});
afterAll(async () => {
  await two?.[Symbol.asyncDispose]();
});

it('a leader that was held up changes nothing when it goes on and believes that it still leads', async () => {
  const { leader, other } = await two.leadership('kube-controller-manager');
  const client = other.client();
  await two.agentAt(other);
  await newNamespace(client, 'paused');
  using midway = await Deployed.create(client, 'paused', 'midway', 60);
  await midway.untilCreated(3);
  leader.signal('SIGSTOP');
  // The other knows nothing of it but that its Leases are not renewed.
  await midway.untilBound(60);
  await midway.scale(client, 40);
  await midway.untilGone(20);
  leader.signal('SIGCONT');
  await eventually(async () => expect(leader.said).toContain('lost the lease'));
  // What it would have done wrong is done by the time the one that leads has done this.
  using after = await Deployed.create(leader.client(), 'paused', 'after', 5);
  await after.untilBound(5);
  expect(midway.bindings).toEqual(ones(60));
  expect(after.bindings).toEqual(ones(5));
  const labelSelector = 'app=midway';
  for (const api of [leader, other]) {
    const { items } = await api.client().resource(refs.pods).list({ namespace: 'paused', labelSelector }, ctx);
    expect(items).toHaveLength(40);
  }
  expect((await leaseOf(client, 'kube-controller-manager')).spec?.holderIdentity).toContain(other.endpoint);
}, 120_000);

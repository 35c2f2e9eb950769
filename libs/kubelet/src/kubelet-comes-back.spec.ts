import { systemClock } from '@kubernest/kit';
import { Journal } from '@kubernest/testkit/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FatefulCalls } from './testing/calls.ts';
import { key, podOf, ready, TestKubelet } from './testing/kubelet.ts';
import { NODES, type Node, PODS, type Pod } from './types.ts';

describe('a kubelet that comes back', () => {
  const kubelet = TestKubelet.forEachTest();

  it('adopts what runs, and ends what was deleted meanwhile', async () => {
    await kubelet.create(podOf());
    await kubelet.untilPod(ready);
    const [before] = kubelet.runtime.running();
    await kubelet.stop();
    expect(kubelet.runtime.running()).toEqual([before]);
    await kubelet.client.resource(PODS).delete(key, {}, kubelet.ctx);
    await kubelet.start();
    await kubelet.untilPod((each) => each === undefined);
    expect(kubelet.runtime.running()).toEqual([]);
    expect(kubelet.created()).toEqual([['p', 0]]);
  });

  it('restarts no container', async () => {
    await kubelet.create(podOf());
    await kubelet.untilPod(ready);
    const [before] = kubelet.runtime.running();
    await kubelet.stop();
    await kubelet.start();
    // A second pod that runs proves that the first was looked at by the new kubelet, too.
    await kubelet.create({ ...podOf(), metadata: { name: 'q', namespace: 'default' } });
    await kubelet.until<Pod>(PODS, 'metadata.name=q', ready);
    expect(kubelet.runtime.running()).toContainEqual(before);
    expect(kubelet.created()).toEqual([
      ['p', 0],
      ['q', 0],
    ]);
  });

  it('does not call its node unready before it has looked', async () => {
    const looks = new Journal<boolean>();
    // Whenever the machine is looked at: to register, then for each report.
    const calls = new FatefulCalls((_call, look) => {
      looks.add(kubelet.network.isConfigured);
      return look();
    });
    const kubelet = new TestKubelet(systemClock, ({ runtime }) => ({
      runtime: calls.wrap('engine', runtime, ['info']),
    }));
    await kubelet.open();
    onTestFinished(() => kubelet.close());
    const said = (node: Node | undefined): string | undefined =>
      node?.status?.conditions?.find((each) => each.type === 'Ready')?.status;
    await kubelet.until<Node>(NODES, 'metadata.name=n1', (node) => said(node) === 'True');
    await kubelet.stop();
    const body = { spec: { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24'] } };
    await kubelet.client.resource(NODES).patch({ name: 'n1' }, { type: 'merge', body }, {}, kubelet.ctx);
    kubelet.network.isConfigured = false;
    const before = looks.taken();
    await kubelet.start();
    expect(await looks.next(2)).toEqual([false, true]);
    expect(before).not.toContain(false);
    expect(said(await kubelet.client.resource<Node>(NODES).fetch({ name: 'n1' }, kubelet.ctx))).toBe('True');
  });

  it('gives back the addresses of sandboxes that went unseen', async () => {
    await kubelet.create(podOf());
    await kubelet.untilPod(ready);
    await kubelet.stop();
    const [lost] = kubelet.network.attached.keys();
    const [container] = kubelet.runtime.running();
    kubelet.runtime.end(container!.id, 0);
    await kubelet.runtime.removeContainer(container!.id, kubelet.ctx);
    await kubelet.runtime.removeSandbox(lost!, kubelet.ctx);
    await kubelet.start();
    await kubelet.untilPod((pod) => ready(pod) && pod?.status?.podIP !== '10.244.0.2');
    expect([...kubelet.network.attached]).toEqual([[expect.not.stringMatching(lost!), '10.244.0.3']]);
  });
});

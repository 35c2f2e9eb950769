import { FakeClock } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesAtRest } from '../testing/files-at-rest.ts';
import { EVENTS, podOf, ready, TestKubelet } from '../testing/kubelet.ts';
import type { Container, Pod, Probe } from '../types.ts';

const probe = (kind: string): Probe => ({ exec: { command: [kind] }, periodSeconds: 1, failureThreshold: 1 });
const container = (name: string, more: Partial<Container> = {}): Container => ({ name, image: 'busybox:1', ...more });

/** What somebody sees who looks at the pod now and then. */
const shown = ({ status }: Pod): string => {
  const { status: isReady, reason } = status?.conditions?.find(({ type }) => type === 'Ready') ?? {};
  return [status?.phase, isReady, reason].filter(Boolean).join(' ');
};

describe('a pod that is probed', () => {
  let clock: FakeClock;
  let kubelet: TestKubelet;
  let over: PromiseWithResolvers<void>;
  let time: Promise<void>;
  /** Probes and hooks by their command: whether they go well, and each that was asked for. */
  let well: Record<string, boolean>;
  let asked: string[];
  beforeEach(async () => {
    clock = new FakeClock(undefined, filesAtRest);
    kubelet = new TestKubelet(clock);
    over = Promise.withResolvers<void>();
    time = clock.passUntil(over.promise);
    await kubelet.open();
    [well, asked] = [{}, []];
    kubelet.runtime.execSync = async (_id, [command = '']) => {
      asked.push(command);
      if (command === 'hook') await clock.sleep(3_000, kubelet.ctx.signal);
      return { exitCode: (well[command] ?? true) ? 0 : 1, output: 'ill', timedOut: false };
    };
  });
  afterEach(async () => {
    await kubelet.close();
    over.resolve();
    await time;
  });

  /** Its processes take six seconds to end, from the first on doing their work no more. */
  const endsSlowly = (fail: readonly string[], begins: () => void = () => {}): void => {
    const { stopContainer } = kubelet.runtime;
    kubelet.runtime.stopContainer = async (...stop) => {
      for (const command of fail) well[command] = false;
      begins();
      await clock.sleep(6_000, kubelet.ctx.signal);
      await stopContainer(...stop);
    };
  };

  /** From its deletion on, as often as it changes. */
  const deleted = async (): Promise<{ readonly looks: readonly string[]; readonly last: Pod | undefined }> => {
    const looks: string[] = [];
    let last: Pod | undefined;
    asked = [];
    await kubelet.delete('p');
    await kubelet.untilPod((pod) => {
      if (pod && looks.at(-1) !== shown(pod)) looks.push(shown(pod));
      last = pod ?? last;
      return pod === undefined;
    });
    return { looks, last };
  };

  it.each([
    ['at once', {}, ['Running True']],
    ['after its hook', { lifecycle: { preStop: { exec: { command: ['hook'] } } } }, ['Running True']],
  ])('is shown to be unready while it ends slowly, and when it has ended: %s', async (_, more, before) => {
    const probes = { readinessProbe: probe('ready'), livenessProbe: probe('live') };
    await kubelet.create(podOf({ containers: [container('main', { ...probes, ...more })] }));
    await kubelet.untilPod(ready);
    endsSlowly(['ready']);
    well['live'] = false;
    const { looks, last } = await deleted();
    expect(looks).toEqual([...before, 'Running False ContainersNotReady', 'Succeeded False PodCompleted']);
    expect(asked).not.toContain('live');
    expect(last?.status?.containerStatuses).toMatchObject([{ ready: false, started: false, restartCount: 0 }]);
    const told = await kubelet.until<KubeObject & { message?: string }>(EVENTS, 'reason=Unhealthy', (event) => !!event);
    expect(told?.message).toBe('Readiness probe failed: ill');
  });

  it('serves until it has ended, as long as it says so', async () => {
    await kubelet.create(podOf({ containers: [container('main', { readinessProbe: probe('ready') })] }));
    await kubelet.untilPod(ready);
    endsSlowly([]);
    const { looks } = await deleted();
    expect(looks).toEqual(['Running True', 'Succeeded False PodCompleted']);
    expect(asked.length).toBeGreaterThanOrEqual(5);
  });

  it('is asked nothing more when it had not started up', async () => {
    const probes = { startupProbe: { ...probe('start'), failureThreshold: 99 }, readinessProbe: probe('ready') };
    well['start'] = false;
    await kubelet.create(podOf({ containers: [container('main', probes)] }));
    await kubelet.untilPod((pod) => pod?.status?.containerStatuses?.[0]?.state?.running !== undefined);
    // Until its end has begun it may be asked at any time.
    endsSlowly([], () => {
      well['start'] = true;
      asked = [];
    });
    const { looks } = await deleted();
    expect(looks).toEqual(['Running False ContainersNotReady', 'Succeeded False PodCompleted']);
    expect(asked).toEqual([]);
  });

  it('tells of a container while the image of another is fetched', async () => {
    const pull = Promise.withResolvers<void>();
    const { pullImage } = kubelet.runtime;
    kubelet.runtime.pullImage = (...what) => pull.promise.then(() => pullImage(...what));
    const first = container('first', { readinessProbe: probe('ready') });
    const isReady = (pod: Pod | undefined): boolean => pod?.status?.containerStatuses?.[0]?.ready === true;
    well['ready'] = false;
    await kubelet.create(podOf({ containers: [first, { ...container('second'), image: 'slow:1' }] }));
    await kubelet.untilPod((pod) => pod?.status?.containerStatuses?.[0]?.state?.running !== undefined);
    well['ready'] = true;
    await kubelet.untilPod(isReady);
    well['ready'] = false;
    await kubelet.untilPod((pod) => !isReady(pod));
    well['ready'] = true;
    pull.resolve();
    expect(shown((await kubelet.untilPod(ready))!)).toBe('Running True');
  });
});

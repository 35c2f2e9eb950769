import { FakeClock } from '@kubernest/kit';
import { ImagePullError } from '@kubernest/runtime/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { filesAtRest } from '../testing/files-at-rest.ts';
import { podOf, ready, TestKubelet } from '../testing/kubelet.ts';

let clock: FakeClock;
let kubelet: TestKubelet;
let over: PromiseWithResolvers<void>;
let time: Promise<void>;
let pulls: number[];
/** What the tests' registry, which has nothing, is not asked for. */
let loaded: boolean;

beforeEach(async () => {
  clock = new FakeClock(undefined, filesAtRest);
  kubelet = new TestKubelet(clock);
  over = Promise.withResolvers<void>();
  time = clock.passUntil(over.promise);
  await kubelet.open();
  [pulls, loaded] = [[], false];
  const { findImage } = kubelet.runtime;
  kubelet.runtime.findImage = async (reference, ctx) =>
    loaded ? findImage('busybox:1', ctx) : findImage(reference, ctx);
  kubelet.runtime.pullImage = async () => {
    pulls.push(+clock.now());
    throw new ImagePullError('nobody has it');
  };
});
afterEach(async () => {
  await kubelet.close();
  over.resolve();
  await time;
});

const waiting =
  (reason: string) =>
  (pod: { status?: { containerStatuses?: readonly { state?: { waiting?: { reason?: string } } }[] } } | undefined) =>
    pod?.status?.containerStatuses?.[0]?.state?.waiting?.reason === reason;
const made = (imagePullPolicy: 'IfNotPresent' | 'Never') =>
  kubelet.create(podOf({ containers: [{ name: 'main', image: 'app:1', imagePullPolicy }] }));

it('an image that is loaded while its pull backs off for minutes is noticed in seconds', async () => {
  await made('IfNotPresent');
  await kubelet.untilPod(() => pulls.length === 5);
  await kubelet.untilPod(waiting('ImagePullBackOff'));
  const [at, before] = [+clock.now(), pulls.length];
  loaded = true;
  await kubelet.untilPod(ready);
  expect(+clock.now() - at).toBeLessThanOrEqual(11_000);
  expect(pulls).toHaveLength(before);
});

it('to look for it is to ask no registry sooner', async () => {
  await made('IfNotPresent');
  await kubelet.untilPod(() => pulls.length === 5);
  const waits = pulls.slice(1).map((time, i) => Math.round((time - pulls[i]!) / 10_000));
  expect(waits).toEqual([1, 2, 4, 8]);
});

it('one that may not be pulled is noticed too', async () => {
  await made('Never');
  await kubelet.untilPod(waiting('ErrImageNeverPull'));
  loaded = true;
  await kubelet.untilPod(ready);
  expect(pulls).toEqual([]);
});

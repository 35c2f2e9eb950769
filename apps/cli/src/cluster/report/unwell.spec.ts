import type { Node, Pod } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { unwellWords } from './unwell.ts';

const now = new Date('2026-01-01T12:00:00Z');
const old = '2026-01-01T11:00:00Z';

const node = (name: string, ready: string, message?: string): Node => ({
  metadata: { name },
  status: { conditions: [{ type: 'Ready', status: ready, message }] },
});
const pod = (name: string, status: Pod['status'], metadata: Pod['metadata'] = {}): Pod => ({
  metadata: { namespace: 'a', name, creationTimestamp: old, ...metadata },
  status,
});
const notReady: Pod['status'] = { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] };

describe('what is unwell', () => {
  it('is nothing where all is ready, done, going, or new', () => {
    const pods = [
      pod('ready', { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }),
      pod('done', { phase: 'Succeeded' }),
      pod('going', notReady, { deletionTimestamp: old }),
      pod('new', notReady, { creationTimestamp: '2026-01-01T11:59:50Z' }),
    ];
    expect(unwellWords([node('n', 'True')], pods, now)).toEqual([]);
  });

  it('is each node that is not Ready, and each pod that does not get on, with the reason', () => {
    const waiting = {
      name: 'c',
      image: '',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'ImagePullBackOff' } },
    };
    const pods = [
      pod('pulls', { ...notReady, containerStatuses: [waiting] }),
      pod('begins', { ...notReady, initContainerStatuses: [waiting] }),
      pod('fits-nowhere', {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }],
      }),
      pod('ended', { phase: 'Failed', reason: 'Evicted' }, { creationTimestamp: now.toISOString() }),
      pod('slow', notReady),
    ];
    expect(unwellWords([node('n', 'False', 'no network')], pods, now)).toEqual([
      'node n is not Ready: no network',
      'pod a/pulls: ImagePullBackOff',
      'pod a/begins: ImagePullBackOff',
      'pod a/fits-nowhere: 0/1 nodes are available',
      'pod a/ended: Evicted',
      'pod a/slow: it is not ready',
    ]);
  });

  it('is what a node is short of, Ready or not', () => {
    const short = (type: string, status: string, message?: string) => ({ type, status, message });
    const conditions = [
      short('MemoryPressure', 'False', 'kubelet has sufficient memory available'),
      short('DiskPressure', 'True', 'kubelet has disk pressure'),
      short('NetworkUnavailable', 'True'),
      short('Ready', 'True', 'kubelet is posting ready status'),
    ];
    expect(unwellWords([{ metadata: { name: 'n' }, status: { conditions } }], [], now)).toEqual([
      'node n has DiskPressure: kubelet has disk pressure',
      'node n has NetworkUnavailable',
    ]);
    expect(unwellWords([{ metadata: { name: 'n' } }], [], now)).toEqual(['node n is not Ready']);
  });

  it('names five and counts the rest', () => {
    const pods = Array.from({ length: 8 }, (_, i) => pod(`p${i}`, notReady));
    expect(unwellWords([], pods, now)).toHaveLength(6);
    expect(unwellWords([], pods, now).at(-1)).toBe('3 more pods like these');
  });
});

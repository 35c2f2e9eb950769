import { expect, it } from 'vitest';
import type { Pod } from '../types.ts';
import { downwardFiles } from './sources.ts';
import type { VolumeContext } from './volume.ts';

const many = 500;

function filesOf(items: Parameters<typeof downwardFiles>[0], pod: Partial<Pod>) {
  const facts = { pod: { metadata: {}, ...pod }, nodeName: 'n', hostIPs: [], podIPs: [], allocatable: {} };
  return downwardFiles(items, 0o644, { facts } as unknown as VolumeContext);
}

it('files that tell the same share it', () => {
  let reads = 0;
  const annotations = {
    get a() {
      reads++;
      return 'x';
    },
  };
  const items = Array.from({ length: many }, (_, i) => ({
    path: `f${i}`,
    fieldRef: { fieldPath: 'metadata.annotations' },
  }));
  const files = [...filesOf(items, { metadata: { annotations } }).values()];
  expect(files).toHaveLength(many);
  expect(files[0]!.data.toString()).toBe('a="x"');
  expect(new Set(files.map(({ data }) => data)).size).toBe(1);
  expect(reads).toBe(1);
});

it('files about many containers look for them together', () => {
  let reads = 0;
  const containers = Array.from({ length: many }, (_, i) => ({
    get name() {
      reads++;
      return `c${i}`;
    },
    resources: { limits: { cpu: `${i + 1}` } },
  }));
  const items = containers.map((_, i) => ({
    path: `f${i}`,
    resourceFieldRef: { containerName: `c${i}`, resource: 'limits.cpu' },
  }));
  const files = filesOf(items, { spec: { containers } });
  expect(files.get('f7')!.data.toString()).toBe('8');
  expect(reads).toBeLessThanOrEqual(2 * many);
});

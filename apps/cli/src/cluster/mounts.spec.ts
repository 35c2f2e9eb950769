import { mountsIn } from '@kubernest/process';
import { expect, it } from 'vitest';
import { ownMounts } from './mounts.ts';

const mounts = (...lines: readonly string[]) => mountsIn(lines.map((line, n) => `${n + 2} 1 ${line} rw`).join('\n'));
const machine = '8:1 / /';

it('what the engine and the agent mounted is unmounted, the innermost first', () => {
  const there = mounts(
    machine,
    '0:5 net:[1] /d/docker/exec/netns/default',
    '0:6 / /d/docker/data/overlay2/abc/merged',
    '0:7 / /d/docker/data/overlay2/abc/merged/deep',
    '0:8 / /d/agent/pods/uid/volumes/secret',
    '8:1 /d/docker/data /d/docker/data',
  );
  expect(ownMounts(there, '/d')).toEqual([
    '/d/docker/data',
    '/d/agent/pods/uid/volumes/secret',
    '/d/docker/data/overlay2/abc/merged/deep',
    '/d/docker/data/overlay2/abc/merged',
    '/d/docker/exec/netns/default',
  ]);
});

it.each([
  ['the directory itself, a disk', '8:2 / /d'],
  ['the directory itself, a folder from elsewhere', '8:1 /srv/d /d'],
  ['its database', '8:2 / /d/sqlite'],
  ["its engine's folder", '8:2 / /d/docker'],
  ["its engine's data", '8:2 / /d/docker/data'],
  ["its engine's volumes", '8:1 /srv/volumes /d/docker/data/volumes'],
  ["its agent's folder", '8:2 / /d/agent'],
  ['its pods', '8:2 / /d/agent/pods'],
  ['a neighbour', '8:2 / /dd/docker/exec/netns/default'],
  ['a folder of somebody else', '8:2 / /d/mine/deep/down'],
])('what somebody else mounted stays: %s', (_, line) => {
  expect(ownMounts(mounts(machine, line), '/d')).toEqual([]);
});

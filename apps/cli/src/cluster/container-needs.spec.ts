import { describe, expect, it } from 'vitest';
import { type ContainerNeeds, refusalOfContainers } from './container-needs.ts';

const machine: ContainerNeeds = { isRoot: true, hasFoundEngine: false, dockerd: '/usr/sbin/dockerd', missing: [] };
const cni = { name: 'containernetworking-plugins', why: 'the pod network' };
const conntrack = { name: 'conntrack', why: 'Service addresses' };

const dir = { flags: ' --name a', path: '/var/lib/kubernest/a' };

describe('pods with containers', () => {
  it.each<[string, Partial<ContainerNeeds>]>([
    ['root and a dockerd', {}],
    ["root and somebody's engine", { hasFoundEngine: true, dockerd: undefined }],
  ])('run with %s', (_what, facts) => {
    expect(refusalOfContainers({ ...machine, ...facts }, dir)).toBeUndefined();
  });

  it.each<[string, Partial<ContainerNeeds>, string[]]>([
    ['root', { isRoot: false }, ['need root', 'use sudo']],
    ["root, also with somebody's engine", { isRoot: false, hasFoundEngine: true }, ['need root', 'use sudo']],
    ['root before all else', { isRoot: false, dockerd: undefined, missing: [cni] }, ['need root', 'use sudo']],
    ['an engine', { dockerd: undefined }, ['no Docker Engine answers', 'apt-get install docker.io']],
    [
      'packages',
      { missing: [cni, conntrack] },
      ['(the pod network), conntrack', 'apt-get install containernetworking-plugins conntrack', '--no-install'],
    ],
  ])('are refused without %s, in one sentence that says both ways on', (_what, facts, words) => {
    const refusal = refusalOfContainers({ ...machine, ...facts }, dir);
    for (const word of [...words, 'up --runtime=hollow --name a']) expect(refusal).toContain(word);
    expect(refusal).not.toMatch(/\n|\. /);
  });

  it.each([
    ['/data/a,b', 'has a comma in its name'],
    ['/data/100%', 'has a percent sign in its name'],
    [`/data/${'l'.repeat(56)}`, undefined],
    [`/data/${'l'.repeat(57)}`, 'is too long for the sockets of a Docker Engine, by 1 of its bytes'],
    ['/data/a=b:c d', undefined],
  ])('need a data directory that an engine of their own can use: %s', (path, words) => {
    const refusal = (facts: Partial<ContainerNeeds>) => refusalOfContainers({ ...machine, ...facts }, { ...dir, path });
    if (words === undefined) expect(refusal({})).toBeUndefined();
    else expect(refusal({})).toContain(`the data directory ${path} ${words}`);
    expect(refusal({ hasFoundEngine: true })).toBeUndefined();
  });
});

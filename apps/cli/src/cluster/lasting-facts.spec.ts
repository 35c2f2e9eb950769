import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from './cluster-dir.ts';
import { demandSame, type Wishes, wishedFor } from './lasting-facts.ts';

const facts: ClusterFacts = {
  format: 1,
  name: 'mine',
  index: 3,
  apiPort: 6443,
  kubeletPort: 10250,
  store: 'sqlite',
  runtime: 'docker',
  nodePorts: '30000-32767',
};

describe('what a cluster keeps for its life', () => {
  it.each<[Wishes, string]>([
    [{ runtime: 'hollow' }, '--runtime docker'],
    [{ store: 'http://127.0.0.1:2379' }, '--store sqlite'],
    [{ nodePorts: '31000-31999' }, '--node-ports 30000-32767'],
    [{ nodeName: 'edge' }, '--node-name kubernest-mine'],
    [{ podCidr: '10.9.0.0/16' }, '--cluster-cidr 10.103.0.0/16'],
    [{ serviceCidr: '10.9.0.0/16' }, '--service-cidr 10.153.0.0/16'],
  ])('is not changed by %j, which names what it has', (wishes, has) => {
    expect(() => demandSame(facts, wishes)).toThrow(`cluster "mine" was made with ${has}, and keeps it`);
    expect(() => demandSame({ ...facts, ...wishedFor(wishes) }, wishes)).not.toThrow();
  });

  it('is not known of the runtime of one that an older version made, each of whose starts said it', () => {
    const { runtime: _, ...older } = facts;
    for (const runtime of ['docker', 'hollow'] as const) expect(() => demandSame(older, { runtime })).not.toThrow();
  });

  it('may be asked for again', () => {
    expect(() =>
      demandSame(facts, {
        runtime: 'docker',
        store: 'sqlite',
        nodePorts: '30000-32767',
        nodeName: 'kubernest-mine',
        podCidr: '10.103.0.0/16',
        serviceCidr: '10.153.0.0/16',
      }),
    ).not.toThrow();
  });
});

import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from './cluster-dir.ts';
import { demandApart, demandSame, type Wishes, wishedFor } from './lasting-facts.ts';
import { addressIn, overlap, rangesOf } from './ranges.ts';

const facts: ClusterFacts = {
  format: 1,
  name: 'mine',
  index: 3,
  apiPort: 6443,
  kubeletPort: 10250,
  store: 'sqlite',
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

describe('address ranges', () => {
  it('that were asked for replace those of the index, and the DNS address follows', () => {
    expect(rangesOf({ index: 3, serviceCidr: '172.20.16.0/20' })).toMatchObject({
      podCidr: '10.103.0.0/16',
      serviceCidr: '172.20.16.0/20',
      dnsAddress: '172.20.16.10',
    });
    expect(addressIn('192.168.77.9/24', 1)).toBe('192.168.77.1');
  });

  it.each([
    ['10.0.0.0/8', '10.96.0.0/16', true],
    ['10.96.255.0/24', '10.96.0.0/16', true],
    ['10.95.0.0/16', '10.96.0.0/16', false],
    ['10.97.0.0/16', '10.96.0.0/16', false],
  ])('%s and %s overlap: %s', (one, other, expected) => {
    expect([overlap(one, other), overlap(other, one)]).toEqual([expected, expected]);
  });

  it('of one cluster lie apart, and apart from those of others', () => {
    const apart = (more: Partial<ClusterFacts>, others: ClusterFacts[] = []) =>
      demandApart({ ...facts, ...more }, others);
    expect(() => apart({})).not.toThrow();
    expect(() => apart({ podCidr: '10.153.8.0/24' })).toThrow(/--cluster-cidr .* and --service-cidr .* overlap/);
    const other = { ...facts, name: 'other', index: 4 };
    expect(() => apart({}, [other])).not.toThrow();
    expect(() => apart({ podCidr: '10.104.8.0/24' }, [other])).toThrow(
      'the cluster "other" has the addresses 10.104.0.0/16, which 10.104.8.0/24 overlaps; choose others with --cluster-cidr',
    );
    expect(() => apart({ serviceCidr: '10.154.0.0/16' }, [other])).toThrow(/choose others with --service-cidr/);
  });
});

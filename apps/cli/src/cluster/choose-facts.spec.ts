import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { UsageError } from '../command/command.ts';
import { chooseFacts } from './choose-facts.ts';
import { ClusterDir, type ClusterFacts } from './cluster-dir.ts';
import { knownClusters } from './known-clusters.ts';
import { overlap, rangesOf } from './ranges.ts';

/** A folder of clusters; each that is made has run. */
function startParent() {
  const parent = mkdtempSync(join(tmpdir(), 'kubernest-facts-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const said: string[] = [];
  const dirOf = (name: string) => new ClusterDir(name, join(parent, name));
  return {
    said,
    make(facts: ClusterFacts) {
      mkdirSync(join(parent, facts.name, 'pki'), { recursive: true });
      dirOf(facts.name).save(facts);
      writeFileSync(join(parent, facts.name, 'pki', 'apiserver.crt'), '');
    },
    spoil: (name: string, damage: object) => {
      mkdirSync(join(parent, name), { recursive: true });
      writeFileSync(join(parent, name, 'cluster.json'), JSON.stringify(damage));
    },
    choose: (name: string, wishes: Parameters<typeof chooseFacts>[1] = {}) =>
      chooseFacts(dirOf(name), wishes, {
        known: knownClusters(parent),
        claim: async () => async () => {},
        say: (line) => said.push(line),
      }),
  };
}

const facts = { format: 1, name: 'other', index: 4, apiPort: 16443, kubeletPort: 20250, store: 'sqlite' };

it('a neighbour that is damaged is named and passed over, whatever its damage', async () => {
  const { said, spoil, choose } = startParent();
  const damages = [{ index: 77 }, { podCidr: 'foo' }, { name: 'a b' }, { format: 99, index: 'new' }];
  for (const [i, damage] of damages.entries()) spoil(`broken-${i}`, { ...facts, ...damage });
  expect(await choose('sound')).toMatchObject({ name: 'sound', store: 'sqlite', nodePorts: '30000-32767' });
  expect(said).toHaveLength(damages.length);
  for (const line of said) expect(line).toMatch(/^another cluster is passed over: /);
  for (const i of damages.keys()) expect(said.join('\n')).toContain(`broken-${i}`);
});

it('ranges that follow from the index step on where another cluster was given them', async () => {
  const { make, choose } = startParent();
  const first = await choose('mine');
  expect((await choose('mine')).index).toBe(first.index);
  const given = rangesOf(first).podCidr;
  make({ ...facts, index: first.index > 1 ? first.index - 1 : 2, serviceCidr: given });
  const stepped = rangesOf(await choose('mine'));
  expect([overlap(stepped.podCidr, given), overlap(stepped.serviceCidr, given)]).toEqual([false, false]);
});

it('the ranges of the cluster named default step on, too', async () => {
  const { make, choose } = startParent();
  make({ ...facts, podCidr: '10.240.0.0/12' });
  expect((await choose('default')).index).not.toBe(0);
});

it('ranges that this machine has are refused to a first start', async () => {
  const { choose } = startParent();
  const own = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family }) => family === 'IPv4')!;
  const podCidr = `${own.address}/24`;
  await expect(choose('mine', { podCidr })).rejects.toThrow(/^this machine \(.*\) has the addresses/);
});

it('a cluster keeps the ranges that it has', async () => {
  const { make, choose } = startParent();
  const odd = { ...facts, name: 'odd', index: 5, podCidr: '127.0.0.0/8', nodePorts: '1-65535' };
  make(odd);
  make({ ...odd, name: 'twin', index: 6, apiPort: 16444 });
  expect(await choose('odd', { podCidr: '127.0.0.0/8' })).toMatchObject({
    podCidr: '127.0.0.0/8',
    nodePorts: '1-65535',
    apiPort: 16443,
  });
});

it.each([
  [{ nodePorts: '1-65535' }, 'the node ports 1-65535 hold 6443, the port of the API'],
  [{ nodePorts: '10000-11000' }, 'the node ports 10000-11000 hold 10250, the port of the kubelet'],
  [{ apiPort: 30500 }, 'the node ports 30000-32767 hold 30500, the port of the API'],
  [{ apiPort: 40001, nodePorts: '40000-40009' }, 'the node ports 40000-40009 hold 40001, the port of the API'],
])('node ports that hold a port of the cluster itself are refused: %j', async (wishes, words) => {
  const refused = startParent().choose('mine', wishes);
  await expect(refused).rejects.toThrow(words);
  await expect(refused).rejects.toBeInstanceOf(UsageError);
});

it('another port of the API that is asked for later is none of the node ports either', async () => {
  const { make, choose } = startParent();
  make({ ...facts, name: 'mine', index: 7, apiPort: 30100, nodePorts: '30000-32767' });
  await expect(choose('mine', { apiPort: 30500 })).rejects.toThrow('hold 30500, the port of the API');
  expect(await choose('mine')).toMatchObject({ apiPort: 30100 });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shellBlocks, stepsOf } from '../../tools/docs/steps.ts';
import { cli, root, run, TestCluster } from '../cluster/test-cluster.ts';
import { Reader } from './reader.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = shellBlocks(readme).map(stepsOf);

describe('the README', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start('e2e-docs');
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  it('has commands, and says what they show', () => {
    expect(blocks.flat().length).toBeGreaterThan(15);
    expect(blocks.flat().filter(({ shows }) => shows.length > 0).length).toBeGreaterThan(5);
  });

  it('says what works, word by word, on a real engine', () => new Reader(cluster).follow(blocks.flat()), 180_000);

  it.each(['up', 'down', 'status', 'kubeconfig', 'image load', 'server', 'agent'])(
    'is right that %s has --help',
    async (command) => {
      const ran = await run(process.execPath, [cli, ...command.split(' '), '--help']);
      expect(ran, ran.stderr).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`Usage: kubernest ${command} `),
      });
    },
  );

  it('names every example', async () => {
    const { stdout } = await run('ls', [join(root, 'examples')]);
    for (const name of stdout.trim().split('\n')) expect(readme).toContain(`(examples/${name})`);
  });

  it('shows a picture that exists', () => {
    const [, picture] = /!\[[^\]]*\]\(([^)]+)\)/.exec(readme)!;
    expect(readFileSync(join(root, picture!)).subarray(1, 4).toString()).toBe('PNG');
  });
});

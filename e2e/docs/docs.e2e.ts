import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, kubectls, root, run, TestCluster } from '../cluster/test-cluster.ts';

/** Simulated pods are enough to see that what the documentation says is accepted and comes up. */
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-docs', ['--runtime=hollow', '--hollow-nodes=3']);
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.trim().split('\n'));

describe('the README', () => {
  it('has commands', () => {
    expect(commands.length).toBeGreaterThan(5);
  });

  it.each(commands)('says what works: %s', async (command) => {
    const path = `${join(kubectls().at(-1)!, '..')}:${process.env['PATH']}`;
    const kubectl = kubectls().at(-1)!;
    const ran = await run('sh', ['-ec', `kubectl() { "${kubectl}" "$@"; }; ${command}`], {
      env: { ...cluster.env, PATH: path },
    });
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
  });

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

  it('shows a picture that exists', () => {
    const [, picture] = /!\[[^\]]*\]\(([^)]+)\)/.exec(readme)!;
    expect(readFileSync(join(root, picture!)).subarray(1, 4).toString()).toBe('PNG');
  });
});

it('a hollow cluster has the nodes it was asked for', async () => {
  const nodes = await cluster.kubectl('get', 'nodes', '--no-headers');
  expect(nodes.trim().split('\n')).toHaveLength(3);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { needs } from '../../tools/test/facts.ts';
import { cli, noFoundEngine, type Ran, run } from './test-cluster.ts';

it(
  'a start with the PATH of cron finds what lies in /usr/sbin, and its node becomes Ready',
  needs('root', 'dockerd', 'busybox', 'cni'),
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'kubernest-path-'));
    onTestFinished(() => rmSync(home, { recursive: true }));
    const env = { HOME: home, KUBECONFIG: join(home, 'config'), PATH: '/usr/bin:/bin', ...noFoundEngine(home) };
    const kubernest = (command: string, ...flags: readonly string[]): Promise<Ran> =>
      run(process.execPath, [cli, command, '--name=e2e-path', `--data-dir=${join(home, 'data')}`, ...flags], { env });
    try {
      const { code, stdout, stderr } = await kubernest('up', '--detach', '--no-addons');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/node Ready/);
    } finally {
      expect(await kubernest('down', '--purge')).toMatchObject({ code: 0 });
    }
  },
);

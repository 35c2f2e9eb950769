import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cli, noFoundEngine, type Ran, root, run } from '../cluster/test-cluster.ts';
import { hollow, OneCluster } from './one-cluster.ts';

const cluster = new OneCluster('e2e-bare-machine');
const { dir } = cluster;
afterAll(cluster.end);

describe('without root', () => {
  it('is told what root is needed for, and runs simulated pods', async () => {
    const home = join(dir, 'nobody');
    mkdirSync(home);
    chownSync(dir, 65534, 65534);
    chownSync(home, 65534, 65534);
    const asNobody = (command: string, ...args: string[]): Promise<Ran> =>
      run(
        'setpriv',
        [
          '--reuid=65534',
          '--regid=65534',
          '--clear-groups',
          process.execPath,
          cli,
          command,
          `--name=${cluster.name}`,
          ...args,
        ],
        { env: { HOME: home, KUBECONFIG: undefined, ...noFoundEngine(home), NODE_COMPILE_CACHE: undefined } },
      );
    const refused = await asNobody('up', '--detach', '--no-install');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('only root can start one; use --runtime=hollow');
    const elsewhere = await asNobody('up', '--detach', ...hollow, '--data-dir=/root/kubernest-e2e-nobody');
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stderr).toMatch(/data directory .* cannot be used: EACCES.* Choose another with --data-dir/);
    // Another cluster's damaged facts are no fault of this one.
    const other = join(home, '.local/share/kubernest/other');
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, 'cluster.json'), '{"form');
    expect(spawnSync('chown', ['-R', '65534:65534', home]).status).toBe(0);
    expect(await asNobody('up', '--detach', ...hollow)).toMatchObject({ code: 0, stderr: '' });
    expect((await asNobody('status')).stdout).toContain('nodes ready 1/1');
    expect(await asNobody('down', '--purge')).toMatchObject({ code: 0 });
    expect(readdirSync(join(home, '.local/share/kubernest'))).toEqual(['other']);
  });
});

describe('--no-install', () => {
  it('says which packages are missing, and for what', async () => {
    const script = `import('${root}/tools/bootstrap/system-packages.mjs').then(({ ensureSystemPackages }) => ensureSystemPackages({ sets: ['cluster'], mayInstall: false }))`;
    // A mount namespace of the test's own hides what is there.
    const hide = 'for d in /usr/lib/cni /opt/cni/bin; do [ ! -d $d ] || mount -t tmpfs none $d; done; exec "$@"';
    const ran = await run('unshare', ['--mount', 'sh', '-c', hide, 'sh', process.execPath, '-e', script]);
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toBe(
      'kubernest: missing: containernetworking-plugins (the pod network). Install with: apt-get install containernetworking-plugins\n',
    );
  });
});

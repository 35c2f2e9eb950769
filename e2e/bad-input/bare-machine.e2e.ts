import { expect, it } from 'vitest';
import { root, run } from '../cluster/test-cluster.ts';

it('--no-install says which packages are missing, and for what', async () => {
  const script = `import('${root}/tools/bootstrap/system-packages.mjs').then(({ ensureSystemPackages }) => ensureSystemPackages({ sets: ['cluster'], mayInstall: false }))`;
  // A mount namespace of the test's own hides what is there.
  const hide = 'for d in /usr/lib/cni /opt/cni/bin; do [ ! -d $d ] || mount -t tmpfs none $d; done; exec "$@"';
  const ran = await run('unshare', ['--mount', 'sh', '-c', hide, 'sh', process.execPath, '-e', script]);
  expect(ran).toMatchObject({ code: 0, stdout: '' });
  expect(ran.stderr).toBe(
    'kubernest: missing: containernetworking-plugins (the pod network). Install with: apt-get install containernetworking-plugins\n',
  );
});

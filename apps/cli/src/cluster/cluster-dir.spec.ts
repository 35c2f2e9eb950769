import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { ClusterDir } from './cluster-dir.ts';

it('the flags of a cluster lead to it, whatever its directory is called', () => {
  for (const name of ["it's here", 'a b', '$(touch x)', 'a;b']) {
    const { flags, path } = new ClusterDir('lab', `/srv/${name}`);
    const read = spawnSync('sh', ['-c', `printf '%s\\0' ${flags}`], { encoding: 'utf8' }).stdout.split('\0');
    expect(read).toEqual(['--name', 'lab', '--data-dir', path, '']);
  }
});

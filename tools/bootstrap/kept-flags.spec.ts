import { expect, it } from 'vitest';
import { upFlags } from '../../apps/cli/src/commands/up-flags.ts';
import { keptFlagsRefusal } from './kept-flags.mjs';

const keptIn = (env: Record<string, string>) => keptFlagsRefusal({ npm_lifecycle_event: 'start', ...env });

it.each([
  [{ npm_config_runtime: 'hollow', npm_config_hollow_nodes: 'true' }, '--runtime=hollow --hollow-nodes=…'],
  [{ npm_config_install: '', npm_config_addons: '' }, '--no-addons --no-install'],
  [{ npm_config_detach: 'true', npm_config_name: 'lab' }, '--name=lab --detach'],
])('flags that npm kept are named as they are to be typed: %j', (env, typed) => {
  expect(keptIn(env)).toMatch(new RegExp(`: npm start -- ${typed}$`));
});

it('what npm sets anyway, for another script or for builds, is no flag that was kept', () => {
  const always = { npm_config_cache: '/c', npm_config_loglevel: 'silent', npm_config_runtime: 'electron' };
  expect(keptIn(always)).toBeUndefined();
  expect(keptFlagsRefusal({ npm_lifecycle_event: 'test', npm_config_runtime: 'hollow' })).toBeUndefined();
});

it.each(['--name', '--data-dir', '--config', ...upFlags.map(({ long }) => long!)])('%s is known', (flag) => {
  const off = flag.startsWith('--no-');
  const variable = flag.replace(/^--(no-)?/, '').replaceAll('-', '_');
  expect(keptIn({ [`npm_config_${variable}`]: off ? '' : 'true' })).toContain(`npm kept ${flag} for itself`);
});

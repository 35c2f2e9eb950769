import { describe, expect, it } from 'vitest';
import { disagreements, lockFaults } from './locked.mjs';
import { npmRefusalOf } from './npm.mjs';

const integrity = 'sha512-abc';
const packageJson = {
  dependencies: { a: '1.0.0' },
  devDependencies: { b: 'npm:@scope/other@2.0.0-rc.1' },
  optionalDependencies: { c: '3.0.0' },
  overrides: { d: '4.0.0', c: { d: '4.0.0' } },
  engines: { node: '>=20' },
};
const { overrides: _, ...lockedRoot } = packageJson;
const lockfile = {
  lockfileVersion: 3,
  packages: {
    '': lockedRoot,
    'node_modules/a': { version: '1.0.0', integrity },
    'node_modules/b': { name: '@scope/other', version: '2.0.0-rc.1', integrity },
    'node_modules/c': { version: '3.0.0', integrity },
    'node_modules/a/node_modules/d': { version: '4.0.0', integrity },
    'node_modules/a/node_modules/bundled': { version: '5.0.0', inBundle: true },
  },
};
const asking = (more: object): object => ({ ...packageJson, ...more });
const locking = (root: object, entries: object = {}): object => ({
  ...lockfile,
  packages: { ...lockfile.packages, '': { ...lockedRoot, ...root }, ...entries },
});

describe('package.json and package-lock.json', () => {
  it('that agree have no fault', () => {
    expect(lockFaults(packageJson, lockfile)).toEqual([]);
  });

  it.each<[string, object, object, string]>([
    [
      'a dependency that nobody locked',
      asking({ dependencies: { a: '1.0.0', e: '1.0.0' } }),
      lockfile,
      'dependencies e',
    ],
    ['a locked dependency that nobody asks for', asking({ dependencies: {} }), lockfile, 'dependencies a'],
    ['another version', asking({ dependencies: { a: '1.0.1' } }), lockfile, 'dependencies a'],
    ['another development version', asking({ devDependencies: { b: 'npm:@scope/other@2.0.0' } }), lockfile, 'b'],
    ['an optional dependency elsewhere', asking({ optionalDependencies: {} }), lockfile, 'optionalDependencies c'],
    ['other engines', asking({ engines: { node: '>=22' } }), lockfile, 'engines node'],
    [
      'a version other than the root of the lockfile says',
      packageJson,
      locking({}, { 'node_modules/a': { version: '1.1.0', integrity } }),
      'a@1.1.0',
    ],
    [
      'an alias to another package',
      packageJson,
      locking({}, { 'node_modules/b': { name: 'evil', version: '2.0.0-rc.1', integrity } }),
      'evil@',
    ],
    [
      'a package in place of an alias',
      packageJson,
      locking({}, { 'node_modules/b': { version: '2.0.0-rc.1', integrity } }),
      'devDependencies b',
    ],
    ['a package without its entry', packageJson, locking({}, { 'node_modules/a': undefined }), 'dependencies a'],
    [
      'an override that is not obeyed',
      asking({ overrides: { d: '4.0.1' } }),
      lockfile,
      'node_modules/a/node_modules/d',
    ],
    ['an override by the name of nothing', asking({ overrides: { d: '$d' } }), lockfile, '$d'],
    ['an older form of lockfile', packageJson, { ...lockfile, lockfileVersion: 2 }, 'lockfileVersion'],
  ])('disagree by %s', (_what, asked, locked, words) => {
    const parsed = JSON.parse(JSON.stringify(locked)) as object;
    expect(disagreements(asked, parsed).join('\n')).toContain(words);
    expect(lockFaults(asked, parsed).join('\n')).toContain(words);
  });

  it.each([
    'latest',
    '^1.0.0',
    '~1.0.0',
    '1.x',
    '*',
    '',
    '>=1.0.0',
    '1.0',
    '1.0.0 - 2.0.0',
    'github:a/b',
    'file:../a',
    'https://a.example/a.tgz',
    'npm:z@latest',
    'npm:z@^1.0.0',
    'npm:z',
  ])('are refused where a version is "%s", though they agree', (version) => {
    for (const section of [
      'dependencies',
      'devDependencies',
      'optionalDependencies',
      'peerDependencies',
      'overrides',
    ]) {
      const faults = lockFaults(
        asking({ [section]: { ...(packageJson as Record<string, object>)[section], e: version } }),
        lockfile,
      );
      expect(faults.join('\n'), section).toContain(`${section} e: ${version} is no exact version`);
    }
  });

  it('are refused where an override below another package is a range', () => {
    expect(lockFaults(asking({ overrides: { c: { '.': '3.0.0', d: '^4.0.0' } } }), lockfile)).toEqual([
      'overrides c > d: ^4.0.0 is no exact version',
    ]);
  });

  it.each<[string, object, string]>([
    ['no integrity', { version: '1.0.0' }, 'has no integrity'],
    ['no version', { integrity }, 'no exact version'],
    [
      'a place it was downloaded from',
      { version: '1.0.0', integrity, resolved: 'https://a.example/a.tgz' },
      'bound to',
    ],
    ['a link', { version: '1.0.0', integrity, link: true }, 'is a link'],
  ])('are refused where an entry of the lockfile has %s', (_what, entry, words) => {
    expect(lockFaults(packageJson, locking({}, { 'node_modules/deep/node_modules/e': entry })).join('\n')).toContain(
      words,
    );
  });
});

describe('npm', () => {
  const given = { npm: '11.4.0\n', packageJson: JSON.stringify(packageJson), lockfile: JSON.stringify(lockfile) };

  it('is asked to install what is locked', () => {
    expect(npmRefusalOf(given)).toBeUndefined();
  });

  it.each<[string, Partial<typeof given> | { npm: undefined }, string[]]>([
    ['it is missing', { npm: undefined }, ['npm is missing', '10 or newer', 'nodejs.org']],
    ['it is too old', { npm: '9.2.0' }, ['npm 9.2.0 is too old', '10 or newer', 'npm install --global npm@10']],
    ['it does not run', { npm: 'Error: Cannot find module' }, ['does not run', 'Cannot find module']],
    [
      'a file is left from a merge',
      { lockfile: '<<<<<<< ours\n{}' },
      ['package-lock.json is not JSON', 'git checkout'],
    ],
    [
      'the files disagree',
      { packageJson: JSON.stringify(asking({ dependencies: { a: 'latest' } })) },
      [
        'disagree',
        'dependencies a: package.json says latest, package-lock.json 1.0.0',
        'npm install --package-lock-only',
      ],
    ],
  ])('is not, and it is said what to do, when %s', (_what, facts, words) => {
    for (const word of words) expect(npmRefusalOf({ ...given, ...facts })).toContain(word);
  });
});

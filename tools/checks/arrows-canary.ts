// Proves that the lint of the arrows still bites: writes one violation per rule family into a scratch tree of the same shape and
// expects each to be reported.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './checks.ts';

/** Rule → the file that breaks it and what it imports. */
const violations: Readonly<Record<string, readonly [file: string, imports: string]>> = {
  'libs-know-no-app': ['libs/client/src/a.ts', '../../../apps/cli/src/target.ts'],
  'kit-knows-nobody': ['libs/kit/src/a.ts', '@kubernest/meta'],
  'meta-knows-kit-only': ['libs/meta/src/a.ts', '@kubernest/kinds'],
  'structural-knows-meta': ['libs/structural/src/a.ts', '@kubernest/kinds'],
  'definitions-know-no-kind': ['libs/definitions/src/a.ts', '@kubernest/kinds'],
  'kinds-know-definitions-and-below': ['libs/kinds/src/a.ts', '@kubernest/client'],
  'adapters-know-their-contract-only': ['libs/store/sqlite/src/a.ts', '@kubernest/client'],
  'engines-know-no-feature': ['libs/controllers/engine/src/a.ts', '@kubernest/controllers/builtin'],
  'engines-know-no-kind': ['libs/apiserver/handlers/src/a.ts', '@kubernest/kinds'],
  'apiserver-contract-knows-nobody': ['libs/apiserver/contract/src/a.ts', '@kubernest/apiserver/codec'],
  'apiserver-codec-knows-the-contract': ['libs/apiserver/codec/src/a.ts', '@kubernest/apiserver/storage'],
  'apiserver-storage-knows-no-request': ['libs/apiserver/storage/src/a.ts', '@kubernest/apiserver/handlers'],
  'apiserver-features-know-the-contract': ['libs/apiserver/authz/src/a.ts', '@kubernest/apiserver/storage'],
  'dialer-knows-meta-and-kit': ['libs/apiserver/dialer/src/a.ts', '@kubernest/client'],
  'controllers-never-see-the-store': ['libs/controllers/builtin/src/a.ts', '@kubernest/store/contract'],
  'no-web-framework-in-libs': ['libs/client/src/b.ts', 'fastify'],
  'nest-lives-in-api': ['apps/cli/src/a.ts', '@nestjs/common'],
  'testkit-is-for-tests': ['apps/cli/src/b.ts', '@kubernest/testkit/cluster'],
};
const targets = [
  'apps/cli/src/target.ts',
  ...['meta', 'kinds', 'client', 'controllers/builtin', 'store/contract', 'testkit/cluster'].map(
    (lib) => `libs/${lib}/src/index.ts`,
  ),
  ...['codec', 'storage', 'handlers'].map((lib) => `libs/apiserver/${lib}/src/index.ts`),
];

const scratch = mkdtempSync(join(tmpdir(), 'kubernest-arrows-'));
try {
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(scratch, file)), { recursive: true });
    writeFileSync(join(scratch, file), text);
  };
  for (const file of targets) write(file, 'export const target = 1;\n');
  for (const [file, imports] of Object.values(violations)) write(file, `import '${imports}';\n`);
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'tsconfig.base.json', 'package.json'])
    cpSync(join(root, file), join(scratch, file));
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
  const run = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/.bin/depcruise'),
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
      'apps',
      'libs',
    ],
    { cwd: scratch, encoding: 'utf8' },
  );
  const report = JSON.parse(run.stdout) as { summary: { violations: { rule: { name: string } }[] } };
  const found = new Set(report.summary.violations.map((v) => v.rule.name));
  const missed = Object.keys(violations).filter((rule) => !found.has(rule));
  if (missed.length > 0) {
    console.error(`these rules did not find their violation: ${missed.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

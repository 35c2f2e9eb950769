// Proves that the lint of regular expressions still bites: each rule finds what it is there for, where it has to, and nothing that is linear.
import { ESLint } from 'eslint';
import { root } from './checks.ts';

/** What a file holds, and the rules that have to find something in it. */
const samples: readonly (readonly [file: string, expression: string, rules: readonly string[]])[] = [
  ['libs/kinds/src/a.ts', '/\\/+$/', ['regexp/no-super-linear-move']],
  ['libs/kubelet/src/a.ts', '/\\s*,?\\s*;/', ['regexp/no-super-linear-backtracking', 'regexp/no-super-linear-move']],
  ['libs/kubelet/src/a.ts', '/\\$(\\$|\\(([^)]*)\\))/g', ['linear/no-second-look']],
  ['apps/api/src/a.ts', '/<a [^>]*>/', ['linear/no-second-look']],
  ['apps/node-agent/src/a.ts', '/\\bkey: .*;/', ['linear/no-second-look']],
  ['apps/ui/src/a.tsx', '/\\.+$/', ['regexp/no-super-linear-move']],
  ['apps/cli/src/a.ts', '/^(a+)+$/', ['regexp/no-super-linear-backtracking']],
  ['addons/dns/a.mjs', '/=+$/', ['regexp/no-super-linear-move']],
  ['tools/a.ts', '/\\n+$/', ['regexp/no-super-linear-move']],
  ['tools/a.mjs', '/@.*$/', ['regexp/no-super-linear-move']],
  ['libs/kinds/src/a.ts', '/^\\/+[a-z]*$/', []],
  ['libs/kinds/src/a.ts', '/<[^<>]*>/', []],
  ['libs/kinds/src/a.ts', '/"(?:[^"\\\\]|\\\\.)*"?/', []],
];

const rules = /^(?:regexp|linear)\//;
// What needs types needs a file that is there.
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => rules.test(ruleId),
  overrideConfig: { languageOptions: { parserOptions: { project: null } } },
});
for (const [filePath, expression, wanted] of samples) {
  const [result] = await eslint.lintText(`export const sample = ${expression};\n`, { filePath });
  const found = [...new Set(result?.messages.map(({ ruleId, message }) => ruleId ?? message))].sort();
  if (`${found}` === `${wanted}`) continue;
  console.error(
    `${expression} in ${filePath}: ${wanted.join(', ') || 'nothing'} should be found, and ${found.join(', ') || 'nothing'} is`,
  );
  process.exitCode = 1;
}

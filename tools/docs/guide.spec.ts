import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastingWarnings } from '@kubernest/proxy/contract';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readGuide } from './guide.ts';

it('a guide has the steps of its shell blocks, and the cluster that they are for', () => {
  const block = (kind: string, command: string): string => `Text\n\n\`\`\`${kind}\n${command}\n\`\`\`\n`;
  expect(readGuide(block('sh hollow', 'one') + block('yaml', 'a: b') + block('sh hollow', 'two\n# shown'))).toEqual({
    cluster: 'hollow',
    steps: [
      { command: 'one', shows: [] },
      { command: 'two', shows: ['shown'] },
    ],
  });
  expect(readGuide('Text')).toEqual({ cluster: undefined, steps: [] });
  expect(() => readGuide(block('sh', 'one'))).toThrow('for no cluster');
  expect(() => readGuide(block('bash', 'one'))).toThrow('for no cluster');
  expect(() => readGuide(block('sh real', 'one') + block('sh hollow', 'two'))).toThrow(
    'for hollow in a guide for real',
  );
});

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'docs/guide');
const guides = readdirSync(folder);

it('the index names every guide', () => {
  const index = readFileSync(join(folder, 'README.md'), 'utf8');
  for (const name of guides.filter((name) => name !== 'README.md')) expect(index).toContain(`](${name})`);
});

it.each(guides)('every command of %s is in a block that is executed', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  expect(() => readGuide(text)).not.toThrow();
  // An indented block is executed by nobody.
  expect(text.replaceAll(/^```[\s\S]*?^```/gm, '').match(/^ {4}\S/gm)).toBeNull();
});

it.each(guides)('%s starts, stops and removes no cluster but one of a name of its own', (name) => {
  const { steps } = readGuide(readFileSync(join(folder, name), 'utf8'));
  const commands = steps.map(({ command }) => command);
  const touching = commands.filter((command) => /kubernest (up|down|install|uninstall)\b/.test(command));
  const isNamed = (command: string): boolean => /--name=(?!default\b)|--config |KUBERNEST_CONFIG=/.test(command);
  expect(touching.filter((command) => !isNamed(command))).toEqual([]);
});

it('every reason of a Warning that the code gives is explained', () => {
  const text = readFileSync(join(folder, 'troubleshooting.md'), 'utf8');
  const code = globSync('libs/{kubelet,controllers,scheduler}/**/src/**/*.ts', { cwd: root })
    .filter((file) => !/\.(spec|suite)\.ts$|\/testing\//.test(file))
    .map((file) => readFileSync(join(root, file), 'utf8'));
  const reasons = code.flatMap((each) =>
    [...each.matchAll(/(?:\.warning|rejected)\(\s*'([A-Z]\w+)'|type: 'Warning',\s*reason: '([A-Z]\w+)'/g)].map(
      ([, said, recorded]) => said ?? recorded!,
    ),
  );
  expect(new Set(reasons).size).toBeGreaterThan(10);
  const proxy = lastingWarnings.flatMap(({ warning, end }) => [warning, end]);
  expect([...new Set([...reasons, ...proxy])].filter((reason) => !text.includes(`\`${reason}\``))).toEqual([]);
});

it('the workflow is one, runs the commands of its guide, and the last in any case', () => {
  const text = readFileSync(join(folder, 'hollow-in-ci.md'), 'utf8');
  const workflow = parse(/^```yaml\n([\s\S]*?)^```/m.exec(text)![1]!) as Workflow;
  const { steps } = workflow.jobs['test']!;
  expect(steps.filter(({ run, uses }) => (run === undefined) === (uses === undefined))).toEqual([]);
  const runs = steps.filter(({ run }) => run !== undefined);
  expect(runs.map(({ run }) => run)).toEqual(readGuide(text).steps.map(({ command }) => command));
  expect(runs.at(-1)).toMatchObject({ if: 'always()' });
});

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { run?: string; uses?: string; if?: string }[] }>>;
}

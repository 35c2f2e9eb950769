import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { statusLines } from '../commands/status-lines.ts';
import { tableLines } from '../commands/table.ts';
import { printFault, printLine } from './print.ts';

afterEach(() => void vi.restoreAllMocks());

const source = join(import.meta.dirname, '..');

it('nothing is printed past the place where text is made safe', () => {
  const files = globSync('**/*.ts', { cwd: source }).filter((file) => !file.endsWith('.spec.ts'));
  expect(files.length).toBeGreaterThan(100);
  const printing = files.filter((file) =>
    /console\.(log|error|warn|info)|process\.std(out|err)\.write/.test(readFileSync(join(source, file), 'utf8')),
  );
  expect(printing).toEqual(['output/print.ts']);
});

it('what a pod, a node or a name says does nothing to the terminal', () => {
  const printed: string[] = [];
  for (const method of ['log', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((line: string) => void printed.push(line));
  const evil = '\u001b]0;mine\u0007\u001b[2J\nkubernest: all is well';
  const report = {
    name: 'x',
    dataDir: '/x',
    state: 'unwell',
    store: 'sqlite',
    processes: [],
    api: '',
    dashboard: '',
    context: '',
    ranges: { pods: '', services: '', nodePorts: '' },
    missingNodePorts: [],
    unwell: [`pod a/b: ${evil}`],
  } as const;
  const lines = [...statusLines(report, new Date()), ...tableLines(['NAME', 'DATA'], [[evil, 'data']])];
  for (const line of lines) printLine(line);
  printFault(evil);
  expect(printed.filter((line) => line.includes('all is well')).length).toBe(3);
  expect(printed.join('')).not.toMatch(/\p{Cc}/u);
  const [headings, row] = tableLines(['NAME', 'DATA'], [[evil, 'data']]);
  expect(headings!.indexOf('DATA')).toBe(row!.indexOf('data'));
});

import { expect, it } from 'vitest';
import { rowOf, tableOf } from './list.command.ts';

const facts = { format: 1, name: 'far', index: 0, apiPort: 6443, kubeletPort: 10250, store: 'sqlite' };

it('a cluster is listed whatever became of its directory, and what is wrong below the table', () => {
  const rows = [
    { path: '/nowhere/far', facts },
    { path: '/nowhere/lost-session', facts: { ...facts, name: 'sim', runtime: 'hollow' as const } },
    { path: '/nowhere/torn', fault: 'it is torn' },
    { path: '/nowhere/gone', name: 'lab', fault: 'it is gone', isMissing: true as const },
  ].map(rowOf);
  expect(rows.map(({ name, state, dataDir, fault }) => [name, state, dataDir, fault])).toEqual([
    ['far', 'stopped', '/nowhere/far', undefined],
    ['sim', 'stopped', '/nowhere/lost-session', undefined],
    ['?', 'damaged', '/nowhere/torn', 'it is torn'],
    ['lab', 'missing', '/nowhere/gone', 'it is gone'],
  ]);
  expect(tableOf(rows).map((line) => line.split(/\s{2,}/))).toEqual([
    ['NAME', 'STATE', 'RUNTIME', 'STORE', 'API', 'DATA'],
    ['far', 'stopped', '-', 'sqlite', 'https://127.0.0.1:6443', '/nowhere/far'],
    ['sim', 'stopped', 'hollow', 'sqlite', 'https://127.0.0.1:6443', '/nowhere/lost-session'],
    ['?', 'damaged', '-', '-', '-', '/nowhere/torn'],
    ['lab', 'missing', '-', '-', '-', '/nowhere/gone'],
    ['it is torn'],
    ['it is gone'],
  ]);
});

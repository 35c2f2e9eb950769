import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { rulesOf } from '../../contract/src/rules.fixture.ts';
import { chainNames } from './names.ts';
import { renderTables } from './render.ts';
import { readSaved, writeSaved } from './saved-rules.ts';

it('rules that were kept are as they were; those with a line in a line are not believed', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kn-saved-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'rules.json');
  const rules = rulesOf([{}]);
  writeSaved(file, { rules, tables: renderTables(rules, chainNames('KN')) });
  expect(readSaved(file)).toEqual({ rules, tables: renderTables(rules, chainNames('KN')) });
  writeFileSync(file, readFileSync(file, 'utf8').replace('-d 10.96.0.5/32', '-d 10.96.0.5/32 -j ACCEPT\\n-A INPUT'));
  expect(readSaved(file)).toBeUndefined();
});

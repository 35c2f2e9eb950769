import type { PolicyRule } from '@kubernest/apiserver/contract';
import { builtinKinds } from '@kubernest/kinds';
import { apiVersionOf } from '@kubernest/meta';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomeOf, rowsOf } from './paths.fixture.ts';
import { identities, peopledApi, type Question } from './people.fixture.ts';

let api: TestCluster;
let everybody: readonly PolicyRule[];
beforeAll(async () => {
  ({ api, everybody } = await peopledApi());
});
afterAll(() => api[Symbol.asyncDispose]());

const kinds = builtinKinds.map(
  (definition) => [`${definition.plural} ${apiVersionOf(definition)}`, definition] as const,
);

const everybodyMay = ({ verb, group, resource, subresource }: Omit<Question, 'line'>): boolean =>
  everybody.some(
    ({ verbs, apiGroups = [], resources = [] }) =>
      verbs.includes(verb) && apiGroups.includes(group) && resources.includes(resource) && subresource === '',
  );

/** A Binding without a target is told of as a fault of the server; others do not know that field. */
const body = { metadata: { name: 'one' }, target: { name: 'none' } };

describe.each(kinds)('%s', (_, definition) => {
  it.each(Object.entries(identities))(
    'is served where it is and to whom it may be: %s',
    async (_name, { caller, may }) => {
      const before = await api.store.currentRevision(api.ctx);
      const wrong: string[] = [];
      for (const row of rowsOf(definition)) {
        const allowed = (question: Omit<Question, 'line'>) => may(question) || everybodyMay(question);
        const through = allowed(row) && (row.also === undefined || allowed({ ...row, verb: row.also }));
        const expected = through ? row.served : 'forbidden';
        const found = outcomeOf(await api.handle(caller, row.line, body));
        if (found !== expected) wrong.push(`${row.line}: ${found}, and not ${expected}`);
      }
      expect(wrong).toEqual([]);
      expect(await api.store.currentRevision(api.ctx)).toBe(before);
    },
  );
});

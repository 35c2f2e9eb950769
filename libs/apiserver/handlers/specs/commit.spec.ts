import { StoreBusyError, StoreFullError, StoreUnavailableError } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { storeWith, testServer } from '@kubernest/testkit/server';
import { describe, expect, test } from 'vitest';

const maps = '/api/v1/namespaces/default/configmaps';
const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' } };

describe.each([
  [new StoreBusyError('full'), 429, 'TooManyRequests', 'nothing was written; please try again later', '1'],
  [new StoreFullError('full'), 503, 'ServiceUnavailable', 'nothing was written; free some space', undefined],
  [new StoreUnavailableError('away'), 503, 'ServiceUnavailable', 'the outcome of this write is unknown', undefined],
] as const)('a store that refuses (%s)', (fault, status, reason, words, retryAfter) => {
  test.each([
    [`POST ${maps}`, { ...body, metadata: { name: 'b' } }, {}],
    [`PUT ${maps}/a`, { ...body, data: { a: '2' } }, {}],
    [`PATCH ${maps}/a`, { data: { a: '2' } }, { 'content-type': 'application/merge-patch+json' }],
    [`PATCH ${maps}/a?fieldManager=me&force=true`, body, { 'content-type': 'application/apply-patch+yaml' }],
    [`DELETE ${maps}/a`, undefined, {}],
    [`DELETE ${maps}`, undefined, {}],
  ] as [string, object | undefined, Record<string, string>][])(
    'is told of alike by %s',
    async (line, sent, headers) => {
      let refusing = false;
      const store = memoryStore();
      const commit: typeof store.commit = (transaction, ctx) =>
        refusing ? Promise.reject(fault) : store.commit(transaction, ctx);
      await using api = await testServer({ store: storeWith(store, { commit }) });
      await api.call(`POST ${maps}`, body);
      refusing = true;
      const answer = await api.call(line, sent, headers);
      expect(answer).toMatchObject({ status, object: { kind: 'Status', reason } });
      expect(answer.object.message).toContain(words);
      expect(answer.headers['retry-after']).toBe(retryAfter);
    },
  );
});

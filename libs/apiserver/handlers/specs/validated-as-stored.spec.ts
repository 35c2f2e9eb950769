import type { AdmissionCall, AdmissionPlugin } from '@kubernest/apiserver/contract';
import { forbidden } from '@kubernest/meta';
import type { Store, Transaction } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { storeWith, testServer } from '@kubernest/testkit/server';
import { beforeEach, describe, expect, it } from 'vitest';

const maps = '/api/v1/namespaces/default/configmaps';
const key = '/kubernest/spec';

let numbers: number;
let validated: string[];
let ends: string[];
beforeEach(() => {
  [numbers, validated, ends] = [0, [], []];
});

interface Numbered {
  data?: Record<string, string>;
}
const shown = ({ object, operation }: AdmissionCall): string =>
  `${operation} ${object?.metadata.name} ${(object as Numbered).data?.['number']}`;

/** Gives each object a number in the transaction that stores it. */
const numbering: AdmissionPlugin = {
  name: 'numbering',
  sees: { resources: ['configmaps'], on: ['create', 'update'] },
  joins({ object }) {
    const number = String(++numbers);
    (object as Numbered).data = { number };
    const note = { key: `${key}/${number}`, text: '', whileAbsent: [`${key}/${number}`] };
    return { notes: [note], lost: () => ends.push(`lost ${number}`), committed: () => ends.push(`stored ${number}`) };
  },
};
/** Of what `refuses` matches, it wants nothing. */
const seeing = (refuses = /nothing/): AdmissionPlugin => ({
  name: 'seeing',
  sees: { resources: ['configmaps'], on: ['create', 'update'] },
  validate(call) {
    validated.push(shown(call));
    if (refuses.test(shown(call))) throw forbidden({ group: '', resource: 'configmaps' }, 'not this one');
  },
});

/** A store in which the first new map comes too late. */
function takenOnce(store: Store): Store {
  let isTaken = false;
  const commit: Store['commit'] = async (transaction: Transaction, ctx) => {
    const own = transaction.conditions.find(({ revision, key }) => revision === 0 && key.includes('/configmaps/'));
    if (!own || isTaken) return store.commit(transaction, ctx);
    isTaken = true;
    return { ok: false, failed: [{ key: own.key, entry: undefined }], revision: 1 };
  };
  return storeWith(store, { commit });
}
const taking = (number: number) => ({
  conditions: [],
  writes: [{ op: 'put' as const, key: `${key}/${number}`, value: Buffer.from('') }],
});

describe('what is validated is what is stored', () => {
  it.each(['', '?dryRun=All'])('with what joins its transaction%s', async (query) => {
    await using api = await testServer({ plugins: [numbering, seeing()] });
    const { object } = await api.call(`POST ${maps}${query}`, { metadata: { generateName: 'm-' } });
    expect(object.metadata.name).toMatch(/^m-/);
    expect(validated).toEqual([`create ${object.metadata.name} ${object.data.number}`]);
    const update = await api.call(`PUT ${maps}/${object.metadata.name}`, { ...object, data: { a: 'b' } });
    expect(update.status).toBe(query ? 404 : 200);
  });

  it('also when what joins it was another’s by then', async () => {
    await using api = await testServer({ plugins: [numbering, seeing()] });
    await api.store.commit(taking(1), api.ctx);
    const { object } = await api.call(`POST ${maps}`, { metadata: { name: 'a' } });
    expect(object.data).toEqual({ number: '2' });
    expect(validated).toEqual(['create a 1', 'create a 2']);
    expect(ends).toEqual(['lost 1', 'stored 2']);
  });

  it('also when its generated name was another’s by then', async () => {
    await using api = await testServer({ plugins: [numbering, seeing()], store: takenOnce(memoryStore()) });
    const { object } = await api.call(`POST ${maps}`, { metadata: { generateName: 'm-' } });
    expect(validated).toHaveLength(2);
    expect(validated[1]).toBe(`create ${object.metadata.name} ${object.data.number}`);
    expect(validated[0]).not.toContain(object.metadata.name);
  });

  it('and what is refused for it is not stored, of which who joined it is told', async () => {
    await using api = await testServer({ plugins: [numbering, seeing(/ 1$/)] });
    expect((await api.call(`POST ${maps}`, { metadata: { name: 'a' } })).status).toBe(403);
    expect(ends).toEqual(['lost 1']);
    expect((await api.call(`GET ${maps}/a`)).status).toBe(404);
  });

  it('and a change that changes nothing is validated too', async () => {
    await using api = await testServer({ plugins: [seeing()] });
    const { object } = await api.call(`POST ${maps}`, { metadata: { name: 'a' }, data: { number: '7' } });
    const again = await api.call(`PUT ${maps}/a`, object);
    expect(again.object.metadata.resourceVersion).toBe(object.metadata.resourceVersion);
    expect(new Set(validated)).toEqual(new Set(['create a 7', 'update a 7']));
  });
});

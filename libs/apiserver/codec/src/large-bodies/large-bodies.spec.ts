import type { Expected } from '@kubernest/apiserver/contract';
import { builtinKinds } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BodyThread } from './body-thread.ts';
import { LargeBodies } from './large-bodies.ts';
import { ThreadTasks } from './thread-tasks.ts';

const expected: Expected = { group: '', version: 'v1', kind: 'ConfigMap', schema: { type: 'any' } };
const program = new URL('../../fixtures/scripted-program.ts', import.meta.url);

let server: AbortController;
let ctx: Context;
let tasks: ThreadTasks;
let bodies: LargeBodies;
beforeEach(() => {
  server = new AbortController();
  ctx = { signal: server.signal, clock: new FakeClock(), log: silentLogger };
  tasks = new ThreadTasks({ program, knows: builtinKinds });
  bodies = new LargeBodies(tasks);
});
afterEach(() => {
  server.abort();
  tasks.close();
});

/** The name of the object that is made of a body of those bytes. */
async function nameOf(name: string, body: string | Uint8Array, signal = ctx.signal): Promise<string | undefined> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const order = { contentType: name, bytes, stored: false, fieldValidation: 'Ignore' } as const;
  return (
    await bodies.object(order, { user: { username: 'ann', groups: [] }, expected, warn: () => {} }, { ...ctx, signal })
  ).metadata.name;
}
const advance = (seconds: number) => (ctx.clock as FakeClock).advance(seconds * 1000);

it('answers one after the other, each with its own', async () => {
  const names = ['a', 'b', 'c', 'd'];
  expect(await Promise.all(names.map((name) => nameOf(name, 'a')))).toEqual(names);
});

it('an answer that is on its way when its body is given up goes to nobody', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(8));
  shared[0] = 's'.charCodeAt(0);
  // Once it runs, all is there that the thread waits for.
  await nameOf('warm', 'a');
  const late = nameOf('late', shared);
  late.catch(() => {});
  const next = nameOf('next', 'a');
  await Promise.resolve();
  Atomics.wait(new Int32Array(shared.buffer as SharedArrayBuffer), 1, 0);
  const passed = advance(10);
  await expect(late).rejects.toMatchObject({ code: 504, reason: 'Timeout' });
  expect(await next).toBe('next');
  expect(await nameOf('after', 'a')).toBe('after');
  await passed;
});

it('an answer given twice, or that nobody asked for, goes to nobody', async () => {
  expect(await Promise.all([nameOf('twice', 't'), nameOf('b', 't'), nameOf('c', 'a')])).toEqual(['twice', 'b', 'c']);
});

it('a body that takes more memory than the thread may have is refused as too large, and no other', async () => {
  const large = nameOf('large', 'm');
  const next = nameOf('next', 'a');
  await expect(large).rejects.toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
  expect(await next).toBe('next');
});

it('a body that takes too long is given up, and the others are answered', async () => {
  const slow = nameOf('slow', 'never');
  const next = nameOf('next', 'a');
  const refused = expect(slow).rejects.toMatchObject({ code: 504, reason: 'Timeout' });
  await Promise.resolve();
  await advance(10);
  await refused;
  expect(await next).toBe('next');
});

it('what a request waits for that is over is not worked on', async () => {
  const request = new AbortController();
  const over = new Error('the client is gone');
  const atWork = nameOf('at work', 'never', request.signal);
  const waiting = nameOf('waiting', 'never', request.signal);
  const next = nameOf('next', 'a');
  const both = Promise.all([atWork, waiting].map((name) => expect(name).rejects.toBe(over)));
  request.abort(over);
  await both;
  expect(await next).toBe('next');
  await expect(nameOf('late', 'a', request.signal)).rejects.toBe(over);
});

it.each([
  ['answers with a fault', 'f', 'reading the request body failed: ours'],
  ['throws', 'x', 'the thread broke'],
  ['ends', 'e', 'ended with 3'],
])('a thread that %s fails one body, and no other', async (_, body, message) => {
  const faulty = nameOf('faulty', body);
  const next = nameOf('next', 'a');
  await expect(faulty).rejects.toThrow(message);
  expect(await next).toBe('next');
});

it.each([
  ['by their number', 200, 1, 50],
  ['by their bytes', 40, 3 * 1024 * 1024, 16],
])('takes no more than one user may have, %s, and refuses the rest with 429', async (_, count, bytes, taken) => {
  const body = new Uint8Array(new SharedArrayBuffer(bytes));
  const outcomes = Array.from({ length: count }, () => nameOf('never', body).catch((error: unknown) => error));
  const refused = await Promise.all(outcomes.slice(taken));
  expect(refused).toHaveLength(count - taken);
  for (const error of refused)
    expect(error).toMatchObject({ code: 429, reason: 'TooManyRequests', details: { retryAfterSeconds: 1 } });
  const end = new Error('the server stops');
  server.abort(end);
  for (const error of await Promise.all(outcomes.slice(0, taken))) expect(error).toBe(end);
});

it('what has been given up makes room', async () => {
  const request = new AbortController();
  const all = Array.from({ length: 50 }, () => nameOf('never', 'never', request.signal).catch(() => {}));
  await expect(nameOf('more', 'a')).rejects.toMatchObject({ code: 429 });
  request.abort();
  await Promise.all(all);
  await expect(nameOf('again', 'a')).resolves.toBe('again');
});

it('what the thread does not know is read here, though its schema is no data', async () => {
  const { fields } = builtinKinds[0]!.schema;
  const schema = { type: 'struct', fields, read: () => ({}) } as const;
  const bytes = Buffer.from('{"metadata":{"name":"here"}}');
  const order = { contentType: 'application/json', bytes, stored: false, fieldValidation: 'Ignore' } as const;
  const asking = { user: { username: 'ann', groups: [] }, warn: () => {} };
  const unknown = { ...expected, kind: 'Unknown', schema };
  const others = [nameOf('before', 'a'), nameOf('after', 'a')];
  expect(await bodies.object(order, { ...asking, expected: unknown }, ctx)).toMatchObject({
    metadata: { name: 'here' },
  });
  expect(await Promise.all(others)).toEqual(['before', 'after']);
});

it('a thread that a task cannot be sent to is given up, and has nothing to do', async () => {
  const thread = new BodyThread(program);
  const task = { expected, source: { id: 'a', data: () => {} }, bytes: new Uint8Array(1) };
  await expect(thread.run('read', thread.sending(task as never))).rejects.toThrow('could not be cloned');
  expect(thread).toMatchObject({ busy: false, ended: true });
});

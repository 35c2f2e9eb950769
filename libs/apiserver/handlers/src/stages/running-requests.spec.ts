import { EventEmitter } from 'node:events';
import type { ApiRequest, ApiResponse, AuditEvent, WatchResponse } from '@kubernest/apiserver/contract';
import { noOtherApis } from '@kubernest/definitions';
import { Metrics } from '@kubernest/kit';
import { requestFor, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseRequestInfo } from '../requests/request-info.ts';
import { RunningRequests } from './running-requests.ts';

let metrics: Metrics;
let api: TestServer;
beforeEach(async () => {
  metrics = new Metrics();
  api = await testServer({ metrics });
});
afterEach(() => api[Symbol.asyncDispose]());

const path = '/api/v1/namespaces/one/configmaps';
const told = (name: string) =>
  metrics
    .all()
    .find((metric) => metric.name === name)!
    .samples()
    .map(({ labels, value }) => `${Object.values(labels).join()} ${value}`);
const served = (request: ApiRequest) => ({ request, info: parseRequestInfo(request) });
const running = () => told('apiserver_longrunning_requests');

it('counts watches as long as they last', async () => {
  const [first, second] = [await api.watch(`${path}?watch=1`), await api.watch(`${path}?watch=1`)];
  expect(running()).toEqual(['WATCH,,v1,configmaps,,namespace,apiserver 2']);
  first.stop();
  await first.ended;
  expect(running()).toEqual(['WATCH,,v1,configmaps,,namespace,apiserver 1']);
  second.stop();
  await second.ended;
  expect(running()).toEqual(['WATCH,,v1,configmaps,,namespace,apiserver 0']);
});

it('counts no watch that is refused', async () => {
  expect((await api.call(`GET ${path}?watch=1`, undefined, { 'x-user': 'eve' })).status).toBe(403);
  expect((await api.call('GET /api/v1/made-up?watch=1')).status).toBe(404);
  expect(running()).toEqual([]);
});

it('counts no watch of another server’s, whose names nobody here knows; nor is any told', async () => {
  const own = new Metrics();
  const heard: AuditEvent[] = [];
  const watch: ApiResponse = { kind: 'watch', status: 200, headers: {}, run: async () => {} };
  const delegate = () => ({ handle: () => Promise.resolve(watch), apis: () => noOtherApis });
  await using front = await testServer({ metrics: own, delegate, audit: (event) => void heard.push(event) });
  for (const name of ['a', 'b']) {
    const answer = await front.server.handle(requestFor(`GET /apis/g/v1/${name}?watch=1`), front.ctx);
    await (answer as WatchResponse).run({}, front.ctx);
  }
  expect(heard.map(({ routed }) => routed)).toEqual([false, false]);
  expect(
    own
      .all()
      .find(({ name }) => name === 'apiserver_longrunning_requests')!
      .samples(),
  ).toEqual([]);
});

it('counts every event that a watch is sent, what it begins with among them', async () => {
  await api.call(`POST ${path}`, { metadata: { name: 'a' } });
  const watches = [await api.watch(`${path}?watch=1`), await api.watch(`${path}?watch=1&labelSelector=x`)];
  await watches[0]!.next(1);
  await api.call(`POST ${path}`, { metadata: { name: 'b' } });
  await api.call(`POST ${path}`, { metadata: { name: 'c', labels: { x: '' } } });
  await watches[0]!.next(2);
  await watches[1]!.next(1);
  expect(told('apiserver_watch_events_total')).toEqual([',v1,configmaps 4']);
});

it('counts a session until its socket is closed', () => {
  const socket = new EventEmitter();
  const own = new Metrics();
  const requests = new RunningRequests(own);
  const line = 'POST /api/v1/namespaces/one/pods/a/exec';
  const request = { ...requestFor(line), upgrade: { socket } } as unknown as ApiRequest;
  const response: ApiResponse = { kind: 'upgraded' };
  const open = () =>
    own
      .all()[0]!
      .samples()
      .map(({ labels, value }) => `${labels['verb']} ${value}`);
  expect(requests.follow(served(request), response)).toBe(response);
  expect(open()).toEqual(['CONNECT 1']);
  socket.emit('close');
  expect(open()).toEqual(['CONNECT 0']);
});

it('leaves alone what is answered at once', () => {
  const request = requestFor(`GET ${path}`);
  const response: ApiResponse = { kind: 'bytes', status: 200, headers: {}, body: [] };
  expect(new RunningRequests(new Metrics()).follow(served(request), response)).toBe(response);
});

import { CacheEntry, objectFormOf } from '@kubernest/apiserver/codec';
import type { ApiRequest } from '@kubernest/apiserver/contract';
import { builtinKinds } from '@kubernest/kinds';
import { atOnce } from '@kubernest/meta';
import { expect, it } from 'vitest';
import type { CacheEvent } from '../cache/resource-cache.ts';
import { Resource } from '../catalog/resource.ts';
import { ResourceSelection } from '../selection/selection.ts';
import { type Group, WatchGroups } from './watch-groups.ts';
import { seenBy } from './watcher.ts';

const pods = new Resource(builtinKinds.find(({ kind }) => kind === 'Pod')!);
const objects = objectFormOf({ headers: {} } as ApiRequest, pods);

interface PodState {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly app: string;
}

let revision = 0;
function entryOf({ namespace, name, node, app }: PodState): CacheEntry {
  revision++;
  const metadata = { name, namespace, labels: { app }, resourceVersion: String(revision) };
  const bytes = Buffer.from(JSON.stringify({ kind: 'Pod', apiVersion: 'v1', metadata, spec: { nodeName: node } }));
  return new CacheEntry({ key: pods.key(namespace, name), revision, bytes, namespace, name });
}
const added = (state: PodState): CacheEvent => ({ type: 'ADDED', revision, entry: entryOf(state), old: undefined });
const changed = (before: PodState, now: PodState): CacheEvent => {
  const old = entryOf(before);
  return { type: 'MODIFIED', entry: entryOf(now), revision, old };
};
const groupOf = (namespace: string, fieldSelector: string, labelSelector = ''): Group => ({
  form: objects,
  selection: new ResourceSelection(pods, { namespace, fieldSelector, labelSelector }),
  watchers: new Set(),
});

it('leaves out nothing that a selection would see, and keeps the order', () => {
  const groups = new WatchGroups();
  const all = ['', 'a', 'b'].flatMap((namespace) =>
    [
      '',
      'spec.nodeName=n1',
      'spec.nodeName=n2,metadata.name=x',
      'metadata.name=x',
      'spec.nodeName!=n1',
      'spec.nodeName=',
    ].flatMap((fields) => [groupOf(namespace, fields), groupOf(namespace, fields, 'app=one')]),
  );
  for (const group of all) groups.enter(group.selection.key, () => group);
  const states = ['a', 'b'].flatMap((namespace) =>
    ['x', 'y'].flatMap((name) =>
      ['', 'n1', 'n2'].flatMap((node) => ['one', 'two'].map((app) => ({ namespace, name, node, app }))),
    ),
  );
  const events = states.flatMap((state) => [
    added(state),
    ...states
      .filter(({ namespace, name }) => namespace === state.namespace && name === state.name)
      .map((other) => changed(other, state)),
  ]);
  const concerned = atOnce(groups.concerned(events));
  const told = (from: readonly CacheEvent[], { selection }: Group) =>
    from.flatMap((event) => seenBy(selection, event) ?? []).map(({ type, entry }) => [type, entry.revision]);
  for (const group of all) expect(told(concerned.get(group) ?? [], group)).toEqual(told(events, group));
});

it('asks of an event only those whose node it is or was, however many there are', () => {
  const groups = new WatchGroups();
  const nodes = Array.from({ length: 1000 }, (_, i) => groupOf('', `spec.nodeName=n${i}`));
  for (const group of nodes) groups.enter(group.selection.key, () => group);
  const [pod, moved] = ['n7', 'n8'].map((node) => ({ namespace: 'a', name: 'x', node, app: 'one' }));
  const events = [added(pod!), changed(pod!, moved!)];
  expect([...atOnce(groups.concerned(events))]).toEqual([
    [nodes[7], events],
    [nodes[8], [events[1]]],
  ]);
});

it('forgets a group that is left, and only that', () => {
  const groups = new WatchGroups();
  const [first, second] = [groupOf('', 'spec.nodeName=n1'), groupOf('', 'spec.nodeName=n1', 'app=one')];
  const again = groupOf('', 'spec.nodeName=n1');
  const { key } = first.selection;
  groups.enter(key, () => first);
  groups.enter(second.selection.key, () => second);
  groups.leave(key, first);
  groups.enter(key, () => again);
  groups.leave(key, first);
  expect(groups.all).toEqual([second, again]);
  const event = added({ namespace: 'a', name: 'x', node: 'n1', app: 'one' });
  expect([...atOnce(groups.concerned([event])).keys()]).toEqual([second, again]);
});

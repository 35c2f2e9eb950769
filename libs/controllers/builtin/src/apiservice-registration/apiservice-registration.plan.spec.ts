import { expect, it } from 'vitest';
import { definitionOf } from '../shared/crd.fixture.ts';
import { AUTOMANAGED, localService, namesOf, planRegistration, servedNames } from './apiservice-registration.plan.ts';

const spec = { group: 'a.b', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 100 };
const labelled = (label: string | undefined, over: object = {}) =>
  ({
    metadata: { name: 'v1.a.b', labels: label === undefined ? {} : { [AUTOMANAGED]: label } },
    spec: { ...spec, ...over },
  }) as never;
const other = { service: { namespace: 'x', name: 'y' } };

// Kubernetes' table: what is there, and what is wanted: nothing, at the start, always.
it.each<[string, unknown, { wasAtStart?: boolean; wasSynced?: boolean }, string[]]>([
  ['nothing', undefined, {}, ['nothing', 'create', 'create']],
  ['nothing any more', undefined, { wasSynced: true }, ['nothing', 'nothing', 'create']],
  ["somebody's own", labelled(undefined, other), { wasAtStart: true }, ['nothing', 'nothing', 'nothing']],
  ["somebody's own, so called", labelled('no', other), { wasAtStart: true }, ['nothing', 'nothing', 'nothing']],
  ['one of a start, another server made it', labelled('onstart', other), {}, ['nothing', 'nothing', 'nothing']],
  ['one of a start', labelled('onstart', other), { wasAtStart: true }, ['delete', 'update', 'update']],
  [
    'one of a start, seen before',
    labelled('onstart', other),
    { wasAtStart: true, wasSynced: true },
    ['nothing', 'nothing', 'nothing'],
  ],
  ['one that is kept', labelled('true', other), {}, ['delete', 'update', 'update']],
  ['one that is kept, seen before', labelled('true', other), { wasSynced: true }, ['delete', 'nothing', 'update']],
  ['the very same', labelled('true'), {}, ['delete', 'nothing', 'nothing']],
])('where there is %s', (_, current, seen, plans) => {
  const wanted = [undefined, labelled('onstart'), labelled('true')];
  const found = { wasAtStart: false, wasSynced: false, current: current as never, ...seen };
  expect(wanted.map((each) => planRegistration({ ...found, wanted: each }))).toEqual(plans);
});

it('what is built in, and what is defined, has a name, a place among groups, and a word about who keeps it', () => {
  const versions = [
    { name: 'v1', served: true, storage: true },
    { name: 'v2', served: false, storage: false },
  ];
  const builtin = new Set(['v1.', 'v1.apps', 'v1.new.k8s.io']);
  const crd = definitionOf({}, { versions }) as never;
  const of = (name: string) => {
    const found = localService(name, { builtin, isCustom: servedNames(crd).includes(name) });
    const { group, version, groupPriorityMinimum, versionPriority } = found?.spec ?? {};
    return found && [found.metadata.labels?.[AUTOMANAGED], group, version, groupPriorityMinimum, versionPriority];
  };
  expect(of('v1.')).toEqual(['onstart', undefined, 'v1', 18_000, 1]);
  expect(of('v1.apps')).toEqual(['onstart', 'apps', 'v1', 17_800, 15]);
  expect(of('v1.example.com')).toEqual(['true', 'example.com', 'v1', 1000, 100]);
  expect([of('v2.example.com'), of('v1.batch'), of('v1.new.k8s.io'), of('v1.elsewhere.com')]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(namesOf(crd)).toEqual(['v1.example.com', 'v2.example.com']);
});

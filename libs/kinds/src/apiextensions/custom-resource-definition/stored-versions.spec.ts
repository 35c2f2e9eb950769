import { deepFreeze, type KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { kindOf } from '../../kind-faults.fixture.ts';
import { lamps, version } from './definition.fixture.ts';

const { prepareForCreate, prepareForUpdate } = kindOf('CustomResourceDefinition');
const statusOf = (draft: object) => (draft as { status: { storedVersions: string[] } }).status;

it('a new definition begins with no status but the version in which objects are stored', () => {
  const draft = { ...lamps(), status: { storedVersions: ['v0'], conditions: [{ type: 'Established' }] } };
  prepareForCreate!(draft as unknown as KubeObject);
  expect(draft.status).toEqual({
    conditions: [],
    acceptedNames: { plural: '', kind: '' },
    storedVersions: ['v1'],
  });
});

it('another storage version is added to those that were before, of which none is changed in place', () => {
  const old = deepFreeze({ ...lamps(), status: { storedVersions: ['v1'] } });
  const versions = [version('v1', { storage: false }), version('v2', { storage: true })];
  const draft = { ...lamps({ versions }), status: old.status };
  prepareForUpdate!(draft as unknown as KubeObject, old as unknown as KubeObject);
  expect(statusOf(draft).storedVersions).toEqual(['v1', 'v2']);
  prepareForUpdate!(draft as unknown as KubeObject, old as unknown as KubeObject);
  expect(statusOf(draft).storedVersions).toEqual(['v1', 'v2']);
});

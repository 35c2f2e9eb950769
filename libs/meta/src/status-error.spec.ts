import { expect, it } from 'vitest';
import { fieldForbidden, fieldRequired } from './field-error.ts';
import { conflict, forbidden, invalid, notFound } from './status-error.ts';

const nameless = { group: '', resource: 'pods', name: '' };

it.each([
  ['not found', notFound(nameless), { kind: 'pods' }],
  ['forbidden', forbidden(nameless, 'why'), { kind: 'pods' }],
  ['a conflict', conflict({ ...nameless, group: 'g', name: 'a' }, 'why'), { name: 'a', group: 'g', kind: 'pods' }],
  [
    'invalid',
    invalid({ group: '', kind: 'Pod', name: '' }, [fieldForbidden('', 'not both'), fieldRequired('spec')]),
    {
      kind: 'Pod',
      causes: [
        { reason: 'FieldValueForbidden', message: 'Forbidden: not both' },
        { reason: 'FieldValueRequired', message: 'Required value', field: 'spec' },
      ],
    },
  ],
])('the details of what is %s hold nothing that is empty', (_what, error, details) => {
  expect(error.toStatus().details).toStrictEqual(details);
});

import { ageColumn, allVerbs, define, nameColumn, textColumn } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { Secret } from '../../types.ts';
import { secretDefaults } from './secret.defaults.ts';
import { validateSecret, validateSecretUpdate } from './secret.validation.ts';
import { warnOfSecret } from './secret.warnings.ts';

export const secretResource = define<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  namespaced: true,
  schema: apiSchema('core/v1', 'Secret'),
  verbs: allVerbs,
  allowUnconditionalUpdate: true,
  selectableFields: { type: (secret) => secret.type ?? '' },
  defaults: secretDefaults,
  validate: validateSecret,
  validateUpdate: validateSecretUpdate,
  warnings: warnOfSecret,
  columns: [
    nameColumn,
    textColumn<Secret>('Type', 'What its entries are for.', (secret) => secret.type ?? ''),
    textColumn<Secret>('Data', 'How many entries it has.', (secret) => Object.keys(secret.data ?? {}).length),
    ageColumn,
  ],
  example: {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'password', namespace: 'default' },
    type: 'Opaque',
    data: { password: 'c2VjcmV0' },
  },
});

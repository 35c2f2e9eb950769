import { ageColumn, allVerbs, define, draftOf, nameColumn } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { ServiceAccount } from '../../types.ts';
import { warnOfServiceAccount } from './service-account.warnings.ts';

/** Secrets are named, and only named: what else a reference says is dropped. */
function keepSecretNames(draft: KubeObject): void {
  const { secrets } = draft as ServiceAccount;
  if (Array.isArray(secrets)) draftOf(draft).secrets = secrets.map(({ name }) => ({ name }));
}

export const serviceAccountResource = define<ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  namespaced: true,
  schema: apiSchema('core/v1', 'ServiceAccount'),
  verbs: allVerbs,
  allowUnconditionalUpdate: true,
  deleteShowsObject: true,
  prepareForCreate: keepSecretNames,
  prepareForUpdate: keepSecretNames,
  warnings: warnOfServiceAccount,
  columns: [nameColumn, ageColumn],
  example: {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'builder', namespace: 'default' },
    secrets: [{ name: 'builder-token' }],
  },
});

import { ageColumn, allVerbs, define, draftOf, nameColumn, textColumn } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { Namespace } from '../../types.ts';
import { namespaceDefaults } from './namespace.defaults.ts';
import { validateNamespace, validateNamespaceUpdate } from './namespace.validation.ts';

const finalizer = 'kubernetes';

export const namespaceResource = define<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  schema: apiSchema('core/v1', 'Namespace'),
  // compat: Kubernetes has no deletecollection here, so that nobody deletes every namespace with one request.
  verbs: allVerbs.filter((verb) => verb !== 'deletecollection'),
  statusSubresource: true,
  allowUnconditionalUpdate: true,
  nameFormat: 'label',
  selectableFields: { 'status.phase': (namespace) => namespace.status?.phase ?? '' },
  prepareForCreate(draft) {
    const record = draftOf(draft);
    record.status = { phase: 'Active' };
    const spec = (record.spec ?? {}) as { finalizers?: string[] };
    const finalizers = spec.finalizers ?? [];
    record.spec = { ...spec, finalizers: finalizers.includes(finalizer) ? finalizers : [...finalizers, finalizer] };
  },
  prepareForUpdate(draft, old) {
    const record = draftOf(draft);
    // Only the finalize subresource changes what keeps a namespace from going.
    record.spec = { ...(record.spec as object), finalizers: old.spec?.finalizers };
  },
  prepareForDelete(draft) {
    const record = draftOf(draft);
    record.status = { ...(record.status as object), phase: 'Terminating' };
  },
  isHeld: (namespace) => (namespace.spec?.finalizers?.length ?? 0) > 0,
  defaults: namespaceDefaults,
  validate: validateNamespace,
  validateUpdate: validateNamespaceUpdate,
  columns: [
    nameColumn,
    textColumn<Namespace>('Status', 'Active, or Terminating while it is being emptied.', (n) => n.status?.phase ?? ''),
    ageColumn,
  ],
  example: {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop' },
    spec: { finalizers: [finalizer] },
    status: { phase: 'Active' },
  },
});

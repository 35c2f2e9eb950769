import { allVerbs, type Column, define, draftOf, nameColumn } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { CustomResourceDefinition } from '../../types.ts';
import { defaultCustomResourceDefinition } from './custom-resource-definition.defaults.ts';
import { validateDefinition, validateDefinitionChange } from './custom-resource-definition.validation.ts';
import { warnOfDefinition } from './custom-resource-definition.warnings.ts';
import type { SentDefinition } from './definition-parts.ts';
import { beginCleanup, isHeldForCleanup } from './deletion.ts';
import { addStoredVersion } from './stored-versions.ts';

const createdColumn: Column = {
  name: 'Created At',
  type: 'date',
  description: 'When it was created.',
  cell: ({ metadata }) => metadata.creationTimestamp ?? '<unknown>',
};

/** The declarations know no keyword of Kubernetes' own. */
const anything: object = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export const customResourceDefinitionResource = define<CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  schema: apiSchema('apiextensions/v1', 'CustomResourceDefinition'),
  verbs: allVerbs,
  statusSubresource: true,
  tracksGeneration: true,
  freeFinalizers: true,
  allowUnconditionalUpdate: false,
  prepareForCreate: (draft) => {
    draftOf(draft)['status'] = { conditions: [], acceptedNames: { plural: '', kind: '' }, storedVersions: [] };
    addStoredVersion(draft);
  },
  prepareForUpdate: addStoredVersion,
  prepareForDelete: beginCleanup,
  isHeld: isHeldForCleanup,
  defaults: defaultCustomResourceDefinition,
  validate: (crd, context) => validateDefinition(crd as SentDefinition, context),
  validateUpdate: (crd, old, context) =>
    validateDefinitionChange(crd as SentDefinition, old as SentDefinition, context),
  warnings: (crd, context) => warnOfDefinition(crd as SentDefinition, context),
  columns: [nameColumn, createdColumn],
  example: {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'lamps.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'lamps', singular: 'lamp', kind: 'Lamp', listKind: 'LampList', shortNames: ['lp'] },
      conversion: { strategy: 'None' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [{ name: 'Watts', type: 'integer', jsonPath: '.spec.watts' }],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  required: ['watts'],
                  properties: {
                    watts: { type: 'integer', minimum: 1, maximum: 100 },
                    colours: { type: 'array', items: { type: 'string', pattern: '^[a-z]+$' } },
                    labels: { type: 'object', additionalProperties: { type: 'string' } },
                    on: { type: 'boolean', default: false },
                  },
                },
                status: anything,
              },
            },
          },
        },
      ],
    },
    status: {
      conditions: [
        {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
          lastTransitionTime: '2026-11-24T10:00:00Z',
        },
      ],
      acceptedNames: { plural: 'lamps', singular: 'lamp', kind: 'Lamp', listKind: 'LampList', shortNames: ['lp'] },
      storedVersions: ['v1'],
    },
  },
});

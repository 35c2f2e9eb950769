import { ageColumn, allVerbs, define, nameColumn, textColumn } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { ConfigMap } from '../../types.ts';
import { validateConfigMap, validateConfigMapUpdate } from './config-map.validation.ts';

export const configMapResource = define<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
  schema: apiSchema('core/v1', 'ConfigMap'),
  verbs: allVerbs,
  allowUnconditionalUpdate: true,
  validate: validateConfigMap,
  validateUpdate: validateConfigMapUpdate,
  columns: [
    nameColumn,
    textColumn<ConfigMap>(
      'Data',
      'How many entries it has.',
      (map) => Object.keys(map.data ?? {}).length + Object.keys(map.binaryData ?? {}).length,
    ),
    ageColumn,
  ],
  example: {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'default' },
    data: { colour: 'blue' },
    binaryData: { logo: 'AAEC' },
  },
});

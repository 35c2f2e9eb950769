import { allVerbs, define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { Node } from '../../types.ts';
import { nodeColumns } from './node.columns.ts';
import { nodeDefaults } from './node.defaults.ts';
import { validateNode, validateNodeUpdate } from './node.validation.ts';
import { warnOfNode } from './node.warnings.ts';

export const nodeResource = define<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  namespaced: false,
  schema: apiSchema('core/v1', 'Node'),
  verbs: allVerbs,
  statusSubresource: true,
  statusOnCreate: 'kept',
  allowUnconditionalUpdate: true,
  selectableFields: { 'spec.unschedulable': (node) => String(node.spec?.unschedulable ?? false) },
  defaults: nodeDefaults,
  validate: validateNode,
  validateUpdate: validateNodeUpdate,
  warnings: warnOfNode,
  columns: nodeColumns,
  example: {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'worker-1', labels: { 'kubernetes.io/hostname': 'worker-1' } },
    spec: { podCIDR: '10.1.0.0/24', podCIDRs: ['10.1.0.0/24'] },
    status: {
      addresses: [{ type: 'InternalIP', address: '192.0.2.10' }],
      allocatable: { cpu: '2', memory: '4Gi', pods: '110' },
      capacity: { cpu: '2', memory: '4Gi', pods: '110' },
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: 'kubelet is posting ready status',
          lastHeartbeatTime: '2026-11-24T10:00:00Z',
          lastTransitionTime: '2026-11-24T10:00:00Z',
        },
      ],
    },
  },
});

import { ageColumn, type Column, nameColumn, textColumn, wide } from '@kubernest/definitions';
import type { Node } from '../../types.ts';

const rolePrefix = 'node-role.kubernetes.io/';
const roleLabel = 'kubernetes.io/role';

function statusText(node: Node): string {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  const status = !ready ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return node.spec?.unschedulable ? `${status},SchedulingDisabled` : status;
}

function rolesText(node: Node): string {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) roles.add(key.slice(rolePrefix.length));
    else if (key === roleLabel && value) roles.add(value);
  }
  return [...roles].sort().join(',') || '<none>';
}

function address(node: Node, type: string): string {
  return node.status?.addresses?.find((entry) => entry.type === type)?.address ?? '<none>';
}

function infoColumn(name: string, description: string, key: 'osImage' | 'kernelVersion' | 'containerRuntimeVersion') {
  return wide(textColumn<Node>(name, description, (node) => node.status?.nodeInfo?.[key] || '<unknown>'));
}

export const nodeColumns: readonly Column<Node>[] = [
  nameColumn,
  textColumn('Status', 'Whether it takes pods, and whether new ones are kept away.', statusText),
  textColumn('Roles', 'What its labels say it is for.', rolesText),
  ageColumn,
  textColumn('Version', 'Version of its kubelet.', (node) => node.status?.nodeInfo?.kubeletVersion ?? ''),
  wide(textColumn('Internal-IP', 'Address within the cluster.', (node) => address(node, 'InternalIP'))),
  wide(textColumn('External-IP', 'Address from outside.', (node) => address(node, 'ExternalIP'))),
  infoColumn('OS-Image', 'Operating system as it names itself.', 'osImage'),
  infoColumn('Kernel-Version', 'Version of the kernel.', 'kernelVersion'),
  infoColumn('Container-Runtime', 'Container runtime and its version.', 'containerRuntimeVersion'),
];

import { validateQualifiedName } from '@kubernest/meta';

const counted = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);
const ofContainers = new Set(['cpu', 'memory', 'ephemeral-storage']);
const standard = new Set([
  ...counted,
  ...ofContainers,
  ...['requests.', 'limits.'].flatMap((prefix) => [...ofContainers].map((name) => prefix + name)),
  'storage',
  'requests.storage',
]);

export const isHugePage = (name: string): boolean => name.startsWith('hugepages-');
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
/** What a device plugin offers: `example.com/gpu`. */
const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && validateQualifiedName(`requests.${name}`).length === 0;
export const isWhole = (name: string): boolean => counted.has(name) || isExtended(name);
export const mayBeOvercommitted = (name: string): boolean => isNative(name) && !isHugePage(name);

/** The name of anything that is counted or measured. */
export function validateResourceName(name: string): string[] {
  const faults = validateQualifiedName(name);
  if (faults.length > 0 || name.includes('/') || standard.has(name) || isHugePage(name)) return faults;
  return ['must be a standard resource type or fully qualified'];
}

/** The name of what a container may ask for. */
export function validateContainerResourceName(name: string): string[] {
  const faults = validateResourceName(name);
  if (!name.includes('/')) {
    if (!ofContainers.has(name) && !isHugePage(name)) faults.push('must be a standard resource for containers');
  } else if (!isNative(name) && !isExtended(name)) faults.push("doesn't follow extended resource name standard");
  return faults;
}

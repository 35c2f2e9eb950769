import { fieldErrorBody, type KubeObject } from '@kubernest/meta';
import type { Pod } from '../../types.ts';
import { podDefaults } from './pod.defaults.ts';
import { validatePod } from './pod.validation.ts';

export type Loose = Record<string, unknown>;
export const container = (more: Loose = {}): Loose => ({ name: 'web', image: 'web:1', ...more });

export function pod(spec: Loose): Pod {
  const draft = { metadata: { name: 'web' }, spec: structuredClone({ containers: [container()], ...spec }) };
  podDefaults(draft as KubeObject);
  return draft as unknown as Pod;
}

export const faults = (spec: Loose): string[] =>
  validatePod(pod(spec), { subresource: '', now: new Date(0) }).map(
    (fault) => `${fault.field}: ${fieldErrorBody(fault)}`,
  );
export const faultsOfContainer = (more: Loose, spec: Loose = {}): string[] =>
  faults({ containers: [container(more)], ...spec });

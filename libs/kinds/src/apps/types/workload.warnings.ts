import { collectWarnings, type ValidationContext, type Warn } from '@kubernest/definitions';
import { type KubeObject, validateDns1123Label } from '@kubernest/meta';
import { type PodLike, warnOfPodTemplate } from '../../core/types/pod-spec.warnings.ts';

interface Workload extends KubeObject {
  readonly spec?: { readonly template?: unknown };
}

/** What makes pods from a template: told of its name when it is made, and of its template when that or another part of it is new. */
export function warnOfWorkload({ metadata, spec }: Workload, { subresource, old }: ValidationContext): string[] {
  if (subresource !== '' || (old && old.metadata.generation === metadata.generation)) return [];
  return collectWarnings((warn) => {
    if (!old) warnOfName(metadata.name ?? '', warn);
    warnOfPodTemplate(spec?.template as PodLike | undefined, 'spec.template', warn);
  });
}

function warnOfName(name: string, warn: Warn): void {
  const faults = validateDns1123Label(name);
  if (faults.length === 0) return;
  const why = 'this is used in Pod names and hostnames, which can result in surprising behavior';
  warn(`metadata.name: ${why}; a DNS label is recommended: [${faults.join(' ')}]`);
}

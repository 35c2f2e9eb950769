import { quoted } from '@kubernest/definitions';
import { parseGoRequestUri } from '@kubernest/meta';
import type { SentDefinition } from './definition-parts.ts';

export const approvalAnnotation = 'api-approved.kubernetes.io';
const proposal = 'see https://github.com/kubernetes/enhancements/pull/1111';
const needed = `protected groups must have approval annotation "${approvalAnnotation}"`;

export interface ApiApproval {
  readonly state: 'missing' | 'bypassed' | 'approved' | 'invalid';
  /** In Kubernetes' words. */
  readonly words: string;
  /** As it stands in the annotation. */
  readonly text: string;
}

/** What the community says of an API in one of Kubernetes' own groups; undefined in all other groups. */
export function apiApprovalOf({ metadata, spec }: SentDefinition): ApiApproval | undefined {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(spec?.group ?? '')) return undefined;
  const text = metadata.annotations?.[approvalAnnotation] ?? '';
  if (text === '') return { state: 'missing', words: `${needed}, ${proposal}`, text };
  if (text.startsWith('unapproved')) return { state: 'bypassed', words: `not approved: ${quoted(text)}`, text };
  const { url } = parseGoRequestUri(text);
  if (url?.host && url.scheme) return { state: 'approved', words: `approved in ${text}`, text };
  const either = 'with either a URL or a reason starting with "unapproved"';
  return { state: 'invalid', words: `${needed} ${either}, ${proposal}`, text };
}

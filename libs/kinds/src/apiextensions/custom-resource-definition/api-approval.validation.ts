import { type FieldError, fieldInvalid, fieldRequired, parseGoRequestUri } from '@kubernest/meta';
import type { SentDefinition } from './definition-parts.ts';

const annotation = 'api-approved.kubernetes.io';
const field = `metadata.annotations[${annotation}]`;
const proposal = 'see https://github.com/kubernetes/enhancements/pull/1111';

type Approval = 'missing' | 'bypassed' | 'approved' | 'invalid';

const approvalOf = (text: string): Approval => {
  if (text === '') return 'missing';
  if (text.startsWith('unapproved')) return 'bypassed';
  const { url } = parseGoRequestUri(text);
  return url?.host && url.scheme ? 'approved' : 'invalid';
};

const isProtected = (group: string): boolean => /(^|\.)(k8s|kubernetes)\.io$/.test(group);
const textOf = ({ metadata }: SentDefinition): string => metadata.annotations?.[annotation] ?? '';

/** Kubernetes' own groups take what the community has approved; what was there without may stay as it is. */
export function validateApproval(crd: SentDefinition, old?: SentDefinition): FieldError[] {
  if (!isProtected(crd.spec?.group ?? '')) return [];
  const text = textOf(crd);
  const approval = approvalOf(text);
  if (old && approvalOf(textOf(old)) === approval) return [];
  if (approval === 'missing')
    return [fieldRequired(field, `protected groups must have approval annotation "${annotation}", ${proposal}`)];
  if (approval !== 'invalid') return [];
  const either = 'with either a URL or a reason starting with "unapproved"';
  return [
    fieldInvalid(field, text, `protected groups must have approval annotation "${annotation}" ${either}, ${proposal}`),
  ];
}

import { type FieldError, fieldInvalid, fieldRequired } from '@kubernest/meta';
import { apiApprovalOf, approvalAnnotation } from './api-approval.ts';
import type { SentDefinition } from './definition-parts.ts';

const field = `metadata.annotations[${approvalAnnotation}]`;

/** Kubernetes' own groups take what the community has approved; what was there without may stay as it is. */
export function validateApproval(crd: SentDefinition, old?: SentDefinition): FieldError[] {
  const approval = apiApprovalOf(crd);
  if (!approval) return [];
  const { state, words, text } = approval;
  if (old && apiApprovalOf(old)?.state === state) return [];
  if (state === 'missing') return [fieldRequired(field, words)];
  return state === 'invalid' ? [fieldInvalid(field, text, words)] : [];
}

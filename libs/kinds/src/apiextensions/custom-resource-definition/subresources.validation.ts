import { type FieldError, fieldInvalid, fieldRequired } from '@kubernest/meta';
import type { Subresources } from './definition-parts.ts';
import { validateSimplePath } from './simple-path.ts';

export function validateSubresources(subresources: Subresources | undefined, path: string): FieldError[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const field = (name: string): string => `${path}.scale.${name}`;
  return [
    ...requiredPath(specReplicasPath, field('specReplicasPath'), ['.spec'], 'should be a json path under .spec'),
    ...requiredPath(
      statusReplicasPath,
      field('statusReplicasPath'),
      ['.status'],
      'should be a json path under .status',
    ),
    ...(labelSelectorPath
      ? requiredPath(
          labelSelectorPath,
          field('labelSelectorPath'),
          ['.spec', '.status'],
          'should be a json path under either .spec or .status',
        )
      : []),
  ];
}

function requiredPath(value: string | undefined, field: string, roots: readonly string[], words: string): FieldError[] {
  if (!value) return [fieldRequired(field)];
  const faults = validateSimplePath(value, field);
  if (faults.length > 0 || roots.some((root) => value.startsWith(`${root}.`))) return faults;
  return [fieldInvalid(field, value, words)];
}

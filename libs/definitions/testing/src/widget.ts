import type { ResourceDefinition } from '@kubernest/definitions';

/** A kind that comes and goes, in one of its versions: in all else like one that is built in. */
export const widgetLike = (builtin: ResourceDefinition, version: string): ResourceDefinition => ({
  ...builtin,
  group: 'example.test',
  version,
  kind: 'Widget',
  plural: 'widgets',
  singular: 'widget',
});

import { applyConfiguration } from './apply-patch.ts';
import { updateManagedFields } from './managed-fields.ts';
import type { Json, KubeObject } from './object.ts';
import { widgetSchema } from './schema.fixture.ts';
import { deepFreeze } from './value.ts';

export type Widget = KubeObject & { spec?: object };
export const widget = (spec: object, labels?: Record<string, string>): Widget => ({
  apiVersion: 'v1',
  kind: 'Widget',
  metadata: { name: 'a', ...(labels && { labels }) },
  spec,
});

interface By {
  readonly manager?: string;
  readonly force?: boolean;
  readonly time?: string;
}

export function apply(
  live: Widget | undefined,
  config: Widget,
  { manager = 'me', force = false, time = 't1' }: By = {},
): Widget {
  const { object, managedFields } = applyConfiguration({
    live: deepFreeze(live),
    config: deepFreeze(config),
    manager,
    force,
    apiVersion: 'v1',
    time,
    schema: widgetSchema,
  });
  return { ...object, metadata: { ...object.metadata, managedFields } } as Widget;
}

export function update(old: Widget, next: Widget, manager: string): Widget {
  const managedFields = updateManagedFields({ old, next, manager, apiVersion: 'v1', time: 't5', schema: widgetSchema });
  return { ...next, metadata: { ...next.metadata, managedFields } };
}

export const ownersOf = ({ metadata }: Widget): Record<string, unknown> =>
  Object.fromEntries(metadata.managedFields!.map((entry) => [`${entry.manager} ${entry.operation}`, entry.fieldsV1]));
export const bare = ({ metadata: _, ...rest }: Widget): Json => rest as unknown as Json;

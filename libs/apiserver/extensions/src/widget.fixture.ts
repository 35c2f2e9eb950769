import type { ResourceDefinition } from '@kubernest/definitions';
import type { CustomResourceDefinition } from '@kubernest/kinds';
import { definitionsOf } from './definitions-of.ts';

const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** A kind that somebody declared, with a schema, and what else is said of its one version. */
export function widgetOf(schema: object = open, more: object = {}): ResourceDefinition {
  const [widget] = definitionsOf({
    metadata: { name: 'widgets.example.com', resourceVersion: '0' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more }],
    },
  } as unknown as CustomResourceDefinition);
  return widget!;
}

export const widget = widgetOf(open, { subresources: { status: {} } });
export const widgetPath = '/apis/example.com/v1/namespaces/one/widgets';

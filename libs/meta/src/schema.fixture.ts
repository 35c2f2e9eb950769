import type { FieldSchema, ListSchema, Schema, StructSchema } from './schema.ts';

/** A kind for the specs of this library: small, with one field of each sort that the algorithms treat differently. */
const text: FieldSchema = { schema: { type: 'string' } };
const whole: FieldSchema = { schema: { type: 'integer', format: 'int32' }, keepsZero: true };
const struct = (name: string, fields: StructSchema['fields'], more: Partial<StructSchema> = {}): StructSchema => ({
  type: 'struct',
  name: `io.k8s.api.core.v1.${name}`,
  fields,
  ...more,
});
const map = (values: Schema): FieldSchema => ({ schema: { type: 'map', values } });
const list = (items: Schema, listType: ListSchema['listType'] = 'atomic', keys?: readonly string[]): FieldSchema => ({
  schema: { type: 'list', items, listType, keys },
});
const merged = (field: FieldSchema, patchMergeKey?: string): FieldSchema => ({
  ...field,
  patchStrategy: ['merge'],
  patchMergeKey,
});

const port = struct('ContainerPort', {
  containerPort: { ...whole, required: true },
  protocol: { ...text, default: 'TCP', schema: { type: 'string', enum: ['TCP', 'UDP'] } },
  name: text,
});

const container = struct('Container', {
  name: { ...text, required: true, alwaysPresent: true },
  image: text,
  args: list({ type: 'string' }),
  stdin: { schema: { type: 'boolean' } },
  ports: merged(list(port, 'map', ['containerPort', 'protocol']), 'containerPort'),
  resources: { schema: struct('ResourceRequirements', { limits: map({ type: 'quantity' }) }), alwaysPresent: true },
});

const strategy = struct('Strategy', {
  type: text,
  rolling: { schema: struct('Rolling', { surge: { schema: { type: 'int-or-string' } } }) },
});

const spec = struct('WidgetSpec', {
  replicas: whole,
  size: { schema: { type: 'integer', format: 'int64' } },
  data: { schema: { type: 'string', format: 'byte' } },
  selector: { schema: struct('Selector', { matchLabels: map({ type: 'string' }) }, { atomic: true }) },
  strategy: { schema: strategy, patchStrategy: ['retainKeys'] },
  containers: { ...merged(list(container, 'map', ['name']), 'name'), alwaysPresent: true },
  free: { schema: { type: 'any' } },
});

export const widgetSchema = struct('Widget', {
  apiVersion: text,
  kind: text,
  metadata: {
    alwaysPresent: true,
    schema: {
      type: 'struct',
      name: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
      fields: {
        name: text,
        namespace: text,
        labels: map({ type: 'string' }),
        annotations: map({ type: 'string' }),
        finalizers: merged(list({ type: 'string' }, 'set')),
        creationTimestamp: { schema: { type: 'string', format: 'date-time' } },
        managedFields: { schema: { type: 'any' } },
        resourceVersion: text,
      },
    },
  },
  spec: { schema: spec, alwaysPresent: true },
  status: { schema: struct('WidgetStatus', { ready: whole }), alwaysPresent: true },
});

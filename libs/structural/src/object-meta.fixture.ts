import type { FieldSchema, Schema, StructSchema } from '@kubernest/meta';

const text: FieldSchema = { schema: { type: 'string' } };
const texts = (values: Schema): FieldSchema => ({ schema: { type: 'map', values } });

/** As much of every object's metadata as the specs of this library use. */
export const objectMeta: StructSchema = {
  type: 'struct',
  name: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
  fields: {
    name: text,
    generateName: text,
    namespace: text,
    labels: texts({ type: 'string' }),
    annotations: texts({ type: 'string' }),
    finalizers: { schema: { type: 'list', items: { type: 'string' }, listType: 'set' } },
  },
};

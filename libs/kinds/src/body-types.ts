import { type BodyType, metaSchema, statusType } from '@kubernest/definitions';
import type { FieldSchema, StructSchema } from '@kubernest/meta';
import { apiSchema } from './schema/built-in-schema.ts';

type Scalar = 'string' | 'boolean' | 'integer';

/** Options that travel as query parameters, never as a body of fields: discovery names them as kinds. */
function optionsSchema(fields: Readonly<Record<string, Scalar | `${Scalar}s`>>): StructSchema {
  const schemas: Record<string, FieldSchema> = {};
  for (const [name, word] of Object.entries(fields)) {
    const type = word.replace(/s$/, '') as Scalar;
    schemas[name] = { schema: word === type ? { type } : { type: 'list', items: { type }, listType: 'atomic' } };
  }
  return { type: 'struct', fields: schemas };
}

const streams = {
  stdin: 'boolean',
  stdout: 'boolean',
  stderr: 'boolean',
  tty: 'boolean',
  container: 'string',
} as const;

function core(kind: string, schema: StructSchema): BodyType {
  return { group: '', version: 'v1', kind, schema };
}

/** What is sent to or answered by subresources and options, and is no resource of its own. */
export const bodyTypes: readonly BodyType[] = [
  core('Binding', apiSchema('core/v1', 'Binding')),
  statusType,
  core('DeleteOptions', metaSchema('DeleteOptions')),
  core('PodExecOptions', optionsSchema({ ...streams, command: 'strings' })),
  core('PodAttachOptions', optionsSchema(streams)),
  core('PodPortForwardOptions', optionsSchema({ ports: 'integers' })),
  core('PodProxyOptions', optionsSchema({ path: 'string' })),
  core('NodeProxyOptions', optionsSchema({ path: 'string' })),
  core('ServiceProxyOptions', optionsSchema({ path: 'string' })),
  core(
    'PodLogOptions',
    optionsSchema({
      container: 'string',
      follow: 'boolean',
      insecureSkipTLSVerifyBackend: 'boolean',
      limitBytes: 'integer',
      previous: 'boolean',
      sinceSeconds: 'integer',
      sinceTime: 'string',
      stream: 'string',
      tailLines: 'integer',
      timestamps: 'boolean',
    }),
  ),
  { group: 'autoscaling', version: 'v1', kind: 'Scale', schema: apiSchema('autoscaling/v1', 'Scale') },
  { group: 'policy', version: 'v1', kind: 'Eviction', schema: apiSchema('policy/v1', 'Eviction') },
  {
    group: 'authentication.k8s.io',
    version: 'v1',
    kind: 'TokenRequest',
    schema: apiSchema('authentication/v1', 'TokenRequest'),
  },
];

/** The body type of a subresource or an option. `meta.k8s.io/v1` and every group's own version name the options, too. */
export function findBodyType(group: string, version: string, kind: string): BodyType | undefined {
  return bodyTypes.find((type) => type.group === group && type.version === version && type.kind === kind);
}

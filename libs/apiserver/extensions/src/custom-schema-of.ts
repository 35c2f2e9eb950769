import type { CustomSchema } from '@kubernest/definitions';
import {
  atOnce,
  type FieldError,
  fieldInvalid,
  type Json,
  type JsonObject,
  type KubeObject,
  MOST_FILLED_BYTES,
  StatusError,
} from '@kubernest/meta';
import {
  applyDefaults,
  decodeResource,
  type Growth,
  openApiV2,
  openApiV3,
  validateCustomResource,
  validateCustomResourceStatus,
} from '@kubernest/structural';
import { type DeclaredVersion, propsOf, type Scale } from './declared-version.ts';
import { firstAt } from './json-path/first-at.ts';

/** How the objects of a version are read and judged. */
export function customSchemaOf({ crd, version, schema }: DeclaredVersion): CustomSchema {
  const { uid, resourceVersion } = crd.metadata;
  return {
    decode: (object, { collectUnknown, refuse }) => decodeResource(object, schema(), { collectUnknown, refuse }),
    fillDefaults: (draft) => applyDefaults(draft as Json, schema(), growth),
    *faults(object, { old, subresource }) {
      const [now, before] = [object as unknown as JsonObject, old as unknown as JsonObject | undefined];
      const faults =
        before && subresource === 'status'
          ? yield* validateCustomResourceStatus(now, schema(), before)
          : yield* validateCustomResource(now, schema(), before ? { old: before } : {});
      const scale = version.subresources?.scale;
      return scale ? [...faults, ...scaleFaults(object, scale, subresource)] : faults;
    },
    openApi: (form, common) => (form === 'v2' ? openApiV2 : openApiV3)(propsOf(version), common),
    source: { id: `${uid} ${resourceVersion}`, data: crd },
  };
}

const growth: Growth = {
  mostBytes: MOST_FILLED_BYTES,
  refuse: () => {
    const why = `with the defaults of its schema the object would grow by more than ${MOST_FILLED_BYTES} bytes`;
    return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: ${why}`);
  },
};

const MOST_REPLICAS = 2 ** 31 - 1;

/** compat: what a scale would be made of is a whole number that fits, whatever the schema says. */
function scaleFaults(
  object: KubeObject,
  { specReplicasPath, statusReplicasPath }: Scale,
  subresource: string,
): readonly FieldError[] {
  const paths = subresource === 'status' ? [statusReplicasPath] : [specReplicasPath, statusReplicasPath];
  return paths.flatMap((path) => replicaFaults(object, path));
}

function replicaFaults(object: KubeObject, path: string): readonly FieldError[] {
  const names = path.split('.').filter((name) => name !== '');
  const steps = names.map((name) => ({ type: 'field', name }) as const);
  const value = atOnce(firstAt(object as unknown as Json, steps));
  if (value === undefined) return [];
  const refuse = (why: string, told: number | bigint) => [fieldInvalid(path, told, why)];
  // compat: told as none of the value's own.
  if (typeof value !== 'bigint' && (typeof value !== 'number' || !Number.isInteger(value)))
    return refuse(
      `.${names.join('.')} accessor error: ${goPrinted(value)} is of the type ${goType(value)}, expected int64`,
      0,
    );
  if (value < 0) return refuse('should be a non-negative integer', value);
  return value > MOST_REPLICAS ? refuse(`should be less than or equal to ${MOST_REPLICAS}`, value) : [];
}

const goPrinted = (value: Json): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function goType(value: Json): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  return { string: 'string', number: 'float64', boolean: 'bool' }[typeof value as 'string'];
}

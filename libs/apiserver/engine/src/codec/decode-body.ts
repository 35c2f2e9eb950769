import {
  apiVersionOf,
  type BodyFormat,
  badRequest,
  decodeBySchema,
  decodeObject,
  inKeyOrder,
  inTextOrder,
  isObject,
  type Json,
  type KubeObject,
  MOST_TOLD_FAULTS,
  type StatusError,
  strictDecodingError,
  unsupportedMediaType,
  valueKind,
} from '@kubernest/meta';
import type { Expected, ProtobufCodec } from '../contract/index.ts';
import { mediaTypes } from './accept.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface DecodeCall {
  readonly contentType: string | undefined;
  readonly bytes: Uint8Array;
  readonly expected: Expected;
  /** compat: delete options may call themselves `v1`, `meta.k8s.io/v1` or by any group's version. */
  readonly anyVersion?: boolean;
  readonly fieldValidation: FieldValidation;
  /** An applied configuration: what is empty or null is kept, as it is claimed like any value, and unknown fields by name, for which it is refused. */
  readonly keepsAll?: boolean;
  /** Gets `unknown field "spec.bogus"` under Warn. */
  readonly warn: (message: string) => void;
  readonly protobuf: ProtobufCodec | undefined;
}

const formats: ReadonlyMap<string, BodyFormat> = new Map<string, BodyFormat>(
  Object.entries({
    '': 'json',
    '*/*': 'json',
    'application/json': 'json',
    'text/json': 'json',
    'application/yaml': 'yaml',
    'application/x-yaml': 'yaml',
    'text/yaml': 'yaml',
  }),
);

export const bareType = (contentType: string | undefined): string =>
  (contentType ?? '').split(';')[0]!.trim().toLowerCase();

/** A request's body as an object of the expected kind: own, pruned, its types checked. */
export function decodeBody(call: DecodeCall): KubeObject {
  const type = bareType(call.contentType);
  if (type === mediaTypes.protobuf && call.protobuf) {
    const object = call.protobuf.decode(call.bytes, call.expected);
    return conform(call, object as unknown as Json, []);
  }
  const format = formats.get(type);
  if (!format) throw unsupportedMediaType(Object.values(mediaTypes));
  const { value, duplicates } = decodeObject(call.bytes, format, {
    findDuplicates: call.fieldValidation !== 'Ignore',
    expectedKind: call.expected.kind,
  });
  const inOrder = (faults: readonly string[]) => {
    if (format === 'yaml') return inKeyOrder(faults);
    return duplicates.length > 0 ? inTextOrder(Buffer.from(call.bytes).toString(), faults) : faults;
  };
  return conform(call, value, duplicates, inOrder);
}

/** Checks that data is what was expected and makes it fit its schema. Takes `value` over. */
export function conform(
  call: Omit<DecodeCall, 'bytes' | 'contentType' | 'protobuf'>,
  value: Json,
  duplicates: readonly string[],
  inOrder = (faults: readonly string[]) => faults,
): KubeObject {
  const { expected, fieldValidation, warn, anyVersion, keepsAll = false } = call;
  if (!isObject(value))
    throw badRequest(
      `the object provided is unrecognized (must be of type ${expected.kind}): couldn't get version/kind; json parse error: the body must be an object`,
    );
  if (keepsAll) checkApplied(value, expected);
  else checkIdentity(value, expected, anyVersion === true);
  const { kind, version, schema } = expected;
  // compat: whoever applies an unknown field is refused in the end, as it has no type there, whatever the validation asked for.
  const collectUnknown = !keepsAll && fieldValidation !== 'Ignore';
  const keeps = { keepEmpty: keepsAll, keepNulls: keepsAll, keepUnknown: keepsAll };
  const result = decodeBySchema(schema, value, { kind, version, collectUnknown, ...keeps });
  const faults = inOrder([...duplicates, ...result.unknown]).slice(0, MOST_TOLD_FAULTS);
  if (faults.length > 0 && fieldValidation === 'Strict')
    throw keepsAll ? strictYamlError(faults) : strictDecodingError({ kind, version }, ofYaml(faults));
  if (fieldValidation === 'Warn') for (const fault of faults) warn(fault);
  const object = result.value as unknown as Record<string, unknown>;
  if (!isObject(object['metadata'])) object['metadata'] = {};
  object['kind'] = kind;
  object['apiVersion'] = apiVersionOf(expected);
  return object as unknown as KubeObject;
}

/** compat: the lines that its reader found in a YAML text are one fault. */
function ofYaml(faults: readonly string[]): readonly string[] {
  const lines = faults.filter((fault) => fault.startsWith('line '));
  return lines.length === 0 ? faults : [yamlErrors(lines), ...faults.slice(lines.length)];
}

const yamlErrors = (lines: readonly string[]): string => `yaml: unmarshal errors:\n  ${lines.join('\n  ')}`;

/** compat: what is applied under Strict is read once more by a YAML reader that takes no field twice, and told in its words. */
const strictYamlError = (faults: readonly string[]): StatusError =>
  badRequest(`error strict decoding YAML: error converting YAML to JSON: ${yamlErrors(faults)}`);

/** compat: who applies says what, with nothing left out, as its fields are owned under that name. */
function checkApplied({ apiVersion, kind }: { readonly [key: string]: Json }, expected: Expected): void {
  const said = {
    apiVersion: typeof apiVersion === 'string' ? apiVersion : '',
    kind: typeof kind === 'string' ? kind : '',
  };
  if (said.apiVersion === apiVersionOf(expected) && said.kind === expected.kind) return;
  const parts = said.apiVersion.split('/');
  const [group, version] = parts.length > 1 ? parts : ['', said.apiVersion];
  const told = parts.length > 2 ? '/, Kind=' : `${group}/${version}, Kind=${said.kind}`;
  throw badRequest(`invalid object type: ${told}`);
}

function checkIdentity(value: { readonly [key: string]: Json }, expected: Expected, anyVersion: boolean): void {
  const apiVersion = nameIn(value, 'apiVersion', expected.kind);
  const kind = nameIn(value, 'kind', expected.kind);
  const wanted = apiVersionOf(expected);
  const accepted = anyVersion || (apiVersion !== undefined && expected.alsoAs?.includes(apiVersion) === true);
  if (!accepted && apiVersion !== undefined && apiVersion !== wanted) {
    throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`);
  }
  if (kind !== undefined && kind !== expected.kind) {
    throw badRequest(
      `${kind} in version "${expected.version}" cannot be handled as a ${expected.kind}: the body is of another kind`,
    );
  }
}

/** What a body says it is; undefined where it says nothing. */
function nameIn(
  body: { readonly [key: string]: Json },
  field: 'apiVersion' | 'kind',
  kindOf: string,
): string | undefined {
  const name = Object.hasOwn(body, field) ? body[field] : undefined;
  if (name === undefined || name === null || name === '') return undefined;
  if (typeof name === 'string') return name;
  throw badRequest(
    `the object provided is unrecognized (must be of type ${kindOf}): couldn't get version/kind; json parse error: json: cannot unmarshal ${valueKind(name)} into Go struct field .${field} of type string`,
  );
}

import type { Expected, ProtobufCodec } from '@kubernest/apiserver/contract';
import {
  apiVersionOf,
  type BodyFormat,
  badRequest,
  decodeObject,
  inKeyOrder,
  inTextOrder,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  MOST_TOLD_FAULTS,
  strictDecodingError,
  unsupportedMediaType,
  valueKind,
} from '@kubernest/meta';
import { mediaTypes } from '../forms/accept.ts';
import { fillDefaults } from './fill-defaults.ts';
import { madeToFit } from './made-to-fit.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface DecodeCall {
  readonly contentType: string | undefined;
  readonly bytes: Uint8Array;
  readonly expected: Expected;
  /** compat: delete options may call themselves `v1`, `meta.k8s.io/v1` or by any group's version. */
  readonly anyVersion?: boolean;
  readonly fieldValidation: FieldValidation;
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

/** A request's body as an object of the expected kind: own, pruned, its types checked, with its defaults. */
export function decodeBody(call: DecodeCall): KubeObject {
  const type = bareType(call.contentType);
  if (type === mediaTypes.protobuf && call.protobuf) {
    if (!call.protobuf.supports(call.expected)) throw unsupportedMediaType([mediaTypes.json, mediaTypes.yaml]);
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
function conform(
  call: Omit<DecodeCall, 'bytes' | 'contentType' | 'protobuf'>,
  value: Json,
  duplicates: readonly string[],
  inOrder = (faults: readonly string[]) => faults,
): KubeObject {
  const { expected, fieldValidation, warn, anyVersion } = call;
  if (!isObject(value))
    throw badRequest(
      `the object provided is unrecognized (must be of type ${expected.kind}): couldn't get version/kind; json parse error: the body must be an object`,
    );
  checkIdentity(value, expected, anyVersion === true);
  const { kind, version } = expected;
  const result = madeToFit(value as JsonObject, expected, { collectUnknown: fieldValidation !== 'Ignore' });
  const faults = inOrder([...duplicates, ...result.unknown]).slice(0, MOST_TOLD_FAULTS);
  if (faults.length > 0 && fieldValidation === 'Strict') throw strictDecodingError({ kind, version }, ofYaml(faults));
  if (fieldValidation === 'Warn') for (const fault of faults) warn(fault);
  const object = named(result.value, expected);
  fillDefaults(expected, object);
  return object;
}

/** Whatever it says of itself: an object of the expected kind, with metadata. Takes `value` over. */
export function named(value: Json, expected: Expected): KubeObject {
  const object = value as unknown as Record<string, unknown>;
  if (!isObject(object['metadata'])) object['metadata'] = {};
  object['kind'] = expected.kind;
  object['apiVersion'] = apiVersionOf(expected);
  return object as unknown as KubeObject;
}

/** compat: the lines that its reader found in a YAML text are one fault. */
function ofYaml(faults: readonly string[]): readonly string[] {
  const lines = faults.filter((fault) => fault.startsWith('line '));
  return lines.length === 0 ? faults : [yamlErrors(lines), ...faults.slice(lines.length)];
}

export const yamlErrors = (lines: readonly string[]): string => `yaml: unmarshal errors:\n  ${lines.join('\n  ')}`;

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

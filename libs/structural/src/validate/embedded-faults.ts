import {
  append,
  clone,
  type FieldError,
  fieldInvalid,
  fieldRequired,
  type Json,
  MOST_FAULTS,
  metadataFaults,
  ownValue,
  type Schema,
  type Steps,
  validateDns1035Label,
} from '@kubernest/meta';
import { readMetadata } from '../coerce.ts';
import { type Embedded, embeddedIn } from '../embedded.ts';
import { childOf } from '../field-path.ts';

export interface EmbeddedOptions {
  readonly path?: string;
  readonly withRoot?: boolean;
}

/** What is wrong with the kinds and metadata of objects within an object. Linear in the object, in steps. */
export function* embeddedFaults(object: Json, schema: Schema, options: EmbeddedOptions = {}): Steps<FieldError[]> {
  const faults: FieldError[] = [];
  for (const embedded of yield* embeddedIn(object, schema, options)) {
    append(faults, typeFaults(embedded));
    for (const some of metadataOf(embedded)) {
      append(faults, some);
      yield;
    }
    if (faults.length >= MOST_FAULTS) break;
  }
  return faults.slice(0, MOST_FAULTS);
}

function typeFaults({ object, path }: Embedded): FieldError[] {
  return [
    ...textFaults(ownValue(object, 'apiVersion'), childOf(path, 'apiVersion'), versionFault),
    ...textFaults(ownValue(object, 'kind'), childOf(path, 'kind'), kindFault),
  ];
}

type TextFault = (text: string) => string | undefined;

function textFaults(value: Json | undefined, field: string, faultOf: TextFault): FieldError[] {
  if (value === undefined) return [fieldRequired(field)];
  if (typeof value !== 'string') return [fieldInvalid(field, value, 'must be a string')];
  const why = value === '' ? 'must not be empty' : faultOf(value);
  return why === undefined ? [] : [fieldInvalid(field, value, why)];
}

const versionFault: TextFault = (text) =>
  text.split('/').length > 2 ? `unexpected GroupVersion string: ${text}` : undefined;

const kindFault: TextFault = (text) => {
  const faults = validateDns1035Label(text.toLowerCase());
  return faults.length === 0 ? undefined : `may have mixed case, but should otherwise match: ${faults.join(',')}`;
};

function* metadataOf({ object, schema, path }: Embedded): Generator<readonly FieldError[]> {
  const metadata = ownValue(object, 'metadata');
  if (metadata === undefined) return;
  const field = childOf(path, 'metadata');
  const read = readMetadata(schema, clone(metadata));
  if ('why' in read) {
    yield [fieldInvalid(field, metadata, read.why)];
    return;
  }
  // compat: an embedded object may be without a name, and with or without a namespace.
  const { name = 'fakename', namespace } = read.value as { name?: string; namespace?: string };
  const named = { ...(read.value as object), name: name === '' ? 'fakename' : name };
  yield* metadataFaults(named, { field, nameRule: 'pathSegment', namespaced: !!namespace, freeFinalizers: true });
}

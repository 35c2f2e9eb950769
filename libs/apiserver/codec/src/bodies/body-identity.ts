import type { Expected } from '@kubernest/apiserver/contract';
import {
  apiVersionOf,
  badRequest,
  beginningOf,
  type FieldError,
  fieldInvalid,
  invalid,
  isObject,
  type Json,
  type StatusError,
  unrecognizedBody,
  valueKind,
} from '@kubernest/meta';

type Fields = { readonly [key: string]: Json };

interface BodyOf {
  readonly expected: Expected;
  readonly anyVersion: boolean;
  /** The body as it was sent. */
  text(): string;
}

/** Refuses a body that says it is something else; of what is declared one as well that does not say what it is. */
export function checkIdentity(value: Fields, { expected, anyVersion, text }: BodyOf): void {
  const apiVersion = nameIn(value, 'apiVersion', expected.kind);
  const kind = nameIn(value, 'kind', expected.kind);
  const wanted = apiVersionOf(expected);
  if (expected.customSchema && kind === undefined) {
    const sent = text();
    throw badRequest(unrecognizedBody(expected.kind, missingKind(sent), sent));
  }
  const said = expected.customSchema ? (apiVersion ?? '') : apiVersion;
  const accepted = anyVersion || (said !== undefined && expected.alsoAs?.includes(said) === true);
  if (!accepted && said !== undefined && said !== wanted) {
    throw badRequest(`the API version in the data (${said}) does not match the expected API version (${wanted})`);
  }
  if (kind === undefined || kind === expected.kind) return;
  if (expected.customSchema) throw otherKind(value, kind, expected);
  throw badRequest(
    `${kind} in version "${expected.version}" cannot be handled as a ${expected.kind}: the body is of another kind`,
  );
}

export const missingKind = (text: string): string => `Object 'Kind' is missing in '${beginningOf(text)}'`;

/** compat: what is declared is asked for its kind by its own rules. */
export function otherKind(value: Fields, kind: string, expected: Expected): StatusError {
  const metadata = Object.hasOwn(value, 'metadata') ? value['metadata']! : null;
  const name = isObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
  const faults: readonly FieldError[] = [fieldInvalid('kind', kind, `must be ${expected.kind}`)];
  return invalid({ group: expected.group, kind, name }, faults);
}

/** What a body says it is; undefined where it says nothing. */
function nameIn(body: Fields, field: 'apiVersion' | 'kind', kindOf: string): string | undefined {
  const name = Object.hasOwn(body, field) ? body[field] : undefined;
  if (name === undefined || name === null || name === '') return undefined;
  if (typeof name === 'string') return name;
  throw badRequest(
    `the object provided is unrecognized (must be of type ${kindOf}): couldn't get version/kind; json parse error: json: cannot unmarshal ${valueKind(name)} into Go struct field .${field} of type string`,
  );
}

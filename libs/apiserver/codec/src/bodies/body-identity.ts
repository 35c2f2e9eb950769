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
  parseApiVersion,
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
  if (expected.customSchema) return checkTypes(value, expected);
  throw badRequest(
    `${kind} in version "${expected.version}" cannot be handled as a ${expected.kind}: the body is of another kind`,
  );
}

export const missingKind = (text: string): string => `Object 'Kind' is missing in '${beginningOf(text)}'`;

/** Throws 422. compat: what is declared is asked for its kind and version by its own rules, and called what it says it is. */
export function checkTypes(value: Fields, expected: Expected): void {
  const [kind, apiVersion] = [String(value['kind']), String(value['apiVersion'])];
  const wanted = apiVersionOf(expected);
  const faults: FieldError[] = [];
  if (kind !== expected.kind) faults.push(fieldInvalid('kind', kind, `must be ${expected.kind}`));
  if (apiVersion !== wanted) faults.push(fieldInvalid('apiVersion', apiVersion, `must be ${wanted}`));
  if (faults.length === 0) return;
  const metadata = Object.hasOwn(value, 'metadata') ? value['metadata']! : null;
  const name = isObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
  throw invalid({ group: parseApiVersion(apiVersion).group, kind, name }, faults);
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

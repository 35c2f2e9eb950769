import type { Expected } from '@kubernest/apiserver/contract';
import {
  apiVersionOf,
  appliedSubject,
  badRequest,
  checkConfiguration,
  type Json,
  type JsonObject,
  type KubeObject,
  MOST_TOLD_FAULTS,
  type StatusError,
  type Steps,
  toldOfApplied,
} from '@kubernest/meta';
import { type DecodeCall, named, yamlErrors } from '../bodies/decode-body.ts';
import { madeToFit } from '../bodies/made-to-fit.ts';
import type { ReadPatch } from './read-patch.ts';

/** What somebody applies, read. */
export interface AppliedConfiguration {
  /**
   * Checked, with what is empty or null kept, as it is claimed like any value. A value that its type allows and nothing else does (a fraction
   * for an integer, a quantity that is none) stands as it was sent: it is refused when it is laid over what is stored.
   */
  readonly config: KubeObject;
  /** See `appliedSubject`. */
  readonly subject: string;
  /** compat: what Strict has against it is refused once all else is well with it. */
  readonly refusal: StatusError | undefined;
}

/** Takes the object `patch` over. */
export function* readApplied(
  { patch: value, faults: all }: ReadPatch,
  { expected, fieldValidation, warn }: Pick<DecodeCall, 'expected' | 'fieldValidation' | 'warn'>,
): Steps<AppliedConfiguration> {
  checkApplied(value as { readonly [key: string]: Json }, expected);
  checkConfiguration(expected.schema, value);
  const subject = appliedSubject(value);
  const keeps = { keepEmpty: true, keepNulls: true, keepWrong: true };
  const decoded = yield* madeToFit(value as JsonObject, expected, { told: toldOfApplied(subject), ...keeps });
  const faults = all.slice(0, MOST_TOLD_FAULTS);
  if (fieldValidation === 'Warn') for (const fault of faults) warn(fault);
  const isRefused = fieldValidation === 'Strict' && faults.length > 0;
  const refusal = isRefused ? strictYamlError(faults) : undefined;
  return { config: named(decoded.value, expected), subject, refusal };
}

/** compat: what is applied under Strict is read once more by a YAML reader that takes no field twice, and refused in its words. */
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
  const shown = parts.length > 2 ? '/, Kind=' : `${group}/${version}, Kind=${said.kind}`;
  throw badRequest(`invalid object type: ${shown}`);
}

import jsonPatch, { JsonPatchError, type Operation } from 'fast-json-patch';
import type { Json } from './object.ts';
import { badRequest, StatusError } from './status-error.ts';
import { clone, isObject } from './value.ts';

const maxOperations = 10_000;
const verbs = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/** RFC 6902 on a copy. 400 when `patch` is no JSON patch, 413 when it is absurdly long, 422 when it does not apply. */
export function applyJsonPatch(original: Json, patch: Json): Json {
  const operations = checkedOperations(patch);
  try {
    const document = jsonPatch.applyPatch(clone(original) as object, clone(operations), true, true, true).newDocument as
      | Json
      | undefined;
    return document ?? null;
  } catch (cause) {
    throw notApplicable(cause);
  }
}

function checkedOperations(patch: Json): Operation[] {
  if (!Array.isArray(patch)) throw badRequest('error decoding patch: a JSON patch must be an array of operations');
  if (patch.length > maxOperations) {
    throw new StatusError(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`,
    );
  }
  for (const [i, operation] of patch.entries()) {
    const fault = faultOf(operation);
    if (fault) throw badRequest(`error decoding patch: operation ${i}: ${fault}`);
  }
  return patch as unknown as Operation[];
}

function faultOf(operation: Json): string | undefined {
  if (!isObject(operation)) return 'must be an object';
  const { op, path, from } = operation;
  if (typeof op !== 'string' || !verbs.has(op)) return `unknown op ${JSON.stringify(op ?? null)}`;
  if (typeof path !== 'string') return 'path must be a string';
  if ((op === 'move' || op === 'copy') && typeof from !== 'string') return 'from must be a string';
  return undefined;
}

/** compat: Kubernetes answers 422 with this sentence and keeps the reason to itself; we add it as a cause. */
function notApplicable(cause: unknown): StatusError {
  return new StatusError(
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
    { causes: [{ reason: 'FieldValueInvalid', message: whyOf(cause), field: 'patch' }] },
    { cause },
  );
}

/** Names the path, in the words of the library that Kubernetes applies patches with. */
function whyOf(cause: unknown): string {
  const why = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause);
  if (!(cause instanceof JsonPatchError)) return why;
  const { op, path } = cause.operation as Operation;
  return cause.name === 'TEST_OPERATION_FAILED'
    ? `testing value ${path} failed: test failed`
    : `error in ${op} for path: '${path}': ${why}`;
}

import { JsonPatchDocument, PatchFault } from './json-patch-document.ts';
import type { Json } from './object.ts';
import { badRequest, StatusError } from './status-error.ts';
import { clone, isObject, type JsonObject } from './value.ts';

const maxOperations = 10_000;
const verbs = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/** RFC 6902 on a copy. 400 when `patch` is no JSON patch, 413 when it is absurdly long, 422 when it does not apply. */
export function applyJsonPatch(original: Json, patch: Json): Json {
  const operations = checkedOperations(patch);
  const document = new JsonPatchDocument(clone(original));
  try {
    for (const operation of operations) apply(document, operation);
  } catch (cause) {
    throw cause instanceof PatchFault ? notApplicable(cause) : cause;
  }
  return document.root;
}

/** compat: a value that is not given is null. */
function apply(document: JsonPatchDocument, { op, path, from, value = null }: JsonObject): void {
  const to = path as string;
  switch (op) {
    case 'add':
      document.add(to, clone(value));
      return;
    case 'remove':
      document.remove(to);
      return;
    case 'replace':
      document.replace(to, clone(value));
      return;
    case 'move':
      document.move(from as string, to);
      return;
    case 'copy':
      document.copy(from as string, to);
      return;
    default:
      document.test(to, value);
  }
}

function checkedOperations(patch: Json): readonly JsonObject[] {
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
  return patch as readonly JsonObject[];
}

function faultOf(operation: Json): string | undefined {
  if (!isObject(operation)) return 'must be an object';
  const { op, path, from } = operation;
  if (typeof op !== 'string' || !verbs.has(op))
    return `unknown op ${typeof op === 'string' ? JSON.stringify(op) : 'null'}`;
  if (typeof path !== 'string') return 'path must be a string';
  if ((op === 'move' || op === 'copy') && typeof from !== 'string') return 'from must be a string';
  return undefined;
}

/** compat: Kubernetes answers 422 with this sentence and keeps the reason to itself; we add it as a cause. */
function notApplicable(cause: PatchFault): StatusError {
  return new StatusError(
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
    { causes: [{ reason: 'FieldValueInvalid', message: cause.message, field: 'patch' }] },
    { cause },
  );
}

import { JsonPatchDocument, PatchFault } from './json-patch-document.ts';
import { whyNoJsonPatch } from './json-patch-shape.ts';
import type { Json } from './object.ts';
import { badRequest, StatusError } from './status-error.ts';
import { clone, isObject, type JsonObject } from './value.ts';

const maxOperations = 10_000;

/** RFC 6902 on a copy. 413 when `patch` is absurdly long, 422 when it does not apply; null does nothing. */
export function applyJsonPatch(original: Json, patch: Json): Json {
  const operations = operationsOf(patch);
  const document = new JsonPatchDocument(clone(original));
  try {
    for (const operation of operations) apply(document, operation);
  } catch (cause) {
    throw cause instanceof PatchFault ? notApplicable(cause) : cause;
  }
  return document.root;
}

/** compat: a value that is not given is null. */
function apply(document: JsonPatchDocument, operation: Json): void {
  const { op, path, from, value = null } = isObject(operation) ? operation : ({} as JsonObject);
  const told = (name: string, member: Json | undefined): string => {
    if (typeof member === 'string') return member;
    throw new PatchFault(`${op} operation failed to decode ${name}`);
  };
  switch (op) {
    case 'add':
      document.add(told('path', path), clone(value));
      return;
    case 'remove':
      document.remove(told('path', path));
      return;
    case 'replace':
      document.replace(told('path', path), clone(value));
      return;
    case 'move':
      document.move(told('from', from), told('path', path));
      return;
    case 'copy':
      document.copy(told('from', from), told('path', path));
      return;
    case 'test':
      document.test(told('path', path), value);
      return;
    default:
      throw new PatchFault(`unexpected kind: ${typeof op === 'string' ? op : 'unknown'}`);
  }
}

function operationsOf(patch: Json): readonly Json[] {
  if (patch === null) return [];
  if (!Array.isArray(patch)) throw badRequest(whyNoJsonPatch(patch, false)!);
  if (patch.length <= maxOperations) return patch;
  throw new StatusError(
    413,
    'RequestEntityTooLarge',
    `Request entity too large: The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`,
  );
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

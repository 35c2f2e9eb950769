import type { Expected } from '@kubernest/apiserver/contract';
import {
  cannotHandle,
  decodeBySchema,
  type Json,
  type JsonObject,
  keepExactNumbers,
  type SchemaDecodeOptions,
  type SchemaDecodeResult,
  type Steps,
} from '@kubernest/meta';

type Fitting = Omit<SchemaDecodeOptions, 'kind' | 'version'>;

/** Makes decoded data fit what is expected, in place: see `decodeBySchema`, and `CustomSchema` for what somebody declares. */
export function* madeToFit(value: JsonObject, expected: Expected, options: Fitting): Steps<SchemaDecodeResult> {
  const { schema, kind, version, customSchema } = expected;
  if (!customSchema) return decodeBySchema(schema, value as Json, { kind, version, ...options });
  const { told, collectUnknown = false } = options;
  const refuse = (why: string) => told?.refuse(why) ?? cannotHandle({ kind, version }, why);
  const unknown = yield* customSchema.decode(value, { collectUnknown, refuse });
  // However it came to be sent, nobody can make it right but who sent it.
  keepExactNumbers(value, (why) => cannotHandle({ kind, version }, why));
  return { value: value as Json, unknown };
}

import { isWide } from '@kubernest/apiserver/codec';
import type { KubeObject } from '@kubernest/meta';
import type { WriteCall } from './write-call.ts';

/** The same call, as one of what is large where it is so by now: with its defaults, or by how dear it is to judge, however short its body was. */
export function weighed(call: WriteCall, object: KubeObject): WriteCall {
  const { schema } = call.resource.definition;
  if (call.large || !isWide(object, schema.dearness)) return call;
  return { ...call, large: true };
}

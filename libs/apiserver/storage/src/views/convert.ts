import { answerWithin, type Context, isAborted, messageOf } from '@kubernest/kit';
import { type KubeObject, StatusError } from '@kubernest/meta';
import type { Resource } from '../catalog/resource.ts';

/** A webhook has so long for what it is given at once, as with Kubernetes. */
const LIMIT_MS = 30_000;

const fault = { code: 500, reason: '', details: undefined };

/** Objects are there, and nobody can say what they are in the version asked for. */
export class ConversionError extends StatusError {
  /** compat: without a reason, in the converter's own words, and a fault of the server's unless it says otherwise. */
  constructor(cause: unknown) {
    const { code, reason, details } = cause instanceof StatusError ? cause : fault;
    super(code, reason, messageOf(cause), details, { cause });
  }
}

/** The objects, all of this kind, in version `to`. What goes wrong is a `ConversionError`. */
export function converted(
  { resource, to = resource.apiVersion }: { readonly resource: Resource; readonly to?: string },
  objects: readonly KubeObject[],
  ctx: Context,
): readonly KubeObject[] | Promise<readonly KubeObject[]> {
  const { plural, group, storage } = resource.definition;
  try {
    const answer = storage!.convert(objects, to, ctx.signal);
    if (!(answer instanceof Promise)) return answer;
    const who = `the conversion of ${plural}.${group} to ${to}`;
    return answerWithin({ who, limit: LIMIT_MS }, (within) => unlessAborted(answer, within.signal), ctx).catch(
      failConversion,
    );
  } catch (error) {
    return failConversion(error);
  }
}

export function failConversion(error: unknown): never {
  throw isAborted(error) || error instanceof ConversionError ? error : new ConversionError(error);
}

/** What fails once nobody waits for it any more is not reported. */
export async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, answer]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

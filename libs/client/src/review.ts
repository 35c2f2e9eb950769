import type { Context } from '@kubernest/kit';
import type { Json } from '@kubernest/meta';
import type { Client } from './client.ts';

/** A question to the API server that is an object: `TokenReview`, `SubjectAccessReview`. */
export interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: Json;
}

/** The status that answers a review; an empty one where the answer has none. */
export async function reviewed<S extends object>(review: Review, client: Client, ctx: Context): Promise<Partial<S>> {
  const path = `/apis/${review.apiVersion}/${review.kind.toLowerCase()}s`;
  const { object } = await client.raw({ method: 'POST', path, body: { metadata: {}, ...review } }, ctx);
  return (object as { readonly status?: S }).status ?? {};
}

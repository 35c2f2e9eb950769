import type { ApiResponse } from '@kubernest/apiserver/contract';
import type { Destination, Resource, WriteEngine, Written } from '@kubernest/apiserver/storage';
import type { Context } from '@kubernest/kit';
import type { Answers } from '../answers/answers.ts';
import type { RequestBodies } from '../requests/request-bodies.ts';
import type { Admitted } from '../requests/request-call.ts';

/** What verbs work with. */
export interface VerbParts {
  readonly engine: WriteEngine;
  readonly answers: Answers;
  readonly bodies: RequestBodies;
}

/** A request that was let in, and the kind that it is about. */
export interface ResourceRequest {
  readonly admitted: Admitted;
  readonly resource: Resource;
}

/** What a verb does to objects of any kind, of which it knows only the definition. */
export type Verb = (parts: VerbParts, request: ResourceRequest, ctx: Context) => ApiResponse | Promise<ApiResponse>;

export const outcomeOf = ({ created, entry }: Written) => ({ status: created ? 201 : 200, entry });

export const destinationOf = ({ admitted: { info }, resource }: ResourceRequest): Destination => ({
  info,
  namespaced: resource.definition.namespaced,
});

import type { ApiRequest, ApiResponse, RequestInfo, UserInfo } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import type { Admitted } from '../requests/request-call.ts';
import type { Place } from './max-in-flight.ts';

/** A request on its way, and what the stages have found out. */
export interface Passage {
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly receivedAt: Date;
  /** Warnings for the client. */
  readonly warnings: string[];
  /** Who sent it, once that is proven. */
  sender: UserInfo | undefined;
  /** As whom it acts, once that is allowed. */
  user: UserInfo | undefined;
  /** Among the requests in flight, as long as it counts there. */
  place: Place | undefined;
  /** Once it was let in. */
  admitted: Admitted | undefined;
  /** Another server answers it. */
  delegated: boolean;
  /** A limit of the server's ended it. */
  terminated: boolean;
  annotations: Record<string, string> | undefined;
}

/** It came as far as what answers it here. What one names that was refused before, or is another server's, may be made up. */
export const isRouted = ({ admitted, delegated }: Pick<Passage, 'admitted' | 'delegated'>): boolean =>
  admitted !== undefined && !delegated;

type Entered = ApiResponse | undefined;

/** What every request passes. */
export interface Stage {
  /** Answers it, throws the refusal, or answers nothing, which lets it go on to the next. */
  enter?(passage: Passage, ctx: Context): Promise<Entered> | Promise<void> | Entered | void;
  /**
   * The work is over, which may be long after the deadline's answer. Called for every request, however far it came; without `response` where
   * it was refused. Must not throw.
   */
  leave?(passage: Passage, response: ApiResponse | undefined, ctx: Context): void;
  /** The answer is known, refusals and passed deadlines among them; called once, for every request. Must not throw. */
  answered?(passage: Passage, response: ApiResponse): ApiResponse;
}

export const begin = (request: ApiRequest, info: RequestInfo, receivedAt: Date): Passage => ({
  request,
  info,
  receivedAt,
  warnings: [],
  sender: undefined,
  user: undefined,
  place: undefined,
  admitted: undefined,
  delegated: false,
  terminated: false,
  annotations: undefined,
});

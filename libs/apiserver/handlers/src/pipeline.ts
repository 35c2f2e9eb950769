import type { Forms } from '@kubernest/apiserver/codec';
import {
  type ApiCore,
  type ApiRequest,
  type ApiResponse,
  type ApiServerParts,
  type Delegate,
  isLongRunning,
} from '@kubernest/apiserver/contract';
import type { Context, Milliseconds } from '@kubernest/kit';
import { statusErrorFrom, statusResponse, takerOf, withWarnings } from './answers/responses.ts';
import type { Documents } from './endpoints/documents.ts';
import { parseRequestInfo } from './requests/request-info.ts';
import type { ResourceRoutes } from './routes/resource-routes.ts';
import { answerSizes } from './stages/answer-sizes.ts';
import { audit } from './stages/audit.ts';
import { authenticate } from './stages/authenticate.ts';
import { authorize } from './stages/authorize.ts';
import { timeoutOf, withinDeadline } from './stages/deadline.ts';
import { delegate } from './stages/delegate.ts';
import { flow } from './stages/flow.ts';
import { impersonate } from './stages/impersonate.ts';
import { type MaxInFlight, TooManyInFlight } from './stages/max-in-flight.ts';
import { otherSites } from './stages/other-sites.ts';
import { longRunning } from './stages/running-requests.ts';
import { serve } from './stages/serve.ts';
import { begin, type Passage, type Stage } from './stages/stage.ts';

export interface PipelineParts
  extends Pick<ApiCore, 'authenticate' | 'authorize'>,
    Pick<ApiServerParts, 'audit' | 'metrics'> {
  readonly maxInFlight: MaxInFlight;
  readonly delegate: Delegate | undefined;
  readonly resources: ResourceRoutes;
  readonly documents: Documents;
  /** The longest that a request may take that is not meant to last. */
  readonly timeout: Milliseconds;
  readonly forms: Forms;
}

/** What every request passes, in Kubernetes' order. */
const stagesOf = (parts: PipelineParts): readonly Stage[] => [
  authenticate(parts.authenticate),
  otherSites,
  audit(parts.audit),
  impersonate(parts.authorize),
  flow(parts.maxInFlight),
  longRunning(parts.metrics),
  answerSizes(parts.metrics),
  authorize(parts.authorize),
  delegate(parts.delegate),
  serve(parts.resources, parts.documents),
];

/** Leads requests through the stages, each request under its deadline. */
export class Pipeline {
  readonly #entering: readonly NonNullable<Stage['enter']>[];
  readonly #leaving: readonly NonNullable<Stage['leave']>[];
  readonly #answered: readonly NonNullable<Stage['answered']>[];

  constructor(private readonly parts: PipelineParts) {
    const stages = stagesOf(parts);
    this.#entering = stages.flatMap(({ enter }) => enter ?? []);
    this.#leaving = stages.flatMap(({ leave }) => leave ?? []);
    this.#answered = stages.flatMap(({ answered }) => answered ?? []);
  }

  async handle(request: ApiRequest, ctx: Context): Promise<ApiResponse> {
    const passage = begin(request, parseRequestInfo(request), ctx.clock.now());
    let response: ApiResponse;
    try {
      const answer = this.#inTime(passage, ctx);
      response = answer instanceof Promise ? await answer : answer;
    } catch (thrown) {
      response = this.#refusal(passage, thrown, ctx);
    }
    for (const answered of this.#answered) response = answered(passage, response);
    return response;
  }

  #inTime(passage: Passage, ctx: Context): ApiResponse | Promise<ApiResponse> {
    const { info, request } = passage;
    if (isLongRunning(info)) return this.#pass(passage, ctx);
    const limit = timeoutOf(request.query, this.parts.timeout);
    const work = (within: Context) => this.#pass(passage, within);
    const onPassed = () => {
      passage.terminated = true;
    };
    return withinDeadline(work, { limit, onPassed, takerOf: (answer) => takerOf(request, answer) }, ctx);
  }

  /** Never throws or rejects: what fails after the deadline is nobody's answer, but still a fault to be logged. */
  #pass(passage: Passage, ctx: Context): ApiResponse | Promise<ApiResponse> {
    const refused = (thrown: unknown) => this.#refused(passage, thrown, ctx);
    let answer: ApiResponse | Promise<ApiResponse>;
    try {
      answer = this.#enter(passage, 0, ctx);
    } catch (thrown) {
      return refused(thrown);
    }
    if (answer instanceof Promise) return answer.then((later) => this.#leave(passage, later, ctx), refused);
    return this.#leave(passage, answer, ctx);
  }

  /** At once as far as the stages from the given one on are. */
  #enter(passage: Passage, from: number, ctx: Context): ApiResponse | Promise<ApiResponse> {
    for (let at = from; at < this.#entering.length; at++) {
      const answer = this.#entering[at]!(passage, ctx);
      if (answer instanceof Promise)
        return answer.then((later) =>
          later ? withWarnings(later, passage.warnings) : this.#enter(passage, at + 1, ctx),
        );
      if (answer) return withWarnings(answer, passage.warnings);
    }
    throw new Error('no stage answered');
  }

  #leave<T extends ApiResponse | undefined>(passage: Passage, response: T, ctx: Context): T {
    for (const leave of this.#leaving) leave(passage, response, ctx);
    return response;
  }

  #refused(passage: Passage, thrown: unknown, ctx: Context): ApiResponse {
    try {
      // Warnings go out with a refusal as well.
      return withWarnings(this.#refusal(passage, thrown, ctx), passage.warnings);
    } finally {
      this.#leave(passage, undefined, ctx);
    }
  }

  #refusal(passage: Passage, thrown: unknown, ctx: Context): ApiResponse {
    const { method, path } = passage.request;
    if (thrown instanceof TooManyInFlight) passage.terminated = true;
    const error = statusErrorFrom(thrown);
    if (error.code === 500 && error.reason !== '') ctx.log.error('request failed', { method, path, error: thrown });
    return statusResponse(passage.request, error, this.parts.forms);
  }
}

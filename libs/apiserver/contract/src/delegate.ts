import type { OtherApis } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import type { ApiRequest, ApiResponse, RequestInfo, UserInfo } from './request.ts';

/** A request that was let in, and for whom. */
export interface Delegated {
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly user: UserInfo;
}

/** Answers what belongs to other servers. Asked once a request was let in, before anybody looks what is served here. */
export interface Delegate {
  /**
   * Undefined where the request is for this server, which is to be found out at once. An answer on its way takes none of this server's places
   * in flight: how many there are is the delegate's to bound.
   */
  handle(delegated: Delegated, ctx: Context): Promise<ApiResponse> | undefined;
  /** What those servers describe, for discovery and OpenAPI; the same object as long as nothing of it changes. */
  apis(): OtherApis;
}

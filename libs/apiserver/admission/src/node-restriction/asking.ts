import type { ApiCore, ObjectReader } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';

/** What a rule about a kubelet knows beside the call. */
export interface Asking {
  readonly node: string;
  readonly read: ObjectReader;
  readonly core: Pick<ApiCore, 'authorize'>;
  readonly ctx: Context;
}

/** Why a kubelet may not do this; undefined when it may. */
export type Fault = string | undefined;

import { draftOf, fillIn, partAt } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';

const HTTPS = 443;

export function defaultApiService(draft: KubeObject): void {
  fillIn(partAt(partAt(draftOf(draft), 'spec'), 'service'), { port: HTTPS });
}

/** What this API server serves itself is there from the beginning. */
export function beginLocal(draft: KubeObject): void {
  const isRemote = partAt(partAt(draftOf(draft), 'spec'), 'service') !== undefined;
  draftOf(draft).status = isRemote ? {} : { conditions: [localCondition(draft.metadata.creationTimestamp)] };
}

const localCondition = (lastTransitionTime: string | undefined) => ({
  type: 'Available',
  status: 'True',
  reason: 'Local',
  message: 'Local APIServices are always available',
  ...(lastTransitionTime && { lastTransitionTime }),
});

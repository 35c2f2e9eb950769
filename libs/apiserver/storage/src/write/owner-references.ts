import type { Draft } from '@kubernest/apiserver/codec';
import type { OwnerReference } from '@kubernest/meta';
import type { WriteCall } from './write-call.ts';

const advice =
  'API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests';

/** Leaves out what is said twice, and says so. `admitted`: admission has had its say. */
export function dropRepeatedOwners(call: WriteCall, draft: Draft, admitted: boolean): void {
  const references = draft.metadata.ownerReferences ?? [];
  if (references.length < 2) return;
  const kept = new Map(references.map((reference) => [identity(reference), reference]));
  if (kept.size === references.length) return;
  const seen = new Set<string>();
  const repeated = references.filter((reference) => {
    const key = identity(reference);
    return seen.has(key) || !seen.add(key);
  });
  draft.metadata.ownerReferences = [...kept.values()];
  const when = admitted ? ' after mutating admission happens' : '';
  const uids = repeated.map(({ uid }) => uid).join(', ');
  call.warn?.(
    `.metadata.ownerReferences contains duplicate entries${when}; ${advice}; duplicate UID(s) observed: ${uids}`,
  );
}

const identity = ({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }: OwnerReference): string =>
  JSON.stringify([apiVersion, kind, name, uid, controller, blockOwnerDeletion]);

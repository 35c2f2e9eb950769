import type { ApiCore, Authorizer } from '@kubernest/apiserver/contract';
import { mastersAuthorizer } from './masters.ts';
import { nodeAuthorizer } from './node.ts';
import { rbacAuthorizer } from './rbac.ts';
import { rbacIndex } from './rbac-index.ts';

/** In the order they are asked. */
export function authorizers(core: Pick<ApiCore, 'read'>): readonly Authorizer[] {
  return [mastersAuthorizer(), nodeAuthorizer(core.read), rbacAuthorizer(rbacIndex(core.read))];
}

import type { NodeRoute } from './node-routes.ts';
import { RouteError } from './route-error.ts';

type Connect = NonNullable<NodeRoute['connect']>;

/** Sessions need the upgrade handling of the streams library, which is not wired here yet: refused in words, never left hanging. */
const notYet = (what: string): Connect => () => Promise.reject(new RouteError(501, `${what} is not supported by this node yet`));

export const connectExec: Connect = notYet('exec');
export const connectAttach: Connect = notYet('attach');
export const connectPortForward: Connect = notYet('port-forward');

// The names under which Nest hands the planes to each other.
export const CONFIG = Symbol('Config');
export const CONTEXT = Symbol('Context');
/** What this process counts: a `Metrics`. */
export const METRICS = Symbol('Metrics');
export const APISERVER_CONFIG = Symbol('ApiserverConfig');
export const CONTROLLERS_CONFIG = Symbol('ControllersConfig');
export const STORE = Symbol('Store');
export const SECRETS = Symbol('ClusterSecrets');
/** How the API server reaches nodes, pods and webhooks: a `DialerOf`. */
export const DIALER = Symbol('DialerOf');
/** How it hands requests to the servers behind it: an `Aggregating`. */
export const AGGREGATING = Symbol('Aggregating');
export const API_SERVER = Symbol('ApiServer');
/** How control loops reach the API: an `ApiAccess`. */
export const API_ACCESS = Symbol('ApiAccess');
/** What each plane runs: a `Runnable`. */
export const APISERVER_PLANE = Symbol('Runnable of apiserver');
/** Keeps those of a process without the API server good. */
export const CREDENTIALS = Symbol('credentials');
/** Tells how a process without the API server is. */
export const MONITORING = Symbol('monitoring');
export const CONTROLLERS_PLANE = Symbol('Runnable of controllers');
export const SCHEDULER_PLANE = Symbol('Runnable of scheduler');

// The names under which Nest hands the engines to each other.
export const CONFIG = Symbol('Config');
export const CONTEXT = Symbol('Context');
export const STORE = Symbol('Store');
export const SECRETS = Symbol('ClusterSecrets');
export const API_SERVER = Symbol('ApiServer');

import { StatusError } from '@kubernest/meta';

/** compat: the code, the words and the lack of a reason are those with which Kubernetes hands on etcd's refusal. */
export const tooLargeForStore = (): StatusError => new StatusError(500, '', 'etcdserver: request is too large');

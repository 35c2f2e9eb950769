import type { RequestInfo } from './request.ts';

const verbs = new Set(['watch', 'proxy']);
const subresources = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

/** Meant to last: under no deadline and in no limit of requests in flight. Kubernetes' own list of verbs and subresources. */
export const isLongRunning = ({ verb, isResource, subresource }: RequestInfo): boolean =>
  verbs.has(verb) || (isResource && subresources.has(subresource));

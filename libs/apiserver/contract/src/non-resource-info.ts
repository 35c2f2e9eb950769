import type { RequestInfo } from './request.ts';

/** What is asked of a path that no resource stands behind. */
export const nonResourceInfo = ({ verb, path }: Pick<RequestInfo, 'verb' | 'path'>): RequestInfo => ({
  isResource: false,
  verb,
  path,
  group: '',
  version: '',
  namespace: undefined,
  resource: '',
  subresource: '',
  name: undefined,
  rest: [],
});

import { describe, expect, test } from 'vitest';
import { parseRequestInfo } from './request-info.ts';

const info = (line: string) => {
  const [method, url] = line.split(' ') as [string, string];
  const [path, query] = url.split('?') as [string, string | undefined];
  const { verb, group, version, namespace, resource, subresource, name, isResource } = parseRequestInfo({
    method,
    path,
    query: new URLSearchParams(query),
  });
  return isResource
    ? `${verb} ${group || 'core'}/${version} ${namespace ?? '-'} ${resource}${subresource ? `/${subresource}` : ''} ${name ?? '-'}`
    : `${verb} path`;
};

describe('parseRequestInfo', () => {
  test.each([
    ['GET /api', 'get path'],
    ['GET /api/v1', 'get path'],
    ['GET /apis/apps/v1', 'get path'],
    ['GET /healthz', 'get path'],
    ['GET /api/v1/pods', 'list core/v1 - pods -'],
    ['GET /api/v1/pods?watch=1', 'watch core/v1 - pods -'],
    ['GET /api/v1/pods?watch=false', 'list core/v1 - pods -'],
    ['GET /api/v1/watch/pods', 'watch core/v1 - pods -'],
    ['GET /api/v1/namespaces', 'list core/v1 - namespaces -'],
    ['GET /api/v1/namespaces/a', 'get core/v1 a namespaces a'],
    ['PUT /api/v1/namespaces/a/finalize', 'update core/v1 a namespaces/finalize a'],
    ['GET /api/v1/namespaces/a/pods', 'list core/v1 a pods -'],
    ['HEAD /api/v1/namespaces/a/pods/p', 'get core/v1 a pods p'],
    ['OPTIONS /api/v1/namespaces/a/pods/p', ' core/v1 a pods p'],
    ['GET /api/v1/namespaces/a/pods/p/log', 'get core/v1 a pods/log p'],
    ['POST /api/v1/namespaces/a/pods/p/exec', 'create core/v1 a pods/exec p'],
    ['GET /api/v1/namespaces/a/services/s:80/proxy/x/y', 'get core/v1 a services/proxy s:80'],
    ['DELETE /apis/apps/v1/namespaces/a/deployments', 'deletecollection apps/v1 a deployments -'],
    ['PATCH /apis/apps/v1/namespaces/a/deployments/d/scale', 'patch apps/v1 a deployments/scale d'],
    ['GET /api/v1/pods?fieldSelector=metadata.name%3Dp', 'list core/v1 - pods p'],
    ['GET /api/v1/pods?fieldSelector=metadata.name%3D%3Dp,spec.nodeName%3Dn', 'list core/v1 - pods p'],
    ['GET /api/v1/pods?fieldSelector=metadata.name!%3Dp', 'list core/v1 - pods -'],
    ['GET /api/v1/pods?fieldSelector=metadata.name%3D..', 'list core/v1 - pods -'],
    ['GET /api/v1/pods?fieldSelector=metadata.namespace!%3Da%5C,metadata.name%3Dp', 'list core/v1 - pods -'],
    ['DELETE /api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dp', 'deletecollection core/v1 a pods -'],
    ['GET /api/v1/pods?watch=False', 'list core/v1 - pods -'],
    ['GET /api/v1/watch/namespaces/a/pods/p', 'watch core/v1 a pods p'],
    ['GET /api/v1/watch/namespaces/a', 'watch core/v1 a namespaces a'],
    ['GET /api/v1/watch/pods?fieldSelector=metadata.name%3Dp', 'watch core/v1 - pods -'],
    ['DELETE /api/v1/watch/nodes/n', 'watch core/v1 - nodes n'],
    ['GET /api/v1/proxy/namespaces/a/services/s', 'proxy core/v1 a services s'],
    ['POST /api/v1/namespaces/a/nodes', 'create core/v1 a nodes -'],
    ['GET /api/v1/namespaces/a/namespaces/b', 'get core/v1 a namespaces b'],
    ['GET /api/v1/nodes/a%2Fb', 'get core/v1 - nodes a/b'],
    ['GET /api/v1/namespaces//pods', 'list core/v1 - pods -'],
    ['DELETE /apis/g/v1/namespaces//pears/x', 'delete g/v1 - pears x'],
    ['GET /apis/g/v1//namespaces/ns1/pears/mine', 'get g/v1 - /ns1 namespaces'],
    ['GET /apis//v1/pods', 'list core/v1 - pods -'],
    ['GET /api/v1/namespaces/a/pods//log', 'list core/v1 a pods/log -'],
    ['GET //api/v1/pods//', 'list core/v1 - pods -'],
  ])('reads %s as "%s"', (line, expected) => {
    expect(info(line)).toBe(expected);
  });

  test.each([
    ['GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn', [{ field: 'spec.nodeName', operator: '=', value: 'n' }]],
    ['DELETE /api/v1/namespaces/a/pods?fieldSelector=a!%3Db', [{ field: 'a', operator: '!=', value: 'b' }]],
    ['GET /api/v1/pods?fieldSelector=a', undefined],
    ['GET /api/v1/namespaces/a/pods/p?fieldSelector=a%3Db', undefined],
    ['GET /api/v1/watch/pods?fieldSelector=spec.nodeName%3Dn', undefined],
  ])('%s is narrowed to %j', (line, expected) => {
    const [method, url] = line.split(' ') as [string, string];
    const [path, query] = url.split('?') as [string, string];
    expect(parseRequestInfo({ method, path, query: new URLSearchParams(query) }).fieldSelector).toEqual(expected);
  });

  test.each([
    ['//api/v1/pods', true],
    ['/apis//v1/pods', true],
    ['/api/v1//pods', true],
    ['/api/v1/namespaces///pods', true],
    ['/api/v1/namespaces//status', true],
    ['/api/v1/namespaces//pods//log', true],
    ['/api/v1/namespaces//pods', undefined],
    ['/api/v1/namespaces/a/pods//log', true],
    ['/api/v1/watch//pods', true],
    ['/api/v1/pods//', undefined],
    ['/api/v1/namespaces/a/pods/p/proxy//x', undefined],
  ])('%s has an empty part that is read: %s', (path, expected) => {
    expect(parseRequestInfo({ method: 'GET', path, query: new URLSearchParams() }).hasEmptyPart).toBe(expected);
  });

  test.each([
    ['/api/v1/nodes', {}],
    ['/api/v1/nodes/n', { named: true }],
    ['/api/v1/namespaces/a', { named: true }],
    ['/api/v1/namespaces/a/status', { named: true }],
    ['/api/v1/namespaces/a/pods', { inNamespace: true }],
    ['/api/v1/namespaces/a/pods/p', { named: true, inNamespace: true }],
    ['/api/v1/namespaces/a/namespaces/a', { named: true, inNamespace: true }],
    ['/api/v1/watch/namespaces/a/nodes', { inNamespace: true, verbInPath: true }],
    ['/api/v1/proxy/nodes/n', { named: true, verbInPath: true }],
    ['/api/v1/pods?fieldSelector=metadata.name%3Dp', {}],
  ])('tells what the path of %s leads through: %j', (url, expected) => {
    const [path, query] = url.split('?') as [string, string | undefined];
    const { named, inNamespace, verbInPath } = parseRequestInfo({
      method: 'GET',
      path,
      query: new URLSearchParams(query),
    });
    expect({ named, inNamespace, verbInPath }).toEqual({ named: false, inNamespace: false, ...expected });
  });
});

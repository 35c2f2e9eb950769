import { expect, it } from 'vitest';
import { checkFailed, faultOf } from './apiservice-availability.plan.ts';

const target = { namespace: 'orchard', name: 'trees', port: 443 };
const service = (over: object = {}) => ({
  spec: { type: 'ClusterIP', ports: [{ name: 'https', port: 443 }], ...over },
});
const slice = (endpoints: object[], ports: object[] = [{ name: 'https', port: 8443 }]) => ({ endpoints, ports });
const ready = { addresses: ['10.0.0.1'], conditions: { ready: true } };
const unready = { addresses: ['10.0.0.1'], conditions: { ready: false } };
const missing =
  'MissingEndpoints: endpointslices for service/trees in "orchard" have no addresses with port name "https"';

it.each<[string, object | undefined, object[], string | undefined]>([
  ['is not there', undefined, [], 'ServiceNotFound: service/trees in "orchard" is not present'],
  [
    'has another port',
    service({ ports: [{ port: 80 }] }),
    [slice([ready])],
    'ServicePortError: service/trees in "orchard" is not listening on port 443',
  ],
  ['has no slices', service(), [], 'EndpointsNotFound: cannot find endpointslices for service/trees in "orchard"'],
  ['has empty slices', service(), [slice([])], missing],
  ['has no ready endpoint', service(), [slice([unready])], missing],
  ['leads to another port', service(), [slice([ready], [{ name: 'http', port: 80 }])], missing],
  ['has no slice with both', service(), [slice([ready], []), slice([unready])], missing],
  ['leads somewhere', service(), [slice([unready]), slice([unready, ready])], undefined],
  ['has an endpoint nobody says anything of', service(), [slice([{ addresses: ['10.0.0.1'] }])], undefined],
  ['has a port without a name', service({ ports: [{ port: 443 }] }), [slice([ready], [{ port: 8443 }])], undefined],
  ['is a name of the outside', service({ type: 'ExternalName', ports: [] }), [], undefined],
])('a Service that %s: %j %j: %s', (_, service, slices, said) => {
  const fault = faultOf(target, { service, slices } as never);
  expect(fault && `${fault.reason}: ${fault.message}`).toBe(said);
  expect(fault?.status).toBe(fault && 'False');
});

it('of several attempts the last speaks, unless what was said is still true', () => {
  const failed = (errors: string[], before: object[] = []) => checkFailed(errors, before as never).message;
  const before = [{ type: 'Available', reason: 'FailedDiscoveryCheck', message: 'a' }];
  expect([failed(['a', 'b']), failed(['a', 'b'], before), failed(['c', 'b'], before)]).toEqual(['b', 'a', 'b']);
});

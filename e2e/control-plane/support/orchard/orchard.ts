import { eventually } from '../../../cluster/test-cluster.ts';
import type { Api } from '../api.ts';
import { OwnAddresses } from '../own-address.ts';
import { GROUP } from './documents.ts';
import { OrchardServer } from './orchard-server.ts';

export const NAME = `v1.${GROUP}`;
const slice = 'endpointslice/trees';

/** The server of pears behind a Service without a selector, in namespace `orchard`, on an address of its own. */
export class Orchard implements AsyncDisposable {
  private constructor(
    private readonly api: Api,
    private readonly addresses: OwnAddresses,
    readonly server: OrchardServer,
  ) {}

  static async plant(api: Api): Promise<Orchard> {
    const addresses = await OwnAddresses.add();
    const trusted = await eventually(async () => {
      const path = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication';
      return (JSON.parse(await api.kubectl(['get', '--raw', path])) as { data: Record<string, string> }).data;
    });
    const server = await OrchardServer.start({ address: addresses.first, trusted });
    const orchard = new Orchard(api, addresses, server);
    await api.kubectl(['create', 'namespace', 'orchard']);
    await api.kubectl(
      ['apply', '-f', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: orchard.#manifests() }),
    );
    return orchard;
  }

  #manifests(): readonly object[] {
    const metadata = { name: 'trees', namespace: 'orchard' };
    const caBundle = Buffer.from(this.server.ca).toString('base64');
    return [
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ name: 'https', port: 443 }] } },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'trees' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: [this.addresses.first] }],
        ports: [{ name: 'https', port: this.server.port }],
      },
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: NAME },
        spec: {
          group: GROUP,
          version: 'v1',
          service: { namespace: 'orchard', name: 'trees' },
          caBundle,
          groupPriorityMinimum: 1000,
          versionPriority: 15,
        },
      },
    ];
  }

  /** Whether there is an endpoint, as whoever looks after the pods would say. */
  async ready(isReady: boolean): Promise<void> {
    const endpoints = [{ addresses: [this.addresses.first], conditions: { ready: isReady } }];
    await this.api.kubectl(['-n', 'orchard', 'patch', slice, '--type=merge', '-p', JSON.stringify({ endpoints })]);
  }

  /** Something happens around the Service, and so somebody looks at once. */
  async stir(): Promise<void> {
    await this.api.kubectl(['-n', 'orchard', 'annotate', slice, '--overwrite', `stirred=${Date.now()}`]);
  }

  /** `True`, or `False (Reason)`. */
  async availability(api = this.api): Promise<string> {
    const line = await api.kubectl(['get', 'apiservice', NAME, '--no-headers']);
    return /\s(True|Unknown|False(?: \(\w+\))?)\s/.exec(line)?.[1] ?? line;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.end();
    await this.addresses[Symbol.asyncDispose]();
  }
}

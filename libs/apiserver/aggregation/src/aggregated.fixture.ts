import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiServer, UserInfo } from '@kubernest/apiserver/contract';
import { dialerTo, type Pki, type Serving, securely, testContext, testPki } from '@kubernest/apiserver/dialer/testing';
import { parseRequestInfo } from '@kubernest/apiserver/handlers';
import { createListener } from '@kubernest/apiserver/listener';
import type { APIService } from '@kubernest/kinds';
import type { Context, FakeClock } from '@kubernest/kit';
import type { CertifiedKey } from '@kubernest/pki';
import { onTestFinished } from 'vitest';
import type { Reach } from './backend-call.ts';
import { Backends } from './backends.ts';
import { Delegation } from './delegate/delegation.ts';

/** Made once for a file of specs: keys take their time. */
export interface Trusted {
  readonly pki: Pki;
  readonly frontProxy: CertifiedKey;
}

export async function trusted(): Promise<Trusted> {
  const pki = await testPki();
  return { pki, frontProxy: await pki.issue(['front-proxy-client'], 'client') };
}

/** A server that stands behind Service `shop/hooks`, and asks for a certificate. */
export const backendServer = ({ pki }: Trusted, listener: RequestListener): Promise<Serving> =>
  securely(pki, ['hooks.shop.svc'], listener, { requestCert: true });

/** Its APIService. */
export function apiService(pki: Pki, spec: Partial<APIService['spec']> = {}, available = 'True'): APIService {
  const { group = 'orchard.example', version = 'v1' } = spec ?? {};
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}` },
    spec: {
      group,
      version,
      service: { namespace: 'shop', name: 'hooks', port: 443 },
      caBundle: Buffer.from(pki.ca).toString('base64'),
      groupPriorityMinimum: 1000,
      versionPriority: 10,
      ...spec,
    },
    status: { conditions: [{ type: 'Available', status: available }] },
  } as APIService;
}

/** APIServices as the cache has them. */
export class StoredApiServices {
  readonly #objects = new Map<string, APIService>();
  #told: (change: { readonly object: APIService | undefined; readonly old: APIService | undefined }) => void = () => {};

  constructor(...objects: readonly APIService[]) {
    for (const object of objects) this.#objects.set(object.metadata.name!, object);
  }

  readonly read = {
    list: () => [...this.#objects.values()],
    subscribe: (_ref: object, told: never) => {
      this.#told = told;
      return () => {};
    },
  } as never;

  put(object: APIService): void {
    const old = this.#objects.get(object.metadata.name!);
    this.#objects.set(object.metadata.name!, object);
    this.#told({ object, old });
  }

  remove(name: string): void {
    const old = this.#objects.get(name);
    this.#objects.delete(name);
    this.#told({ object: undefined, old });
  }
}

export const ann: UserInfo = { username: 'ann', groups: ['system:authenticated'] };

export interface Front {
  readonly port: number;
  readonly delegation: Delegation;
  readonly reach: Reach;
  readonly clock: FakeClock;
  readonly ctx: Context;
  readonly dialled: readonly string[];
}

/** An API server that has nothing of its own, before the one on `port`. */
export async function front(
  { frontProxy }: Trusted,
  { port }: Pick<Serving, 'port'>,
  services: StoredApiServices,
  user = ann,
): Promise<Front> {
  const { ctx, clock } = testContext();
  const dialer = dialerTo(port, ctx);
  const reach: Reach = { dialer, clientCertificate: () => frontProxy };
  const backends = new Backends();
  backends.follow(services.read, () => {});
  const delegation = new Delegation(backends, reach);
  const handle: ApiServer['handle'] = async (request, ctx) => {
    const info = parseRequestInfo(request);
    return (
      (await delegation.handle({ request, info, user }, ctx)) ?? { kind: 'bytes', status: 418, headers: {}, body: [] }
    );
  };
  const listener = createListener({ handler: { handle } as ApiServer }, ctx);
  onTestFinished(() => {
    listener.drain();
    listener.server.closeAllConnections();
    listener.server.close();
  });
  await once(listener.server.listen(0, '127.0.0.1'), 'listening');
  const at = listener.server.address() as AddressInfo;
  return { port: at.port, delegation, reach, clock, ctx, dialled: dialer.dialled };
}

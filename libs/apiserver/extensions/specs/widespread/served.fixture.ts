import { Catalog } from '@kubernest/apiserver/contract';
import type { CallRequest } from '@kubernest/apiserver/dialer';
import { loopbackTransport } from '@kubernest/apiserver/handlers';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import { createClient, createInformerSet } from '@kubernest/client';
import { builtinControllers } from '@kubernest/controllers/builtin';
import { controllerEngine } from '@kubernest/controllers/engine';
import { builtinKinds } from '@kubernest/kinds';
import { turnsTaken } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { extensions } from '../../src/extensions.ts';
import type { Project, Spec } from './project.ts';

type Custom = KubeObject & { readonly spec: Spec };

/** An API server that serves what is declared, with the controllers of definitions, and webhooks that convert as the projects' do. */
export interface ServedDefinitions extends AsyncDisposable {
  readonly api: TestServer;
  /** Lets time go on until it is so. */
  until(isSo: () => Promise<boolean>): Promise<void>;
}

/** No pod is dialled, and nobody gets a token. */
const none = { dialer: undefined as never, tokens: undefined as never };

export async function servedDefinitions(projects: readonly Project[]): Promise<ServedDefinitions> {
  const catalog = new Catalog(builtinKinds);
  const api = await testServer({ catalog, subresources: () => builtinSubresources(none) });
  const call = async (_: unknown, { body }: CallRequest) => ({
    status: 200,
    headers: {},
    body: Buffer.from(JSON.stringify(converted(projects, JSON.parse(String(body))))),
  });
  await extensions({ core: api.server.core, catalog, dialer: { call } }).start(api.ctx);
  const client = createClient(loopbackTransport(api.server, { username: 'controllers', groups: [] }));
  const informers = createInformerSet(client);
  const controllers = builtinControllers({ rootCa: '' }).filter(({ name }) => name.startsWith('crd-'));
  const engine = controllerEngine({ controllers, clientFor: () => client, informersFor: () => informers });
  await engine.start(api.ctx);
  return {
    api,
    async until(isSo) {
      for (let tries = 0; !(await isSo()); tries++) {
        if (tries > 100) throw new Error('it never comes to that');
        await turnsTaken();
        await api.clock.advance(500);
      }
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: { readonly uid: string; readonly desiredAPIVersion: string; readonly objects: readonly Custom[] };
}

function converted(projects: readonly Project[], { apiVersion, kind, request }: Review): object {
  const { uid, desiredAPIVersion: to, objects } = request;
  const convertedObjects = objects.map((object) => {
    const group = object.apiVersion!.split('/')[0];
    const project = projects.find(({ definition }) => definition.spec['group'] === group)!;
    return { ...object, apiVersion: to, spec: project.convert!(object, to) };
  });
  return { apiVersion, kind, response: { uid, result: { status: 'Success' }, convertedObjects } };
}

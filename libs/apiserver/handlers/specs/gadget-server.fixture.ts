import { type AdmissionPlugin, Catalog } from '@kubernest/apiserver/contract';
import { Converter, type Gadget, gadget, gadgetsIn, pathIn, v1 } from '@kubernest/apiserver/storage/testing';
import { builtinKinds } from '@kubernest/kinds';
import { testServer } from '@kubernest/testkit/server';

/** A server of gadgets, which are stored in `v1` at first. */
export async function gadgetServer(plugins: readonly AdmissionPlugin[] = []) {
  const converter = new Converter();
  const catalog = new Catalog([...builtinKinds, ...gadgetsIn(v1, converter)]);
  const api = await testServer({ catalog, plugins });
  return {
    ...api,
    catalog,
    converter,
    create: (apiVersion: string, ...rest: [name: string, centimetres: number, labels?: Record<string, string>]) =>
      api.call(`POST ${pathIn(apiVersion)}`, gadget(apiVersion, ...rest)),
    /** As it lies in the store. */
    async stored(name: string): Promise<Gadget> {
      const { entry } = await api.store.get(`/registry/example.test/gadgets/one/${name}`, api.ctx);
      return JSON.parse(Buffer.from(entry!.value).toString()) as Gadget;
    },
    storeIn: (apiVersion: string) => catalog.apply({ served: gadgetsIn(apiVersion, converter) }),
  };
}

export type GadgetServer = Awaited<ReturnType<typeof gadgetServer>>;

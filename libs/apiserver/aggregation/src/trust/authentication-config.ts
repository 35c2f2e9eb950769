import type { ConfigMap } from '@kubernest/api-types/core/v1';
import type { ApiCore, WriteAs } from '@kubernest/apiserver/contract';
import { Backoff, type Context, childContext, messageOf, type Runnable } from '@kubernest/kit';
import { isNotFound, type KubeObject } from '@kubernest/meta';

/** What a server behind this one must know to believe whom it is asked for. */
export interface AuthenticationConfig {
  /** PEM: who signs for clients. */
  readonly clientCa: string;
  /** PEM: who signs for front proxies. */
  readonly frontProxyCa: string;
  /** Common names of the front proxies' certificates. */
  readonly allowedNames: readonly string[];
}

const [namespace, name] = ['kube-system', 'extension-apiserver-authentication'];
const ref = { group: '', version: 'v1', resource: 'configmaps' };
const target = { ref, namespace, name, subresource: '' };

/** compat: each list is JSON within the text, as kube-apiserver writes its flags. */
export const configMapData = ({ clientCa, frontProxyCa, allowedNames }: AuthenticationConfig) => ({
  'client-ca-file': clientCa,
  'requestheader-allowed-names': JSON.stringify(allowedNames),
  'requestheader-client-ca-file': frontProxyCa,
  'requestheader-extra-headers-prefix': JSON.stringify(['X-Remote-Extra-']),
  'requestheader-group-headers': JSON.stringify(['X-Remote-Group']),
  'requestheader-uid-headers': JSON.stringify(['X-Remote-Uid']),
  'requestheader-username-headers': JSON.stringify(['X-Remote-User']),
});

/**
 * Keeps ConfigMap `kube-system/extension-apiserver-authentication`, which aggregated APIs read when they start, as this server is configured.
 * What else stands in it stays. Several API servers write the same.
 */
export function authenticationConfig(
  core: Pick<ApiCore, 'read' | 'write'>,
  config: AuthenticationConfig,
  by: WriteAs,
): Runnable {
  const data = configMapData(config);
  const isAsItShouldBe = (held: ConfigMap | undefined): boolean =>
    held !== undefined && Object.entries(data).every(([key, value]) => held.data?.[key] === value);
  const write = async (ctx: Context): Promise<void> => {
    if (isAsItShouldBe(core.read.get<ConfigMap>(ref, `${namespace}/${name}`))) return;
    const fill = (draft: KubeObject): unknown => {
      if (isAsItShouldBe(draft as ConfigMap)) return false;
      return Object.assign(draft, { data: { ...(draft as ConfigMap).data, ...data } });
    };
    await core.write.modify(target, by, fill, ctx).catch(async (error: unknown) => {
      if (!isNotFound(error)) throw error;
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data };
      await core.write.create(object, ref, by, ctx);
    });
  };
  const keep = async (ctx: Context): Promise<void> => {
    const backoff = new Backoff({ initial: 1_000, max: 60_000 });
    while (!ctx.signal.aborted) {
      const { ctx: waiting, controller } = childContext(ctx);
      const changed = nextChange(core, waiting);
      try {
        await write(ctx);
        backoff.forget('');
        await changed;
      } catch (error) {
        controller.abort();
        if (ctx.signal.aborted) return;
        ctx.log.warn('the configuration of aggregated APIs could not be written, trying again', {
          error: messageOf(error),
        });
        await ctx.clock.sleep(backoff.next(''), ctx.signal).catch(() => {});
      }
    }
  };
  return { name: 'authentication-config', start: async (ctx) => ({ done: keep(ctx) }) };
}

function nextChange({ read }: Pick<ApiCore, 'read'>, { signal }: Context): Promise<void> {
  return new Promise((resolve) => {
    const leave = read.subscribe(ref, ({ object, old }) => {
      const { metadata } = (object ?? old)!;
      if (metadata.name === name && metadata.namespace === namespace) over();
    });
    const over = (): void => {
      leave();
      signal.removeEventListener('abort', over);
      resolve();
    };
    signal.addEventListener('abort', over, { once: true });
    if (signal.aborted) over();
  });
}

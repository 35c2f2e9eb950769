import { dirname, join } from 'node:path';
import { renderKubeconfig } from '@kubernest/client';
import type { Context } from '@kubernest/kit';
import {
  adminIdentity,
  type CertificateRequest,
  controllerManagerIdentity,
  type IssuedFiles,
  kubeProxyIdentity,
  nodeIdentity,
  replaceFile,
  schedulerIdentity,
} from '@kubernest/pki';
import type { ApiserverConfig } from './apiserver.config.ts';
import { issueInto, type ServerSecrets } from './secrets.ts';

const componentIdentities = { controllers: controllerManagerIdentity, scheduler: schedulerIdentity };

/**
 * Writes the credentials of this machine's own people and agents: who may read the data directory is root anyway. Resolves with when each
 * of them is due.
 */
export async function writeCredentials(
  config: ApiserverConfig,
  secrets: ServerSecrets,
  ctx: Context,
): Promise<readonly Date[]> {
  const ca = secrets.cluster.authority.certificate;
  const due: Date[] = [];
  const issue = async (name: string, request: CertificateRequest): Promise<IssuedFiles> => {
    const issued = await issueInto(config, secrets.cluster, name, request, ctx);
    due.push(issued.renewAt);
    return issued;
  };
  const write = async (file: string, name: string, request: CertificateRequest): Promise<void> => {
    const { certificate, key } = await issue(name, request);
    const server = `https://127.0.0.1:${config.port}`;
    const text = renderKubeconfig({ name: `kubernest-${config.name}`, server, ca, cert: certificate, key });
    await replaceFile(file, text, 0o600);
  };
  for (const { component, file } of config.componentKubeconfigs)
    await write(file, component, componentIdentities[component]);
  if (config.adminKubeconfig) await write(config.adminKubeconfig, 'admin', adminIdentity);
  for (const { node, file } of config.agentKubeconfigs) {
    await write(file, `node-${node}`, nodeIdentity(node));
    await write(join(dirname(file), 'kube-proxy.kubeconfig'), 'kube-proxy', kubeProxyIdentity);
  }
  return due;
}

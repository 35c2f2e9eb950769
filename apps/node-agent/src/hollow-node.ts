import { createClient, createInformerSet } from '@kubernest/client';
import { hollowNodes } from '@kubernest/hollow';
import { group, kubernetesVersion, type Runnable } from '@kubernest/kit';
import { followedTransport } from '@kubernest/pki';
import type { HollowConfig } from './config.ts';

/** As many simulated nodes as asked for, in this one process. */
export function hollowNode(config: HollowConfig): Runnable {
  const { transport, follower } = followedTransport(config.kubeconfig);
  const client = createClient(transport);
  const informers = createInformerSet(client);
  const nodes = hollowNodes({
    client,
    informers,
    count: config.hollowNodes,
    prefix: 'hollow',
    version: kubernetesVersion.gitVersion,
  });
  return group('hollow', [informers, nodes, follower]);
}

import type { Subresource } from '@kubernest/apiserver/contract';
import type { Dialer } from '@kubernest/apiserver/dialer';
import { certificateApproval } from './approval/approval.subresource.ts';
import { binding } from './binding/binding.subresource.ts';
import { podAttach, podExec, podPortForward } from './connect/connect.subresource.ts';
import { podEphemeralContainers } from './ephemeral-containers/ephemeral-containers.subresource.ts';
import { eviction } from './eviction/eviction.subresource.ts';
import { namespaceFinalize } from './finalize/finalize.subresource.ts';
import { podLog } from './log/log.subresource.ts';
import { nodeProxy, podProxy, serviceProxy } from './proxy/proxy.subresource.ts';
import { scale } from './scale/scale.subresource.ts';
import { serviceAccountToken, type TokenIssuer } from './token/token.subresource.ts';

export interface SubresourceParts {
  readonly dialer: Dialer;
  readonly tokens: TokenIssuer;
}

/** Every subresource besides `status`, which the engine serves itself. */
export function builtinSubresources({ dialer, tokens }: SubresourceParts): readonly Subresource[] {
  return [
    scale,
    binding,
    eviction,
    podEphemeralContainers,
    namespaceFinalize,
    certificateApproval,
    serviceAccountToken(tokens),
    podLog(dialer),
    podExec(dialer),
    podAttach(dialer),
    podPortForward(dialer),
    podProxy(dialer),
    serviceProxy(dialer),
    nodeProxy(dialer),
  ];
}

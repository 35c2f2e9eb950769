import { Aggregation, authenticationConfig, checkBackend, type Reach } from '@kubernest/apiserver/aggregation';
import { apiserverWriter } from '@kubernest/apiserver/authz';
import type { ApiCore } from '@kubernest/apiserver/contract';
import { AvailabilityTally } from '@kubernest/apiserver/metrics';
import { aggregationControllers } from '@kubernest/controllers/builtin';
import type { Controller } from '@kubernest/controllers/engine';
import { group, type Metrics, type Runnable } from '@kubernest/kit';
import { frontProxyIdentity } from '@kubernest/pki';
import type { DialerOf } from './dialing.ts';
import type { ServerSecrets } from './secrets.ts';

type Reader = Pick<ApiCore, 'read'>;

/** How this API server reaches those that stand behind it, and hands them what is theirs. */
export interface Aggregating {
  /** Made when it is first asked for; the same for whoever asks. */
  aggregation(core: Reader): Aggregation;
  reach(core: Reader): Reach;
  /** Told which of them do not answer: it is among the metrics. */
  readonly availability: AvailabilityTally;
}

export function aggregating(dialer: DialerOf, { frontProxyClient }: ServerSecrets, metrics: Metrics): Aggregating {
  let aggregation: Aggregation | undefined;
  const reach = (core: Reader): Reach => ({
    dialer: dialer(core),
    clientCertificate: () => frontProxyClient.value,
  });
  return {
    reach,
    availability: new AvailabilityTally(metrics),
    aggregation: (core) => (aggregation ??= new Aggregation(reach(core))),
  };
}

/** Which APIs are others', and what those must know of this server to believe it. */
export function aggregatedApis(
  core: Pick<ApiCore, 'read' | 'write'>,
  aggregating: Aggregating,
  { cluster }: ServerSecrets,
): Runnable {
  const config = {
    clientCa: cluster.authority.certificate,
    frontProxyCa: cluster.frontProxyAuthority.certificate,
    allowedNames: [frontProxyIdentity.commonName],
  };
  return group('aggregated-apis', [
    aggregating.aggregation(core).runnable(core),
    authenticationConfig(core, config, apiserverWriter),
  ]);
}

/** They speak of what this server serves, and of whom it reaches. */
export function controllersOfAggregation(core: Reader, { reach, availability }: Aggregating): readonly Controller[] {
  return aggregationControllers({
    check: (service, ctx) => checkBackend(service, reach(core), ctx),
    metrics: availability,
  });
}

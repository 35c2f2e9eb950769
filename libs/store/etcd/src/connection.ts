import type { Etcd3, IOptions } from 'etcd3';

export interface EtcdCredentials {
  /** PEM. */
  readonly rootCertificate: Buffer;
  readonly privateKey?: Buffer;
  readonly certChain?: Buffer;
}

const CALL_MILLISECONDS = 5000;

// The client's own retries would repeat a transaction whose outcome is unknown, and its breaker would answer for a healthy etcd.
const once = {
  execute: async (run: (context: { signal: AbortSignal }) => unknown) => run({ signal: new AbortController().signal }),
};
type Policy = NonNullable<NonNullable<IOptions['faultHandling']>['global']>;

/** The client costs more to load than a whole API server, so it is loaded by those who use etcd. */
export async function connect(endpoints: readonly string[], credentials: EtcdCredentials | undefined): Promise<Etcd3> {
  const { Etcd3 } = await import('etcd3');
  const policy = once as unknown as Policy;
  return new Etcd3({
    hosts: [...endpoints],
    credentials: credentials && { ...credentials },
    faultHandling: { host: () => policy, global: policy },
    defaultCallOptions: ({ isStream }) => (isStream ? {} : { deadline: Date.now() + CALL_MILLISECONDS }),
    grpcOptions: {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1000,
      'grpc.keepalive_time_ms': 10_000,
      'grpc.keepalive_timeout_ms': 5000,
    },
  });
}

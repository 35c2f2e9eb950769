import { run } from '../../cluster/test-cluster.ts';

/** Addresses set aside for examples, on this machine's loopback device: an API server behind the `kubernetes` Service may not have 127.0.0.1. */
const examples = ['198.51.100.21', '198.51.100.22'] as const;

export class OwnAddresses implements AsyncDisposable {
  readonly first = examples[0];
  readonly second = examples[1];

  static async add(): Promise<OwnAddresses> {
    for (const address of examples) {
      // Left behind by a run that was killed is as good as added.
      const ran = await run('ip', ['address', 'replace', `${address}/32`, 'dev', 'lo']);
      if (ran.code !== 0) throw new Error(`could not give the loopback device ${address}: ${ran.stderr}`);
    }
    return new OwnAddresses();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const address of examples) await run('ip', ['address', 'delete', `${address}/32`, 'dev', 'lo']);
  }
}

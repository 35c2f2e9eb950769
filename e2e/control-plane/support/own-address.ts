import { run } from '../../cluster/test-cluster.ts';

/**
 * Two addresses set aside for examples, on this machine's loopback device: an API server behind the `kubernetes` Service may not have
 * 127.0.0.1. Test files run side by side, so each takes a pair that nobody has.
 */
export class OwnAddresses implements AsyncDisposable {
  private constructor(
    readonly first: string,
    readonly second: string,
  ) {}

  static async add(): Promise<OwnAddresses> {
    let complaint = '';
    for (let pair = 0; pair < 127; pair++) {
      const [first, second] = [`198.51.100.${2 * pair + 1}`, `198.51.100.${2 * pair + 2}`];
      // Adding is also the claim: the kernel gives an address once.
      const ran = await run('ip', ['address', 'add', `${first}/32`, 'dev', 'lo']);
      if (ran.code === 0) {
        await run('ip', ['address', 'replace', `${second}/32`, 'dev', 'lo']);
        return new OwnAddresses(first, second);
      }
      complaint = ran.stderr;
    }
    throw new Error(`could not give the loopback device an address: ${complaint}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const address of [this.second, this.first])
      await run('ip', ['address', 'delete', `${address}/32`, 'dev', 'lo']);
  }
}

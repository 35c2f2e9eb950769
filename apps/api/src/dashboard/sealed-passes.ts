import type { Clock, Milliseconds } from '@kubernest/kit';
import { type SealingKey, SealingKeyError, seal, unseal } from '@kubernest/pki';
import { type Evidence, revived } from './evidence.ts';

interface Content {
  readonly evidence: Evidence;
  readonly until: Milliseconds;
}

const NAME = 'dashboard page';

/** Secrets that say by themselves for whom and how long they stand; nothing is kept of them. */
export class SealedPasses {
  constructor(
    private readonly key: SealingKey,
    private readonly life: Milliseconds,
    private readonly clock: Clock,
  ) {}

  issue(evidence: Evidence): string {
    const content: Content = { evidence, until: this.clock.now().getTime() + this.life };
    return Buffer.from(seal(this.key, NAME, Buffer.from(JSON.stringify(content)))).toString('base64url');
  }

  evidenceOf(pass: string): Evidence | undefined {
    try {
      const content = unseal(this.key, NAME, Buffer.from(pass, 'base64url'));
      const { evidence, until } = JSON.parse(Buffer.from(content).toString('utf8')) as Content;
      return until > this.clock.now().getTime() ? revived(evidence) : undefined;
    } catch (error) {
      if (error instanceof SealingKeyError) return undefined;
      throw error;
    }
  }
}

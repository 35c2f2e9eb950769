import type { UserInfo } from '@kubernest/apiserver/engine';
import type { Clock, Milliseconds } from '@kubernest/kit';
import { type SealingKey, SealingKeyError, seal, unseal } from '@kubernest/pki';

interface Content {
  readonly user: UserInfo;
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

  issue(user: UserInfo): string {
    const content: Content = { user, until: this.clock.now().getTime() + this.life };
    return Buffer.from(seal(this.key, NAME, Buffer.from(JSON.stringify(content)))).toString('base64url');
  }

  userOf(pass: string): UserInfo | undefined {
    try {
      const content = unseal(this.key, NAME, Buffer.from(pass, 'base64url'));
      const { user, until } = JSON.parse(Buffer.from(content).toString('utf8')) as Content;
      return until > this.clock.now().getTime() ? user : undefined;
    } catch (error) {
      if (error instanceof SealingKeyError) return undefined;
      throw error;
    }
  }
}

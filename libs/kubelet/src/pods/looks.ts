import type { Context } from '@kubernest/kit';
import { answered, RUNTIME } from '../answered.ts';

/**
 * Which of several answers about the same thing is the newer one. Answers may overtake each other: one says how things stood when it
 * was asked for, at the latest, and must not replace what was learnt since.
 */
export class Looks {
  #now = 0;
  #underWay = 0;
  /** When what is known of each id was asked for; kept only while an older answer may still come. */
  readonly #since = new Map<string, number>();

  /**
   * Asks, and hands the answer on with a judge that says of an id whether the answer is news, and notes it if so. One that does not come
   * is waited for only so long.
   */
  async look<T, R>(
    ask: (ctx: Context) => Promise<T>,
    take: (answer: T, isNews: (id: string) => boolean) => R,
    ctx: Context,
  ): Promise<R> {
    const asked = ++this.#now;
    this.#underWay += 1;
    try {
      const answer = await answered({ who: RUNTIME }, ask, ctx);
      return take(answer, (id) => this.#isNews(id, asked));
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#since.clear();
    }
  }

  /** It is known of `id` how it stands right now. */
  known(id: string): void {
    if (this.#underWay > 0) this.#since.set(id, ++this.#now);
  }

  #isNews(id: string, asked: number): boolean {
    if ((this.#since.get(id) ?? 0) > asked) return false;
    this.#since.set(id, asked);
    return true;
  }
}

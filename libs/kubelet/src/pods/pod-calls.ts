/**
 * Calls under way that make or end something of a pod. Whoever makes one is the first to know what comes of it; where it fails, or where
 * more was made than it tells, the pod is doubtful: nothing is planned for it until the runtime was asked.
 */
export class PodCalls {
  readonly #underWay = new Map<string, { count: number; readonly heardOf: Set<string> }>();
  readonly #doubtful = new Set<string>();

  constructor(private readonly isKnown: (id: string) => boolean) {}

  async run<T>(podUid: string, call: () => Promise<T>): Promise<T> {
    const own = this.#underWay.get(podUid) ?? { count: 0, heardOf: new Set<string>() };
    own.count += 1;
    this.#underWay.set(podUid, own);
    try {
      return await call();
    } catch (error) {
      this.doubt(podUid);
      throw error;
    } finally {
      own.count -= 1;
      if (own.count === 0) this.#underWay.delete(podUid);
      if ([...own.heardOf].some((id) => !this.isKnown(id))) this.doubt(podUid);
    }
  }

  /** Something of the pod that is not known was made or ended; false when nobody is there who will tell of it. */
  heard(podUid: string, id: string): boolean {
    const own = this.#underWay.get(podUid);
    own?.heardOf.add(id);
    return own !== undefined;
  }

  doubt(podUid: string): void {
    this.#doubtful.add(podUid);
  }

  confirmed(podUid: string): void {
    this.#doubtful.delete(podUid);
  }

  isDoubtful(podUid: string): boolean {
    return this.#doubtful.has(podUid);
  }
}

import { type Draft, isLargeJson, paced, refusalError, type ThreadTasks } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { jsonBytesInSteps, parseJsonInSteps, type StatusError } from '@kubernest/meta';
import type { DraftWrite } from './draft-write.ts';

/** What a kind says of a draft that is put right and has its generation by then. */
export interface Verdict {
  readonly refusal: StatusError | undefined;
  readonly warnings: readonly string[];
}

/** Has the rules of a kind, of which each is one step, look at large objects on the thread. */
export class Judge {
  constructor(private readonly tasks: ThreadTasks) {}

  /** Undefined: the thread does not know the kind, or what is there to look at is not worth the way, unless it is known that it `isDear`. */
  async verdict(
    { call, draft, old, base, keepsGeneration, admissionChanged }: DraftWrite,
    ctx: Context,
    { isDear = false } = {},
  ): Promise<Verdict | undefined> {
    const { definition } = call.resource;
    if (!this.tasks.judges(definition)) return undefined;
    const object = await paced(jsonBytesInSteps(draft));
    const stored = base ? base.bytes : old && (await paced(jsonBytesInSteps(old)));
    const bytes = object.length + (stored?.length ?? 0);
    if (!isDear && !isWorthTheWay(bytes, definition.schema.dearness)) return undefined;
    const { group, version, kind } = definition;
    const { completed, generation, refusal, warnings } = await this.tasks.run(
      'judge',
      {
        expected: { group, version, kind },
        source: definition.customSchema?.source,
        object,
        old: stored,
        subresource: call.info.subresource,
        now: ctx.clock.now(),
        keepsGeneration,
        lacksDefaults: admissionChanged,
        warns: call.warn !== undefined,
      },
      { user: call.user.username, bytes, ctx },
    );
    if (completed)
      refill(draft, (await paced(parseJsonInSteps(Buffer.from(completed).toString()))) as unknown as Draft);
    if (generation === undefined) delete draft.metadata.generation;
    else draft.metadata.generation = generation;
    return { refusal: refusal && refusalError(refusal), warnings };
  }
}

/** So many bytes are judged within some ten milliseconds, if each is looked at once. */
const BYTES_TO_JUDGE = 4 * 1024 * 1024;

const isWorthTheWay = (bytes: number, dearness = 1): boolean => isLargeJson(bytes) || bytes * dearness > BYTES_TO_JUDGE;

/** The same draft, as others refer to it, with other contents. */
function refill(draft: Draft, contents: Draft): void {
  for (const key of Object.keys(draft)) delete (draft as unknown as Record<string, unknown>)[key];
  Object.assign(draft, contents);
}

import type { ResourceDefinition } from '@kubernest/definitions';
import { atOnce, type KubeObject, parseJson } from '@kubernest/meta';
import type { Draft } from '../bodies/draft.ts';
import { complete, type Judged, refusalOf, setGeneration, warningsOf } from '../rules/rules.ts';
import type { ExpectedName, SentSource } from './body-task.ts';
import { type Refusal, refusalParts } from './refusal.ts';

/** All that a kind's rules look at. */
export interface JudgeTask {
  readonly expected: ExpectedName;
  readonly source?: SentSource | undefined;
  /** As JSON, as is what is stored. */
  readonly object: Uint8Array;
  readonly old: Uint8Array | undefined;
  readonly subresource: string;
  readonly now: Date;
  readonly keepsGeneration: boolean;
  /** See `complete`. */
  readonly lacksDefaults: boolean;
  /** Somebody listens to warnings. */
  readonly warns: boolean;
}

export interface Judgement {
  /** Put right, as JSON, where that changed it. */
  readonly completed: Uint8Array | undefined;
  readonly generation: number | undefined;
  readonly refusal: Refusal | undefined;
  readonly warnings: readonly string[];
}

/** Pure: what a kind makes of an object, and what it says of it. */
export function runJudgeTask(task: JudgeTask, definition: ResourceDefinition): Judgement {
  const sent = Buffer.from(task.object).toString();
  const draft = parseJson(sent) as unknown as Draft;
  const old = task.old && (parseJson(Buffer.from(task.old).toString()) as unknown as KubeObject);
  const { subresource, now } = task;
  const context = { subresource, now, old };
  atOnce(complete(definition, draft, { ...context, lacksDefaults: task.lacksDefaults }));
  const json = JSON.stringify(draft);
  const completed = json === sent ? undefined : Buffer.from(json);
  setGeneration(definition, draft, { old, keeps: task.keepsGeneration });
  const { generation } = draft.metadata;
  const judged: Judged = { definition, object: draft, context };
  const refusal = atOnce(refusalOf(judged));
  if (refusal) return { completed, generation, refusal: refusalParts(refusal), warnings: [] };
  return { completed, generation, refusal: undefined, warnings: task.warns ? warningsOf(judged) : [] };
}

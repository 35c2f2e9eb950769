import { draftOf, ensurePart, type Part, partAt, partsAt } from '@kubernest/definitions';
import { type KubeObject, wireTime } from '@kubernest/meta';

export const conditionsOf = (object: KubeObject): readonly Part[] =>
  partsAt(partAt(draftOf(object), 'status'), 'conditions');

export const ofType = (object: KubeObject, type: string): readonly Part[] =>
  conditionsOf(object).filter((each) => each.type === type);

/** Says since when each condition holds, where its writer does not. */
export function stampConditions(draft: KubeObject, old: KubeObject, now: Date): void {
  const time = wireTime(now);
  for (const each of conditionsOf(draft)) {
    each.lastUpdateTime ??= time;
    const held = ofType(old, String(each.type)).find(({ status }) => status === each.status);
    each.lastTransitionTime ??= held?.lastTransitionTime ?? time;
  }
}

/** Approving and denying are not for who signs: as many of them as there were stay as they were. */
export function keepApproval(draft: KubeObject, old: KubeObject): void {
  for (const type of ['Approved', 'Denied']) {
    const before = ofType(old, type);
    if (ofType(draft, type).length !== before.length || before.length === 0) continue;
    const status = ensurePart(draftOf(draft), 'status');
    let next = 0;
    status.conditions = conditionsOf(draft).map((each) =>
      each.type === type ? structuredClone(before[next++]) : each,
    );
  }
}

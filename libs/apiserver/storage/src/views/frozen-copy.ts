import { cloneInSteps, freezeInSteps, type KubeObject, type Steps } from '@kubernest/meta';

/** What a converter is given: its maker may go on changing the other. */
export function* frozenCopy(object: KubeObject): Steps<KubeObject> {
  const copy = yield* cloneInSteps(object);
  yield* freezeInSteps(copy);
  return copy;
}

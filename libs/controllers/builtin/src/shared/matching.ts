import { type KubeObject, type Labels, paced, Rests, type Steps } from '@kubernest/meta';

type Asks = (labels: Labels | undefined) => boolean;

/** Those of the objects that a selector means. Between two others get their turn: labels may be as wide as an object, and so may it. */
export const matching = <T extends KubeObject>(objects: readonly T[], isMeant: Asks): Promise<T[]> =>
  paced(meant(objects, isMeant));

function* meant<T extends KubeObject>(objects: readonly T[], isMeant: Asks): Steps<T[]> {
  const found: T[] = [];
  for (const object of objects) {
    if (isMeant(object.metadata.labels)) found.push(object);
    yield;
  }
  return found;
}

const takenApart = new WeakSet<object>();

/** Those whose selectors mean these labels. To take a wide selector apart takes long, once: that is a step, and so are many others together. */
export function* meaning<T extends KubeObject>(
  owners: readonly T[],
  {
    selectorOf,
    isMeant,
  }: { readonly selectorOf: (owner: T) => object | undefined; readonly isMeant: (owner: T) => boolean },
): Steps<T[]> {
  const found: T[] = [];
  const rests = new Rests();
  for (const owner of owners) {
    if (isMeant(owner)) found.push(owner);
    const selector = selectorOf(owner);
    const isNew = selector !== undefined && !takenApart.has(selector);
    if (isNew) takenApart.add(selector);
    if (rests.isDue() || isNew) yield;
  }
  return found;
}

import { emptyFieldSet, type FieldSet, fieldSetMember, fieldSetNode, isEmptyFieldSet } from './field-set.ts';

/** What a write did, field by field. */
export interface FieldChanges {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

const sides = ['added', 'modified', 'removed'] as const;
export type Side = (typeof sides)[number];

export const nothing: FieldChanges = { added: emptyFieldSet, modified: emptyFieldSet, removed: emptyFieldSet };

export const leaf: Readonly<Record<Side, FieldChanges>> = {
  added: { ...nothing, added: fieldSetMember },
  modified: { ...nothing, modified: fieldSetMember },
  removed: { ...nothing, removed: fieldSetMember },
};

/** Gathers the changes below one place; stays unallocated while nothing changed, which is nearly everywhere. */
export class ChangesBelow {
  #sets: Partial<Record<Side, Map<string, FieldSet>>> | undefined;

  /** What is put under one element several times is of different sides. */
  put(element: string, changes: FieldChanges): void {
    if (changes === nothing) return;
    this.#sets ??= {};
    for (const side of sides) {
      if (isEmptyFieldSet(changes[side])) continue;
      this.#sets[side] ??= new Map();
      this.#sets[side].set(element, changes[side]);
    }
  }

  /** `whole`: the place itself has come or gone as well. */
  with(whole: Side | undefined): FieldChanges {
    if (!this.#sets) return whole ? leaf[whole] : nothing;
    const { added, modified, removed } = this.#sets;
    return {
      added: nodeOf(whole === 'added', added),
      modified: nodeOf(false, modified),
      removed: nodeOf(whole === 'removed', removed),
    };
  }

  at(element: string): FieldChanges {
    const of = (side: Side): FieldSet => this.#sets?.[side]?.get(element) ?? emptyFieldSet;
    return this.#sets ? { added: of('added'), modified: of('modified'), removed: of('removed') } : nothing;
  }
}

const nodeOf = (member: boolean, children: Map<string, FieldSet> | undefined): FieldSet => {
  if (children) return fieldSetNode(member, children);
  return member ? fieldSetMember : emptyFieldSet;
};

import type { Json } from './object.ts';
import { areMany, fromWireElement, sortElements, sortElementsInSteps, toWireElement } from './path-element.ts';
import { atOnce, Rests, type Steps } from './steps.ts';
import { isObject, type JsonObject } from './value.ts';

/**
 * A set of fields as a tree whose edges are the wire's own path elements: `f:spec`, `k:{"name":"web"}`, `v:"x"`, `i:0`. A node may be a
 * member itself, have members below, or both. Treat as immutable: sets share nodes.
 */
export interface FieldSet {
  /** Is the path that leads here in the set? */
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

type MutableSet = { member: boolean; children: Map<string, FieldSet> };

const noChildren: ReadonlyMap<string, FieldSet> = new Map();
export const emptyFieldSet: FieldSet = { member: false, children: noChildren };
export const fieldSetMember: FieldSet = { member: true, children: noChildren };

export const isEmptyFieldSet = (set: FieldSet): boolean => !set.member && set.children.size === 0;

/** A node with children; empty children are left out. */
export function fieldSetNode(member: boolean, children: ReadonlyMap<string, FieldSet>): FieldSet {
  if (children.size === 0) return member ? fieldSetMember : emptyFieldSet;
  return { member, children };
}

/** The set of these paths, each a list of path elements. */
export function fieldSetOfPaths(paths: readonly (readonly string[])[]): FieldSet {
  const root: MutableSet = { member: false, children: new Map() };
  for (const path of paths) {
    let node = root;
    for (const element of path) {
      let child = node.children.get(element) as MutableSet | undefined;
      if (!child) {
        child = { member: false, children: new Map() };
        node.children.set(element, child);
      }
      node = child;
    }
    node.member = true;
  }
  return root;
}

/** Is exactly this path a member? */
export function hasField(set: FieldSet, path: readonly string[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) {
    node = node.children.get(element);
    if (!node) return false;
  }
  return node.member;
}

/** Members of either; `a` itself where `b` has nothing more. */
export function unionFields(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptyFieldSet(b)) return a;
  if (isEmptyFieldSet(a)) return b;
  let children: Map<string, FieldSet> | undefined;
  for (const [element, child] of b.children) {
    const other = a.children.get(element);
    const both = other ? unionFields(other, child) : child;
    if (both === other) continue;
    children ??= new Map(a.children);
    children.set(element, both);
  }
  if (!children && (a.member || !b.member)) return a;
  return fieldSetNode(a.member || b.member, children ?? a.children);
}

/** The union of any number of sets, in one walk over all of them. */
export function unionOfFields(sets: Iterable<FieldSet>): FieldSet {
  const all = [...sets].filter((set) => !isEmptyFieldSet(set));
  if (all.length < 2) return all[0] ?? emptyFieldSet;
  const below = new Map<string, FieldSet[]>();
  for (const { children } of all) {
    for (const [element, child] of children) {
      const same = below.get(element);
      if (same) same.push(child);
      else below.set(element, [child]);
    }
  }
  const children = new Map([...below].map(([element, same]) => [element, unionOfFields(same)]));
  return fieldSetNode(
    all.some((set) => set.member),
    children,
  );
}

/** Members of both. */
export function intersectFields(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    if (!other) continue;
    const both = intersectFields(child, other);
    if (!isEmptyFieldSet(both)) children.set(element, both);
  }
  return fieldSetNode(a.member && b.member, children);
}

/** Members of `a` that are not members of `b`; what lies below a member of `b` stays. */
export function subtractFields(a: FieldSet, b: FieldSet): FieldSet {
  return subtract(a, b, false);
}

/** Like `subtractFields`, but a member of `b` takes all below with it. */
export function subtractFieldTrees(a: FieldSet, b: FieldSet): FieldSet {
  return subtract(a, b, true);
}

/** `a` itself where `b` has nothing of it: what is made of a set is made once. */
function subtract(a: FieldSet, b: FieldSet, trees: boolean): FieldSet {
  if (isEmptyFieldSet(a) || isEmptyFieldSet(b)) return a;
  if (trees && b.member) return emptyFieldSet;
  const children = new Map<string, FieldSet>();
  let isSame = !(a.member && b.member);
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    const rest = other ? subtract(child, other, trees) : child;
    if (rest !== child) isSame = false;
    if (!isEmptyFieldSet(rest)) children.set(element, rest);
  }
  return isSame ? a : fieldSetNode(a.member && !b.member, children);
}

/** Members below which there is no other member. */
export function leafFields(set: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const leaves = leafFields(child);
    if (!isEmptyFieldSet(leaves)) children.set(element, leaves);
  }
  return fieldSetNode(set.member && children.size === 0, children);
}

export function equalFields(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  if (a.member !== b.member || a.children.size !== b.children.size) return false;
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    if (!other || !equalFields(child, other)) return false;
  }
  return true;
}

/** How many members it has. */
export function countFields({ member, children }: FieldSet): number {
  let count = member ? 1 : 0;
  for (const child of children.values()) count += countFields(child);
  return count;
}

/** Every member's path. compat: of each node first its members, then what lies below them, as conflicts are told. */
export function* fieldPaths(set: FieldSet, prefix: readonly string[] = []): Generator<readonly string[]> {
  const elements = sortElements(set.children.keys());
  for (const element of elements) if (set.children.get(element)!.member) yield [...prefix, element];
  for (const element of elements) yield* fieldPaths(set.children.get(element)!, [...prefix, element]);
}

/** The wire's form, `fieldsV1`. */
export const toFieldsV1 = (set: FieldSet): JsonObject => atOnce(fieldsV1InSteps(set));

/** The same in short steps. Nodes with children wait in a list for their turn. */
export function* fieldsV1InSteps(root: FieldSet): Steps<JsonObject> {
  const nodes = [{ set: root, out: {} as JsonObject }];
  const rests = new Rests();
  for (const { set, out } of nodes) {
    if (set.member && set.children.size > 0) out['.'] = {};
    const { children } = set;
    const elements = areMany(children.size)
      ? yield* sortElementsInSteps(children.keys())
      : sortElements(children.keys());
    for (const element of elements) {
      if (rests.isDue()) yield;
      const child = children.get(element)!;
      const below: JsonObject = {};
      out[toWireElement(element)] = below;
      if (child.children.size > 0) nodes.push({ set: child, out: below });
    }
  }
  return nodes[0]!.out;
}

/** Undefined when `json` is not a field set: managed fields come from clients and may be anything. */
export const fromFieldsV1 = (json: Json | undefined): FieldSet | undefined => atOnce(readFieldsV1InSteps(json));

/** The same in short steps. */
export function* readFieldsV1InSteps(json: Json | undefined): Steps<FieldSet | undefined> {
  if (json === null) return emptyFieldSet;
  return yield* readNode(json, true, new Rests());
}

const isLeaf = (json: Json): boolean => json === null || (isObject(json) && Object.keys(json).length === 0);

function* readNode(json: Json | undefined, root: boolean, rests: Rests): Steps<FieldSet | undefined> {
  if (!isObject(json)) return undefined;
  const children = new Map<string, FieldSet>();
  let member = false;
  for (const text of Object.keys(json)) {
    if (rests.isDue()) yield;
    if (text === '.') {
      member = true;
      continue;
    }
    const element = fromWireElement(text);
    if (element === 'malformed') return undefined;
    if (element === 'unknown') continue;
    const below = json[text]!;
    const child = isLeaf(below) ? fieldSetMember : yield* readNode(below, false, rests);
    if (!child) return undefined;
    children.set(element, child);
  }
  return fieldSetNode(!root && (member || children.size === 0), children);
}

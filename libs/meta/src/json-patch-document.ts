import { MOST_BODY_BYTES } from './body-limits.ts';
import type { Json } from './object.ts';
import { clone, deepEqual, isObject, type JsonObject, MOST_KEPT_LEVELS, setKey } from './value.ts';

/** Why a patch does not apply, in the words of the library that Kubernetes applies patches with. */
export class PatchFault extends Error {
  override readonly name = 'PatchFault';
}

/** Putting into a list and taking out of it moves what stands behind; ten thousand operations on a long one would take minutes. */
const MOST_MOVED_ITEMS = 10_000_000;

interface Place {
  readonly holder: JsonObject | Json[];
  readonly key: string;
}

/** A document under a JSON patch: its own, changed in place. */
export class JsonPatchDocument {
  #copied = 0;
  #moved = 0;

  constructor(public root: Json) {}

  add(path: string, value: Json): void {
    this.#put(this.#find(path, `add operation does not apply: doc is missing path: "${path}"`), 'add', path, value);
  }

  remove(path: string): void {
    const place = this.#find(path, `remove operation does not apply: doc is missing path: "${path}"`);
    this.#take(place, 'remove', path);
  }

  replace(path: string, value: Json): void {
    if (path === '') {
      if (typeof value !== 'object' || value === null)
        throw new PatchFault('replace operation value must be object or array');
      this.root = value;
      return;
    }
    const { holder, key } = this.#find(path, `replace operation does not apply: doc is missing path: ${path}`);
    if (Array.isArray(holder) && indexIn(key, holder.length) === undefined)
      throw new PatchFault(`replace operation does not apply: doc is missing key: ${path}: missing value`);
    if (Array.isArray(holder)) holder[indexIn(key, holder.length)!] = value;
    else setKey(holder, key, value);
  }

  move(from: string, path: string): void {
    const value = this.#take(
      this.#find(from, `move operation does not apply: doc is missing from path: ${from}`),
      'move',
      from,
    );
    const to = this.#find(path, `move operation does not apply: doc is missing destination path: ${path}`);
    this.#put(to, 'move', path, value);
  }

  copy(from: string, path: string): void {
    const place = this.#find(from, `copy operation does not apply: doc is missing from path: ${from}`);
    const value = this.#present(place, `error in copy for from: '${from}'`);
    const to = this.#find(path, `copy operation does not apply: doc is missing destination path: ${path}`);
    this.#copied += jsonSize(value);
    if (this.#copied > MOST_BODY_BYTES) {
      throw new PatchFault(
        `Unable to complete the copy, the accumulated size increase of copy is ${this.#copied}, exceeding the limit ${MOST_BODY_BYTES}`,
      );
    }
    this.#put(to, 'copy', path, clone(value));
  }

  test(path: string, value: Json): void {
    const present = path === '' ? this.root : this.#tested(path);
    if (!deepEqual(present, value)) throw new PatchFault(`testing value ${path} failed: test failed`);
  }

  #tested(path: string): Json {
    const place = this.#find(path, `test operation does not apply: is missing path: ${path}`);
    return this.#present(place, `error in test for path: '${path}'`);
  }

  /** compat: a key that is missing counts as null, an index that is missing is a fault. */
  #present(place: Place, fault: string): Json {
    const value = this.#get(place);
    if (value === undefined && Array.isArray(place.holder))
      throw new PatchFault(`${fault}: Unable to access invalid index: ${place.key}: invalid index referenced`);
    return value ?? null;
  }

  #find(path: string, missing: string): Place {
    const parts = path.split('/');
    let holder: Json | undefined = this.root;
    for (let i = 1; i < parts.length - 1 && holder !== undefined; i++)
      holder = isHolder(holder) ? this.#get({ holder, key: unescapePart(parts[i]!) }) : undefined;
    if (parts.length < 2 || !isHolder(holder)) throw new PatchFault(`${missing}: missing value`);
    return { holder, key: unescapePart(parts.at(-1)!) };
  }

  #get({ holder, key }: Place): Json | undefined {
    if (!Array.isArray(holder)) return Object.hasOwn(holder, key) ? holder[key] : undefined;
    const index = indexIn(key, holder.length);
    return index === undefined ? undefined : holder[index];
  }

  #put({ holder, key }: Place, op: string, path: string, value: Json): void {
    if (!Array.isArray(holder)) {
      setKey(holder, key, value);
      return;
    }
    const index = key === '-' ? holder.length : indexIn(key, holder.length + 1);
    if (index === undefined) throw wrongIndex(op, path, key);
    this.#willMove(holder.length - index);
    if (index === holder.length) holder.push(value);
    else holder.splice(index, 0, value);
  }

  #take({ holder, key }: Place, op: string, path: string): Json {
    if (!Array.isArray(holder)) {
      const value = Object.hasOwn(holder, key) ? holder[key] : undefined;
      if (value === undefined)
        throw new PatchFault(
          `error in ${op} for path: '${path}': Unable to remove nonexistent key: ${key}: missing value`,
        );
      delete holder[key];
      return value;
    }
    const index = indexIn(key, holder.length);
    if (index === undefined) throw wrongIndex(op, path, key);
    this.#willMove(holder.length - index);
    return holder.splice(index, 1)[0]!;
  }

  #willMove(items: number): void {
    this.#moved += items;
    if (this.#moved > MOST_MOVED_ITEMS)
      throw new PatchFault(`the operations move more than ${MOST_MOVED_ITEMS} items of lists: put them at the end`);
  }
}

const isHolder = (value: Json | undefined): value is JsonObject | Json[] => isObject(value) || Array.isArray(value);

const unescapePart = (part: string): string =>
  part.includes('~') ? part.replaceAll('~1', '/').replaceAll('~0', '~') : part;

const wrongIndex = (op: string, path: string, key: string): PatchFault =>
  new PatchFault(
    `error in ${op} for path: '${path}': Unable to access invalid index: ${key}: invalid index referenced`,
  );

/** compat: negative ones count from the end. */
function indexIn(key: string, length: number): number | undefined {
  if (!/^[-+]?\d+$/.test(key)) return undefined;
  const index = Number(key);
  const at = index < 0 ? index + length : index;
  return at >= 0 && at < length ? at : undefined;
}

/** How long the value is as JSON; not counted on beyond what may be copied. Throws where it is too deep to be worked on. */
function jsonSize(root: Json): number {
  let size = 0;
  let level: readonly Json[] = [root];
  for (let depth = 0; level.length > 0 && size <= MOST_BODY_BYTES; depth++) {
    if (depth > MOST_KEPT_LEVELS) throw new PatchFault('exceeded max depth');
    const below: Json[] = [];
    for (const value of level) size += ownSize(value, below);
    level = below;
  }
  return size;
}

function ownSize(value: Json, below: Json[]): number {
  if (typeof value === 'string') return value.length + 2;
  if (value === null || typeof value !== 'object') return String(value).length;
  if (Array.isArray(value)) {
    for (const item of value) below.push(item);
    return value.length + 1;
  }
  let size = 1;
  for (const key of Object.keys(value)) {
    size += key.length + 4;
    below.push(value[key]!);
  }
  return size;
}

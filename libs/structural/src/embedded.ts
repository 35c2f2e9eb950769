import {
  isObject,
  type Json,
  type JsonObject,
  Rests,
  type Schema,
  type Steps,
  type StructSchema,
} from '@kubernest/meta';
import { declaredMemberOf, itemOf, reaching } from './parts.ts';
import { memberPath } from './validate/list-uniqueness.ts';

/** An object within an object. */
export interface Embedded {
  readonly object: JsonObject;
  readonly schema: StructSchema;
  readonly path: string;
}

export const isEmbedded = (schema: Schema | undefined): schema is StructSchema =>
  schema?.type === 'struct' && schema.embeddedResource === true;

const mayEmbed = reaching(isEmbedded);

/** Where an object may be within what a schema describes. */
interface Ways {
  /** Under keys of whatever name, too. */
  readonly anyKey: boolean;
  readonly fields: readonly string[];
}

const known = new WeakMap<Schema, Ways>();

function waysIn(schema: Schema): Ways {
  let ways = known.get(schema);
  if (!ways) {
    const leads = (key: string) => mayLead(declaredMemberOf(schema, key));
    const fields = 'fields' in schema ? Object.keys(schema.fields ?? {}).filter(leads) : [];
    const others = 'values' in schema ? schema.values : 'others' in schema ? schema.others : undefined;
    ways = { anyKey: mayLead(others), fields };
    known.set(schema, ways);
  }
  return ways;
}

const mayLead = (schema: Schema | undefined): schema is Schema => schema !== undefined && mayEmbed(schema);

interface Spot {
  readonly value: Json;
  readonly schema: Schema;
  readonly path: string;
}

/** Every object within this one that its schema says is a resource, itself too when `withRoot`. Linear, in steps. */
export function* embeddedIn(root: Json, schema: Schema, { path = '', withRoot = false } = {}): Steps<Embedded[]> {
  const found: Embedded[] = [];
  const rests = new Rests();
  const left: Spot[] = [{ value: root, schema, path }];
  const first = left[0];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (rests.isDue()) yield;
    const { value, schema: of, path: at } = next;
    if (isObject(value) && isEmbedded(of) && (withRoot || next !== first))
      found.push({ object: value, schema: of, path: at });
    for (const part of Array.isArray(value) ? itemsOf(value, next) : membersOf(value, next)) {
      if (rests.isDue()) yield;
      if (part) left.push(part);
    }
  }
  return found;
}

function* itemsOf(list: readonly Json[], { schema, path }: Spot): Generator<Spot> {
  const item = itemOf(schema);
  if (!mayLead(item)) return;
  for (const [i, value] of list.entries()) yield { value, schema: item, path: `${path}[${i}]` };
}

/** Nothing in the place of those that hold no object. A wide object's keys are listed only where any of them may. */
function* membersOf(value: Json, { schema, path }: Spot): Generator<Spot | undefined> {
  if (!isObject(value)) return;
  const { anyKey, fields } = waysIn(schema);
  for (const key of anyKey ? Object.keys(value) : fields) {
    const part = Object.hasOwn(value, key) ? declaredMemberOf(schema, key) : undefined;
    yield mayLead(part) ? { value: value[key]!, schema: part, path: memberPath(schema, key, path) } : undefined;
  }
}

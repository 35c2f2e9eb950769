import { type Rests, type Steps, setKey, type ValueChecks } from '@kubernest/meta';

/** Whether an object has a field is found out so many times as fast as what a value is. */
const REQUIRED_A_LOOK = 16;

/**
 * How often a value is looked at when it is judged, where that is most: once by each alternative that the checks of its place combine, and
 * more for what must be in it. An object takes so many times as long as one of a mild schema. Linear in the checks, in steps.
 */
export function* dearnessOf(checks: ValueChecks, rests: Rests): Steps<number> {
  let most = 1;
  const left: (readonly ValueChecks[])[] = [[checks]];
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    const all = yield* withAlternatives(place, rests);
    const looks = all.reduce((sum, one) => sum + looksOf(one), 0);
    if (looks > most) most = looks;
    for (const part of yield* placesWithin(all, rests)) left.push(part);
  }
  return Math.ceil(most);
}

/** What is allowed is looked up, but for lists and objects. */
const looksOf = ({ required = [], enum: allowed = [] }: ValueChecks): number =>
  1 + (required.length + allowed.filter((one) => typeof one === 'object').length) / REQUIRED_A_LOOK;

/** As most are: looked at once, with nothing within. */
const isMild = (checks: ValueChecks): boolean =>
  !(checks.properties || checks.items || checks.others || checks.required || checks.enum || combines(checks));

const combines = ({ allOf, anyOf, oneOf, not }: ValueChecks): boolean =>
  allOf !== undefined || anyOf !== undefined || oneOf !== undefined || not !== undefined;

/** All that looks at the same value. */
function* withAlternatives(place: readonly ValueChecks[], rests: Rests): Steps<readonly ValueChecks[]> {
  const all: ValueChecks[] = [...place];
  for (let i = 0; i < all.length; i++) {
    if (rests.isDue()) yield;
    const { allOf = [], anyOf = [], oneOf = [], not } = all[i]!;
    for (const branches of [allOf, anyOf, oneOf, not ? [not] : []]) for (const branch of branches) all.push(branch);
  }
  return all;
}

/** The same for each member, and for the items. */
function* placesWithin(all: readonly ValueChecks[], rests: Rests): Steps<readonly (readonly ValueChecks[])[]> {
  const members: Record<string, ValueChecks[]> = {};
  const items: ValueChecks[] = [];
  const others: ValueChecks[] = [];
  for (const one of all) {
    if (one.items) items.push(one.items);
    if (one.others) others.push(one.others);
    for (const key of Object.keys(one.properties ?? {})) {
      if (rests.isDue()) yield;
      const member = one.properties![key]!;
      if (isMild(member)) continue;
      const place = Object.hasOwn(members, key) ? members[key]! : [];
      place.push(member);
      setKey(members, key, place);
    }
  }
  return [...Object.values(members), items, others].filter((place) => place.length > 0);
}

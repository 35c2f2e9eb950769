import { goQuoted, type Steps, type ValueChecks } from '@kubernest/meta';
import type { Subject } from './check-value.ts';
import { Findings, general } from './findings.ts';

type CheckBranch = (checks: ValueChecks, subject: Subject) => Steps<Findings>;

/** The checks that combine others. compat: of alternatives of which none fits, the one is told that passed most. */
export function* checkJunctors(checks: ValueChecks, subject: Subject, check: CheckBranch): Steps<Findings> {
  const out = new Findings();
  if (checks.anyOf) yield* anyOf(checks.anyOf, subject, check, out);
  if (checks.oneOf) yield* oneOf(checks.oneOf, subject, check, out);
  if (checks.allOf) yield* allOf(checks.allOf, subject, check, out);
  if (checks.not && (yield* check(checks.not, subject)).isValid)
    out.add(() => general(`${goQuoted(subject.name)} must not validate the schema (not)`));
  return out;
}

/** Of those that failed the first of those that passed most. */
const better = (best: Findings | undefined, next: Findings): Findings =>
  best === undefined || next.matches > best.matches ? next : best;

function* anyOf(branches: readonly ValueChecks[], subject: Subject, check: CheckBranch, out: Findings): Steps<void> {
  let best: Findings | undefined;
  for (const branch of branches) {
    const found = yield* check(branch, subject);
    if (found.isValid) {
      out.merge(found);
      return;
    }
    best = better(best, found);
  }
  out.add(() => general(`${goQuoted(subject.name)} must validate at least one schema (anyOf)`));
  out.merge(best!);
}

function* oneOf(branches: readonly ValueChecks[], subject: Subject, check: CheckBranch, out: Findings): Steps<void> {
  const valid: Findings[] = [];
  let best: Findings | undefined;
  for (const branch of branches) {
    const found = yield* check(branch, subject);
    if (found.isValid) valid.push(found);
    else best = better(best, found);
  }
  if (valid.length === 1) {
    out.merge(valid[0]!);
    return;
  }
  const told = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`;
  out.add(() => general(`${goQuoted(subject.name)} must validate one and only one schema (oneOf). ${told}`));
  if (valid.length === 0) out.merge(best!);
}

function* allOf(branches: readonly ValueChecks[], subject: Subject, check: CheckBranch, out: Findings): Steps<void> {
  let valid = 0;
  for (const branch of branches) {
    const found = yield* check(branch, subject);
    if (found.isValid) valid++;
    out.merge(found);
  }
  if (valid === branches.length) return;
  out.add(() =>
    general(`${goQuoted(subject.name)} must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`),
  );
}

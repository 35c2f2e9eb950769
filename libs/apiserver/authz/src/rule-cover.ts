import type { PolicyRule } from '@kubernest/apiserver/engine';
import { urlCovers } from './rule-matching.ts';

/** The parts of `wanted` that nobody with `held` has. Each part is one verb on one resource (or URL), as refusals print them. */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  const parts = wanted.flatMap(split);
  const missing = parts.filter((part) => !held.some((rule) => covers(rule, part)));
  return [...new Map(missing.map((part) => [describeRule(part), part])).values()];
}

/** Into rules of one group, resource, name and verb, so that one held rule either covers a part or does not. */
function split(rule: PolicyRule): readonly PolicyRule[] {
  const parts: PolicyRule[] = [];
  for (const verb of rule.verbs) {
    for (const url of rule.nonResourceURLs ?? []) parts.push({ verbs: [verb], nonResourceURLs: [url] });
    for (const group of rule.apiGroups ?? []) {
      for (const resource of rule.resources ?? []) {
        const names = rule.resourceNames?.length ? rule.resourceNames : [undefined];
        for (const name of names) {
          parts.push({
            verbs: [verb],
            apiGroups: [group],
            resources: [resource],
            ...(name === undefined ? {} : { resourceNames: [name] }),
          });
        }
      }
    }
  }
  return parts;
}

function covers(rule: PolicyRule, part: PolicyRule): boolean {
  if (!has(rule.verbs, part.verbs[0]!)) return false;
  const url = part.nonResourceURLs?.[0];
  if (url !== undefined) return (rule.nonResourceURLs ?? []).some((pattern) => urlCovers(pattern, url));
  const name = part.resourceNames?.[0];
  const coversName = !rule.resourceNames?.length || (name !== undefined && rule.resourceNames.includes(name));
  return coversName && has(rule.apiGroups, part.apiGroups![0]!) && coversResource(rule, part.resources![0]!);
}

function coversResource(rule: PolicyRule, resource: string): boolean {
  if (has(rule.resources, resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && (rule.resources ?? []).includes(`*${resource.slice(slash)}`);
}

function has(values: readonly string[] | undefined, value: string): boolean {
  return values !== undefined && (values.includes('*') || values.includes(value));
}

/** Parts of one resource (and name) as one rule with all their verbs: the way refusals tell them. */
export function compact(parts: readonly PolicyRule[]): readonly PolicyRule[] {
  const bySubject = Map.groupBy(parts, (part) => JSON.stringify({ ...part, verbs: undefined }));
  return [...bySubject.values()].flatMap((same) =>
    same[0]!.nonResourceURLs ? same : [{ ...same[0]!, verbs: same.flatMap(({ verbs }) => verbs) }],
  );
}

/** As Kubernetes prints a rule in a refusal: `{APIGroups:["apps"], Resources:["deployments"], Verbs:["create"]}`. */
export function describeRule(rule: PolicyRule): string {
  const fields: [string, readonly string[] | undefined][] = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['ResourceNames', rule.resourceNames],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['Verbs', rule.verbs],
  ];
  const shown = fields.filter(([, values]) => values?.length);
  return `{${shown.map(([name, values]) => `${name}:[${values!.map((value) => JSON.stringify(value)).join(' ')}]`).join(', ')}}`;
}

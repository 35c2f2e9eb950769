import type { PolicyRule, RequestInfo } from '@kubernest/apiserver/contract';

/** What a request is matched on. */
export type Target = Pick<RequestInfo, 'isResource' | 'verb' | 'path' | 'group' | 'resource' | 'subresource' | 'name'>;

type Matcher = (value: string) => boolean;

interface CompiledRule {
  readonly verb: Matcher;
  readonly group: Matcher;
  readonly names: ReadonlySet<string> | undefined;
  readonly rule: PolicyRule;
}

/** A role's rules, laid out so that a request looks only at rules that name its resource. */
export interface CompiledRules {
  /** The first rule that allows it. */
  find(target: Target): PolicyRule | undefined;
  readonly rules: readonly PolicyRule[];
}

export function compileRules(rules: readonly PolicyRule[]): CompiledRules {
  const byResource = new Map<string, CompiledRule[]>();
  const urls: { readonly verb: Matcher; readonly url: Matcher; readonly rule: PolicyRule }[] = [];
  for (const rule of rules) {
    const verb = oneOf(rule.verbs);
    const names = rule.resourceNames?.length ? new Set(rule.resourceNames) : undefined;
    const compiled = { verb, group: oneOf(rule.apiGroups), names, rule };
    // One for all resources that no other rule names: there may be very many.
    const alone = [compiled];
    for (const resource of rule.resources ?? []) {
      const others = byResource.get(resource);
      if (!others) byResource.set(resource, alone);
      else if (others.at(-1) === compiled) continue;
      else if (others.length === 1) byResource.set(resource, [...others, compiled]);
      else others.push(compiled);
    }
    if (rule.nonResourceURLs?.length) urls.push({ verb, url: urlMatcher(rule.nonResourceURLs), rule });
  }
  const among = (resource: string, target: Target) =>
    byResource.get(resource)?.find((rule) => allows(rule, target))?.rule;
  return {
    rules,
    find(target) {
      if (!target.isResource) return urls.find((each) => each.verb(target.verb) && each.url(target.path))?.rule;
      const { resource, subresource } = target;
      if (subresource === '') return among(resource, target) ?? among('*', target);
      return among(`${resource}/${subresource}`, target) ?? among(`*/${subresource}`, target) ?? among('*', target);
    },
  };
}

function allows(rule: CompiledRule, target: Target): boolean {
  if (!rule.verb(target.verb) || !rule.group(target.group)) return false;
  return rule.names === undefined || (target.name !== undefined && rule.names.has(target.name));
}

function oneOf(values: readonly string[] | undefined): Matcher {
  if (values?.includes('*')) return () => true;
  const set = new Set(values);
  return (value) => set.has(value);
}

function urlMatcher(patterns: readonly string[]): Matcher {
  return (path) => patterns.some((pattern) => urlCovers(pattern, path));
}

/** A trailing `*` stands for any rest. */
export function urlCovers(pattern: string, path: string): boolean {
  return pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)));
}

import { badRequest } from './status-error.ts';

/** `metadata.name=web` or `status.phase!=Running`; all must hold. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** The text of `?fieldSelector=`: terms `a=b`, `a==b`, `a!=b` joined by commas; `\` escapes `\`, `,` and `=` in values. Throws 400. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] {
  return splitTerms(text)
    .filter((term) => term !== '')
    .map((term) => parseTerm(term, text));
}

function splitTerms(text: string): string[] {
  return text.match(/(?:\\[\s\S]?|[^,\\])+/g) ?? [];
}

function parseTerm(term: string, whole: string): FieldRequirement {
  const match = /^((?:\\[\s\S]|[^=!\\])*?)(!=|==|=)([\s\S]*)$/.exec(term);
  if (!match) throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`);
  const [, field, operator, value] = match;
  return { field: field!, operator: operator === '!=' ? '!=' : '=', value: unescapeValue(value!) };
}

function unescapeValue(value: string): string {
  const wrong = /\\(?![\\,=])/.exec(value);
  if (wrong) throw badRequest(`invalid field selector: invalid escape sequence in ${JSON.stringify(value)}`);
  if (/(?<!\\)(?:\\\\)*=/.test(value))
    throw badRequest(`invalid field selector: unescaped '=' in ${JSON.stringify(value)}`);
  return value.replace(/\\([\\,=])/g, '$1');
}

/** What a selector asks of each field, so that a thousand terms on one field are looked at together. */
export class FieldTerms {
  readonly #wanted: ReadonlyMap<string, string>;
  readonly #refused: ReadonlyMap<string, ReadonlySet<string>>;
  /** No object can be what is asked for. */
  readonly contradictory: boolean;

  constructor(requirements: readonly FieldRequirement[]) {
    const wanted = requirements.filter(({ operator }) => operator === '=');
    this.#wanted = new Map(wanted.map(({ field, value }) => [field, value]));
    const refused = Map.groupBy(
      requirements.filter(({ operator }) => operator === '!='),
      ({ field }) => field,
    );
    const values = new Map([...refused].map(([field, terms]) => [field, new Set(terms.map(({ value }) => value))]));
    this.contradictory = wanted.some(
      ({ field, value }) => this.#wanted.get(field) !== value || values.get(field)?.has(value),
    );
    // Who wants one value refuses all others.
    for (const field of this.#wanted.keys()) values.delete(field);
    this.#refused = values;
  }

  /** The value that every match has in `field`, if there is only one. */
  wanted(field: string): string | undefined {
    return this.#wanted.get(field);
  }

  /** How many fields an object is asked for. */
  get size(): number {
    return this.#wanted.size + this.#refused.size;
  }

  /** `read` gives a field's value as text; fields it does not know were refused before. */
  match(read: (field: string) => string): boolean {
    if (this.contradictory) return false;
    for (const [field, value] of this.#wanted) if (read(field) !== value) return false;
    for (const [field, values] of this.#refused) if (values.has(read(field))) return false;
    return true;
  }
}

const ofEveryKind = ['metadata.name', 'metadata.namespace'];

/** Throws 400 when a field cannot be asked for. `own` are those of the kind besides name and namespace; the refusal of a kind that has none reads differently. */
export function checkFieldSelector(
  requirements: readonly FieldRequirement[],
  own: readonly string[] | undefined,
): void {
  for (const { field } of requirements) {
    if (ofEveryKind.includes(field) || own?.includes(field)) continue;
    if (own) throw badRequest(`field label not supported: ${field}`);
    const only = ofEveryKind.map((name) => JSON.stringify(name)).join(', ');
    throw badRequest(`${JSON.stringify(field)} is not a known field selector: only ${only}`);
  }
}

/** The value that every match must have in `field`, if the selector pins one: `metadata.name=web` makes a list a get. */
export function pinnedValue(requirements: readonly FieldRequirement[], field: string): string | undefined {
  return requirements.find((r) => r.field === field && r.operator === '=')?.value;
}

import { type FieldError, fieldErrorBody, MOST_FAULTS, Rests, type Steps, sortInSteps } from '@kubernest/meta';
import { patternFaults } from './pattern-faults.ts';
import type { JsonSchemaProps } from './props.ts';

type Visit = () => void;

/**
 * A walk over a schema as deep as a client may send it: what is left to visit stands in a list and not on the stack. Time linear in what is
 * visited, in steps.
 */
export class SchemaWalk {
  readonly #faults: FieldError[] = [];
  readonly #left: Visit[] = [];
  #isLong = false;

  /** `patterns`: those of the schema, unless it is known that they are some, are looked at as well. */
  constructor(private readonly looksAt: { readonly patterns: boolean } = { patterns: true }) {}

  later(visit: Visit): void {
    this.#left.push(visit);
  }

  /** To be compiled, which may take long: others get their turn after it. */
  pattern({ pattern }: JsonSchemaProps, path: string): void {
    if (!pattern || !this.looksAt.patterns) return;
    this.#isLong = true;
    this.report(patternFaults(pattern, path));
  }

  /** Of very many the first are kept. */
  report(...lists: readonly (readonly FieldError[])[]): void {
    for (const faults of lists)
      for (const fault of faults) if (this.#faults.length < MOST_FAULTS) this.#faults.push(fault);
  }

  /** All faults in the order of their texts. compat: so Kubernetes tells them, as its maps have no order. */
  *sorted(): Steps<FieldError[]> {
    const rests = new Rests();
    for (let visit = this.#left.pop(); visit !== undefined; visit = this.#left.pop()) {
      visit();
      if (rests.isDue() || this.#isLong) yield;
      this.#isLong = false;
    }
    const told = yield* sortInSteps(this.#faults, withText, (a, b) => (a.text < b.text ? -1 : Number(a.text > b.text)));
    return told.map(({ fault }) => fault);
  }
}

const withText = (fault: FieldError) => ({ fault, text: `${fault.field}: ${fieldErrorBody(fault)}` });

import { type FieldError, fieldInvalid, MOST_FAULTS } from '@kubernest/meta';
import { noPath } from '../field-path.ts';

/** A fault as the schema tells it, before it stands in a field of an object. */
export interface Finding {
  /** compat: of two with the same words only one is told. */
  readonly message: string;
  /** The path within what is checked: `spec.replicas`; absent where the fault is told of nothing in particular. */
  readonly name?: string;
  readonly fault: (field: string) => FieldError;
}

/** Far more than is told of all faults together. */
const MOST_LETTERS = 4 * 1024 * 1024;

/** What is found in one value by one schema. */
export class Findings {
  #found: Finding[] = [];
  readonly #messages = new Set<string>();
  /** Those beyond what is kept. */
  #more = 0;
  /** A path may be as long as a request. */
  #letters = 0;
  /** How many checks the value has passed. compat: of several alternatives the one with most is told. */
  matches = 0;

  get count(): number {
    return this.#found.length + this.#more;
  }

  get isValid(): boolean {
    return this.count === 0;
  }

  /** Of very many the rest are counted, and not even put in words. */
  add(find: () => Finding): void {
    if (this.#found.length >= MOST_FAULTS || this.#letters > MOST_LETTERS) {
      this.#more++;
      return;
    }
    const finding = find();
    this.#letters += finding.message.length;
    if (this.#messages.has(finding.message)) return;
    this.#messages.add(finding.message);
    this.#found.push(finding);
  }

  merge(other: Findings): void {
    for (const finding of other.#found) this.add(() => finding);
    this.#more += other.#more;
    this.matches += other.matches;
  }

  /** Takes back what was found since there were so many. */
  forgetFrom(count: number): void {
    const kept = Math.min(count, this.#found.length);
    for (const { message } of this.#found.slice(kept)) this.#messages.delete(message);
    this.#found = this.#found.slice(0, kept);
    this.#more = Math.max(0, count - kept);
  }

  /** The faults of a value that stands at `path` of an object; '' for the object itself. */
  faults(path: string): FieldError[] {
    return this.#found.map(({ name, fault }) => fault(fieldOf(path, name)));
  }
}

function fieldOf(path: string, name = ''): string {
  const field = name.startsWith('.') ? name.slice(1) : name;
  if (field === '') return path === '' ? noPath : path;
  return path === '' ? field : `${path}.${field}`;
}

/** A fault that is no field's. */
export const general = (message: string): Finding => ({
  message,
  fault: (field) => fieldInvalid(field, '', message),
});

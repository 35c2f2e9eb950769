import type { IncomingMessage } from 'node:http';
import type { HttpsClient } from './https.ts';

interface Event {
  readonly type: string;
  readonly object: {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly nodeName?: string };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  };
}

type State = 'bound' | 'ready' | 'gone';
const patience = 120_000;

/** Follows the pods of a namespace and says when all of some have come to a state. */
export class PodWatch implements Disposable {
  readonly #reached: Readonly<Record<State, Set<string>>> = { bound: new Set(), ready: new Set(), gone: new Set() };
  #check = (): void => {};
  #fail = (_: Error): void => {};
  #rest = '';

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.#read(text));
    response.on('error', () => {});
    response.on('close', () => this.#fail(new Error('the watch ended')));
  }

  static async open(client: HttpsClient, path: string): Promise<PodWatch> {
    const response = await client.open('GET', `${path}?watch=1`);
    if (response.statusCode !== 200) throw new Error(`watch ${path}: ${response.statusCode}`);
    return new PodWatch(response);
  }

  bound = (names: readonly string[]): Promise<void> => this.#until('bound', names);
  ready = (names: readonly string[]): Promise<void> => this.#until('ready', names);
  gone = (names: readonly string[]): Promise<void> => this.#until('gone', names);

  async #until(state: State, names: readonly string[]): Promise<void> {
    const missing = (): readonly string[] => names.filter((name) => !this.#reached[state].has(name));
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((done, fail) => {
        this.#fail = fail;
        this.#check = () => {
          // Cheap first: the whole list is looked through only when it may be complete.
          if (this.#reached[state].size >= names.length && missing().length === 0) done();
        };
        timer = setTimeout(
          () => fail(new Error(`${missing().length} pods are not ${state} after two minutes`)),
          patience,
        );
        this.#check();
      });
    } finally {
      clearTimeout(timer);
      this.#check = () => {};
      this.#fail = () => {};
    }
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#note(JSON.parse(line) as Event);
    this.#check();
  }

  #note({ type, object }: Event): void {
    const { name } = object.metadata;
    if (type === 'DELETED') this.#reached.gone.add(name);
    if (object.spec.nodeName) this.#reached.bound.add(name);
    const ready = object.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True');
    if (ready) this.#reached.ready.add(name);
  }

  [Symbol.dispose](): void {
    this.response.destroy();
  }
}

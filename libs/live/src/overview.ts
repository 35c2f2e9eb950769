import type { Client } from '@kubernest/client';
import type { CoreEvent, Deployment, Node, Pod } from '@kubernest/kinds';
import type { Context, Milliseconds } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { countDeployments, countNodes, countPods } from './counts.plan.ts';
import { Place } from './place.ts';
import { deploymentProblem, nodeProblem, podProblem } from './problems.plan.ts';
import { deploymentRow, eventRow, nodeRow, podRow } from './rows.ts';
import { memoRow, Section, type SectionSource, type SectionWindow } from './section.ts';
import type { OverviewDelta, ProblemRow, Row, SectionName } from './view.ts';
import { Watched } from './watched.ts';

/** Changes that come within this time after the first are told together. */
export const gather: Milliseconds = 100;
const POD_LIMIT = 500;
const EVENT_LIMIT = 100;
const LIMIT = 500;

const byKey = (a: Row, b: Row): number => (a.key < b.key ? -1 : 1);

/** The overview as one viewer may see it, shared by all of that viewer's pages. */
export class Overview {
  readonly #listeners = new Set<(delta: OverviewDelta) => void>();
  readonly #watched: readonly Watched<KubeObject>[];
  readonly #place: Place;
  readonly #sections: { readonly [S in SectionName]: Section<Row> };
  #timer: (() => void) | undefined;

  constructor(
    client: Client,
    namespace: string | undefined,
    private readonly ctx: Context,
  ) {
    const onChange = (): void => this.#changed();
    const watch = <T extends KubeObject>(group: string, resource: string, scope = namespace): Watched<T> =>
      new Watched<T>({ client, ref: { group, version: 'v1', resource }, namespace: scope, onChange });
    const nodes = new Watched<Node>({ client, ref: { group: '', version: 'v1', resource: 'nodes' }, onChange });
    const pods = watch<Pod>('', 'pods');
    const deployments = watch<Deployment>('apps', 'deployments');
    const events = watch<CoreEvent>('', 'events');
    this.#place = new Place({ client, namespace, onChange });
    this.#watched = [nodes, pods, deployments, events] as unknown as Watched<KubeObject>[];
    this.#sections = {
      place: section(this.#place, { limit: 1, before: byKey }),
      nodes: section(rowsOf(nodes, nodeRow), { limit: LIMIT, before: byKey, count: countNodes }),
      pods: section(rowsOf(pods, podRow), {
        limit: POD_LIMIT,
        before: (a, b) => Number(a.well) - Number(b.well) || byKey(a, b),
        count: countPods,
      }),
      deployments: section(rowsOf(deployments, deploymentRow), {
        limit: LIMIT,
        before: (a, b) => a.available / a.wanted - b.available / b.wanted || byKey(a, b),
        count: countDeployments,
      }),
      events: section(rowsOf(events, eventRow), {
        limit: EVENT_LIMIT,
        before: (a, b) => (a.lastAt < b.lastAt ? 1 : -1),
      }),
      problems: section(problemsOf(nodes, pods, deployments), {
        limit: LIMIT,
        before: (a, b) => a.severity.localeCompare(b.severity) || byKey(a, b),
        count: (rows) => ({ critical: rows.filter(({ severity }) => severity === 'critical').length }),
      }),
    };
  }

  /** Calls back at once with everything known, then with what changes. */
  add(onDelta: (delta: OverviewDelta) => void): void {
    onDelta(this.#collect((section) => section.whole()) ?? {});
    this.#listeners.add(onDelta);
  }

  /** Returns how many are left. */
  remove(onDelta: (delta: OverviewDelta) => void): number {
    this.#listeners.delete(onDelta);
    return this.#listeners.size;
  }

  async run(): Promise<void> {
    await Promise.all([this.#place, ...this.#watched].map((each) => each.run(this.ctx)));
    this.#timer?.();
  }

  #changed(): void {
    this.#timer ??= this.ctx.clock.after(gather, () => {
      this.#timer = undefined;
      const delta = this.#collect((section) => section.next());
      if (delta) for (const tell of this.#listeners) tell(delta);
    });
  }

  #collect(ask: (section: Section<Row>) => object | undefined): OverviewDelta | undefined {
    const entries = Object.entries(this.#sections).flatMap(([name, section]) => {
      const delta = ask(section);
      return delta ? [[name, delta]] : [];
    });
    return entries.length > 0 ? (Object.fromEntries(entries) as OverviewDelta) : undefined;
  }
}

function section<R extends Row>(source: SectionSource<R>, window: SectionWindow<R>): Section<Row> {
  return new Section(source, window) as unknown as Section<Row>;
}

function rowsOf<T extends KubeObject, R extends Row>(watched: Watched<T>, make: (object: T) => R): SectionSource<R> {
  const row = memoRow(make);
  return {
    get state() {
      return watched.state;
    },
    get message() {
      return watched.message;
    },
    rows: () => watched.list().map(row),
  };
}

function problemsOf(
  nodes: Watched<Node>,
  pods: Watched<Pod>,
  deployments: Watched<Deployment>,
): SectionSource<ProblemRow> {
  const ofNode = memoRow(nodeProblem);
  const ofPod = memoRow(podProblem);
  const ofDeployment = memoRow(deploymentProblem);
  const sources = [nodes, pods, deployments];
  return {
    /** Half an answer would read as "nothing is wrong". */
    get state() {
      if (sources.some(({ state }) => state === 'loading')) return 'loading';
      return sources.every(({ state }) => state === 'denied') ? 'denied' : 'ready';
    },
    get message() {
      const unseen = sources.flatMap(({ message }) => message ?? []);
      return unseen.length > 0 ? unseen.join('; ') : undefined;
    },
    rows: () =>
      [...nodes.list().map(ofNode), ...pods.list().map(ofPod), ...deployments.list().map(ofDeployment)].filter(
        (row) => row !== undefined,
      ),
  };
}

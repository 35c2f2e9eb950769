import type { Context, Counter, Histogram, Metrics } from '@kubernest/kit';
import type { CommitResult, Store, Transaction } from '@kubernest/store/contract';

const SECONDS = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];
const LABELS = ['operation', 'group', 'resource'];
const ROOT = '/registry/';

type Operation = 'get' | 'list' | 'listCount' | 'create' | 'update' | 'delete';
/** Of one operation on one resource. */
type Kept = readonly [asked: { add(): void }, failed: { add(): void }, took: { observe(seconds: number): void }];

/** A store whose calls are counted as Kubernetes counts its own to etcd, whichever store it is. */
export function countedStore(store: Store, metrics: Metrics): Store {
  const calls = new StoreCalls(metrics);
  return {
    stride: store.stride,
    get: (key, ctx, revision) => calls.time('get', key, () => store.get(key, ctx, revision), ctx),
    list: (prefix, options, ctx) =>
      calls.time(options.countOnly ? 'listCount' : 'list', prefix, () => store.list(prefix, options, ctx), ctx),
    commit(transaction, ctx): Promise<CommitResult> {
      const [operation, key] = meaningOf(transaction);
      return calls.time(operation, key, () => store.commit(transaction, ctx), ctx);
    },
    watch: (options, onBatch, ctx) => store.watch(options, onBatch, ctx),
    currentRevision: (ctx) => store.currentRevision(ctx),
    compact: (revision, ctx) => store.compact(revision, ctx),
    size: (ctx) => store.size(ctx),
    close: () => store.close(),
  };
}

/** What the first of its writes is, for whose sake the others are there. */
function meaningOf({ conditions, writes }: Transaction): readonly [Operation, key: string] {
  const [first] = writes;
  if (!first) return ['get', conditions[0]?.key ?? ''];
  if (first.op === 'delete') return ['delete', first.key];
  const isNew = conditions.some(({ key, revision }) => revision === 0 && key === first.key);
  return [isNew ? 'create' : 'update', first.key];
}

class StoreCalls {
  readonly #asked: Counter;
  readonly #failed: Counter;
  readonly #took: Histogram;
  readonly #kept = new Map<string, Kept>();

  constructor(metrics: Metrics) {
    const labels = LABELS;
    const by = 'for each operation and object type';
    this.#asked = metrics.counter({ name: 'etcd_requests_total', help: `Store request counts ${by}.`, labels });
    this.#failed = metrics.counter({ name: 'etcd_request_errors_total', help: `Failed store requests ${by}.`, labels });
    const help = `Store request latency in seconds ${by}.`;
    this.#took = metrics.histogram({ name: 'etcd_request_duration_seconds', help, labels, buckets: SECONDS });
  }

  async time<T>(operation: Operation, key: string, work: () => Promise<T>, { clock }: Context): Promise<T> {
    const [asked, failed, took] = this.#of(operation, key);
    const began = clock.monotonic();
    asked.add();
    try {
      return await work();
    } catch (error) {
      failed.add();
      throw error;
    } finally {
      took.observe((clock.monotonic() - began) / 1000);
    }
  }

  #of(operation: Operation, key: string): Kept {
    const prefix = resourcePrefix(key);
    const name = operation + prefix;
    let kept = this.#kept.get(name);
    if (!kept) {
      const [group = '', resource = ''] = prefix.slice(ROOT.length).split('/');
      const values = [operation, group === 'core' ? '' : group, resource];
      kept = [this.#asked.of(...values), this.#failed.of(...values), this.#took.of(...values)];
      this.#kept.set(name, kept);
    }
    return kept;
  }
}

/** `/registry/apps/deployments`; of all else, which is the server's own, ''. */
function resourcePrefix(key: string): string {
  if (!key.startsWith(ROOT)) return '';
  const group = key.indexOf('/', ROOT.length);
  const resource = key.indexOf('/', group + 1);
  return group < 0 || resource < 0 ? '' : key.slice(0, resource);
}

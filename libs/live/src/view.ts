/** Who looks. The same shape as the API server's own, so that one can be handed to the other. */
export interface Viewer {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Every row has a key that stays its own for as long as it is shown. */
export interface Row {
  readonly key: string;
}

export interface NodeRow extends Row {
  readonly name: string;
  readonly ready: boolean;
  readonly status: string;
  readonly roles: readonly string[];
  readonly version: string;
  readonly address: string;
  readonly cpu: string;
  /** In bytes; 0: not told. */
  readonly memory: number;
  readonly createdAt: string;
}

export interface PodRow extends Row {
  readonly namespace: string;
  readonly name: string;
  readonly status: string;
  /** Running with all its containers ready, or finished well. */
  readonly well: boolean;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  readonly node: string;
  readonly ip: string;
  readonly createdAt: string;
}

export interface DeploymentRow extends Row {
  readonly namespace: string;
  readonly name: string;
  readonly wanted: number;
  readonly ready: number;
  readonly updated: number;
  readonly available: number;
  /** On its way to what it should be. */
  readonly moving: boolean;
  readonly images: readonly string[];
  readonly createdAt: string;
}

export interface EventRow extends Row {
  readonly namespace: string;
  readonly type: string;
  readonly reason: string;
  readonly about: string;
  readonly message: string;
  readonly count: number;
  readonly lastAt: string;
}

/** One thing that is wrong, in one sentence. */
export interface ProblemRow extends Row {
  readonly severity: 'critical' | 'warning';
  readonly kind: 'Node' | 'Pod' | 'Deployment';
  readonly about: string;
  readonly sentence: string;
}

/** The namespace that is looked at, or the cluster (key ''). No row: there is no such namespace. */
export type PlaceRow = Row;

export interface OverviewRows {
  readonly place: PlaceRow;
  readonly nodes: NodeRow;
  readonly pods: PodRow;
  readonly deployments: DeploymentRow;
  readonly events: EventRow;
  readonly problems: ProblemRow;
}
export type SectionName = keyof OverviewRows;

/** `loading` until the first list is in; `denied` when the viewer may not list it. */
export type SectionState = 'loading' | 'ready' | 'denied';

/** Figures about all rows of a section, by name. */
export type SectionCounts = Readonly<Record<string, number>>;

/** What changed in one section since the last delta. Rows come in no order: the reader sorts. */
export interface SectionDelta<R extends Row = Row> {
  readonly state: SectionState;
  /** For people: why it is denied. */
  readonly message?: string;
  /** How many there are; more than are shown when the window is full. */
  readonly total: number;
  /** About all of them, not only those that are shown. */
  readonly counts: SectionCounts;
  /** Forget every row before applying. True in the first delta. */
  readonly reset?: boolean;
  readonly set: readonly R[];
  readonly removed: readonly string[];
}

/** Only the sections that changed. */
export type OverviewDelta = { readonly [S in SectionName]?: SectionDelta<OverviewRows[S]> };

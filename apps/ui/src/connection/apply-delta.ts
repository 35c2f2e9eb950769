import type {
  OverviewDelta,
  OverviewRows,
  Row,
  SectionCounts,
  SectionDelta,
  SectionName,
  SectionState,
} from '@kubernest/live';

export interface SectionView<R extends Row = Row> {
  readonly state: SectionState;
  readonly message?: string;
  readonly total: number;
  /** The server's figures about all rows: a page never counts in its window. */
  readonly counts: SectionCounts;
  readonly rows: ReadonlyMap<string, R>;
}
export type OverviewView = { readonly [S in SectionName]: SectionView<OverviewRows[S]> };

const empty: SectionView<never> = { state: 'loading', total: 0, counts: {}, rows: new Map<string, never>() };
export const emptyOverview: OverviewView = {
  place: empty,
  nodes: empty,
  pods: empty,
  deployments: empty,
  events: empty,
  problems: empty,
};

/** The view after a delta; sections that did not change keep their identity, so that React leaves them alone. */
export function applyDelta(view: OverviewView, delta: OverviewDelta): OverviewView {
  const changed = Object.entries(delta).map(([name, section]) => [
    name,
    applySection(view[name as SectionName], section as SectionDelta),
  ]);
  return { ...view, ...(Object.fromEntries(changed) as Partial<OverviewView>) };
}

function applySection(section: SectionView, delta: SectionDelta): SectionView {
  const { state, message, total, counts, reset, set, removed } = delta;
  const rows = new Map(reset ? [] : section.rows);
  for (const key of removed) rows.delete(key);
  for (const row of set) rows.set(row.key, row);
  return { state, message, total, counts, rows };
}

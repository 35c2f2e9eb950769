import type { OverviewDelta, OverviewRows, Row, SectionDelta, SectionName, SectionState } from '@kubernest/live';

export interface SectionView<R extends Row = Row> {
  readonly state: SectionState;
  readonly message?: string;
  readonly total: number;
  readonly rows: ReadonlyMap<string, R>;
}
export type OverviewView = { readonly [S in SectionName]: SectionView<OverviewRows[S]> };

const empty: SectionView<never> = { state: 'loading', total: 0, rows: new Map<string, never>() };
export const emptyOverview: OverviewView = {
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

function applySection(section: SectionView, { state, message, total, reset, set, removed }: SectionDelta): SectionView {
  const rows = new Map(reset ? [] : section.rows);
  for (const key of removed) rows.delete(key);
  for (const row of set) rows.set(row.key, row);
  return { state, message, total, rows };
}

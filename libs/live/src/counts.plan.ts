import type { DeploymentRow, NodeRow, PodRow, SectionCounts } from './view.ts';

/** Of all rows, shown or not. A page never counts in its window. */
export const countNodes = (rows: readonly NodeRow[]): SectionCounts => ({
  ready: rows.filter(({ ready }) => ready).length,
});

export const countPods = (rows: readonly PodRow[]): SectionCounts => ({
  well: rows.filter(({ well }) => well).length,
});

/** How many roll-outs are under way, and how far they are together, in replicas. */
export function countDeployments(rows: readonly DeploymentRow[]): SectionCounts {
  const moving = rows.filter((row) => row.moving);
  const sum = (of: (row: DeploymentRow) => number): number => moving.reduce((total, row) => total + of(row), 0);
  return {
    moving: moving.length,
    done: sum(({ updated, available, wanted }) => Math.min(updated, available, wanted)),
    wanted: sum(({ wanted }) => wanted),
  };
}

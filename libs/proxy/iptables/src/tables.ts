/** What we want in one table: chains of our own with their rules in order, and the jumps into them from the kernel's chains. */
export interface TablePlan {
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** Builtin chain → rules of ours in it, first to last. */
  readonly jumps: ReadonlyMap<string, readonly string[]>;
}

export type TableName = 'nat' | 'filter';
export type Tables = Readonly<Record<TableName, TablePlan>>;

export const tableNames: readonly TableName[] = ['nat', 'filter'];

export const noTables: Tables = {
  nat: { chains: new Map(), jumps: new Map() },
  filter: { chains: new Map(), jumps: new Map() },
};

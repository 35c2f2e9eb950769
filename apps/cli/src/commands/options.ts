/** What every command about one cluster takes. */
export interface ClusterOptions {
  readonly name: string;
  readonly dataDir?: string;
}

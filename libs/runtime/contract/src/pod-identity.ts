/** The pod that a sandbox or container belongs to: kept as labels by the runtime, so that an agent that was killed finds its own again. */
export interface PodIdentity {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
}

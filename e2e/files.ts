/** What the runner must know of a test file with real parts before it starts it. */
export interface FileFacts {
  /** Seconds that it may take at most, on a machine as quick as the one of `tools/test/speed.ts`: some four times what it took there. */
  readonly budget: number;
  /** Why no other file may run at the same time. The others share the machine, each with clusters, ports and addresses of its own. */
  readonly alone?: string;
}

/** Of a file that is not in the table. */
const usualBudget = 60;
/** Seconds for the whole of `npm test` on that machine: what is aimed at and told, and where a run fails. The measure of a machine's speed is a rough one. */
export const whole = { aim: 720, budget: 1200 };

export const files: Readonly<Record<string, FileFacts>> = {
  'e2e/bad-input/bad-definitions.e2e.ts': { budget: 120 },
  'e2e/bad-input/bad-input.e2e.ts': { budget: 30 },
  'e2e/bad-input/bad-pods.e2e.ts': { budget: 30 },
  'e2e/bad-input/bad-start.e2e.ts': { budget: 70 },
  'e2e/bad-input/bare-machine.e2e.ts': { budget: 10 },
  // Some twenty starts, one after the other.
  'e2e/bad-input/data-dir.e2e.ts': { budget: 140 },
  'e2e/bad-input/lost-state.e2e.ts': { budget: 60 },
  'e2e/cluster/broken-off.e2e.ts': { budget: 200 },
  'e2e/cluster/ctrl-c.e2e.ts': { budget: 30 },
  'e2e/cluster/etcd.e2e.ts': { budget: 110 },
  'e2e/cluster/everyday.e2e.ts': { budget: 90 },
  'e2e/cluster/found-engine.e2e.ts': { budget: 60 },
  'e2e/cluster/hangs.e2e.ts': { budget: 100 },
  'e2e/cluster/images.e2e.ts': { budget: 30 },
  'e2e/cluster/lifecycle.e2e.ts': {
    budget: 70,
    alone: 'compares every link, chain and mount of the machine before and after',
  },
  'e2e/cluster/logs.e2e.ts': { budget: 40 },
  // Fourteen clusters, one after the other.
  'e2e/cluster/lost-records.e2e.ts': { budget: 130 },
  'e2e/cluster/main-job.e2e.ts': { budget: 80 },
  'e2e/cluster/node-figures.e2e.ts': { budget: 30 },
  'e2e/cluster/pod-life.e2e.ts': { budget: 130 },
  'e2e/cluster/pod-surroundings.e2e.ts': { budget: 40 },
  'e2e/cluster/pod-volumes.e2e.ts': { budget: 30 },
  'e2e/cluster/rollouts.e2e.ts': { budget: 60 },
  'e2e/cluster/side-by-side.e2e.ts': { budget: 50 },
  'e2e/cluster/terminal.e2e.ts': { budget: 130 },
  'e2e/cluster/ways-to-start.e2e.ts': { budget: 90 },
  'e2e/control-plane/aggregated-apis.e2e.ts': { budget: 90 },
  'e2e/control-plane/custom-resources.e2e.ts': { budget: 60 },
  // One who could not renew a Lease on a full disk tries again after twenty seconds.
  'e2e/control-plane/disk-full.e2e.ts': { budget: 80 },
  'e2e/control-plane/failover.e2e.ts': { budget: 100 },
  'e2e/control-plane/paused-leader.e2e.ts': { budget: 80 },
  // Builds a program of Go first.
  'e2e/control-plane/sample-apiserver.e2e.ts': { budget: 240 },
  'e2e/control-plane/split.e2e.ts': { budget: 30 },
  'e2e/control-plane/two-apis.e2e.ts': { budget: 40 },
  'e2e/control-plane/watch-history.e2e.ts': { budget: 90 },
  'e2e/dashboard/dashboard.e2e.ts': { budget: 90 },
  'e2e/docs/examples.e2e.ts': { budget: 200 },
  'e2e/docs/fresh-clone.e2e.ts': { budget: 320 },
  'e2e/docs/guides.e2e.ts': { budget: 250 },
  'e2e/runtime/cni-plain-engine.e2e.ts': { budget: 30 },
  'e2e/runtime/cni.e2e.ts': { budget: 30 },
  'e2e/runtime/docker-engine.e2e.ts': { budget: 30 },
  'e2e/runtime/docker.e2e.ts': { budget: 40 },
  'e2e/runtime/made-images.e2e.ts': { budget: 30 },
  'e2e/runtime/nothing-left.e2e.ts': { budget: 120 },
  'e2e/runtime/service-rules.e2e.ts': { budget: 30 },
  'e2e/runtime/teardown.e2e.ts': { budget: 30 },
  'e2e/security/security.e2e.ts': { budget: 30 },
  'e2e/store/etcd-away.e2e.ts': { budget: 30 },
  'e2e/store/etcd.e2e.ts': { budget: 70 },
  'e2e/store/history.e2e.ts': { budget: 30 },
  'e2e/store/release-before.e2e.ts': { budget: 50 },
  'e2e/store/sqlite-durable.e2e.ts': { budget: 30 },
  'e2e/streams/kubectl-streams.e2e.ts': { budget: 30 },
};

export const budgetOf = (file: string): number => files[file]?.budget ?? usualBudget;

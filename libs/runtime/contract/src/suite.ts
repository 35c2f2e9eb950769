import { describe } from 'vitest';
import { type RuntimeSuite, SuiteBench } from './suite/bench.ts';
import { describeEvents } from './suite/events.suite.ts';
import { describeImages } from './suite/images.suite.ts';
import { describeLife } from './suite/life.suite.ts';
import { describeProcesses } from './suite/processes.suite.ts';
import { describeSessions } from './suite/sessions.suite.ts';

export { containerConfig, sandboxConfig, untilTold } from './suite/configs.ts';

/** Every adapter keeps these. One call of this is an adapter's spec. */
export function describeContainerRuntime(suite: RuntimeSuite): void {
  const lacks = suite.differences?.length ? ` (without ${suite.differences.join(', ')})` : '';
  describe(`container runtime contract: ${suite.name}${lacks}`, () => {
    const bench = new SuiteBench(suite);
    describeLife(bench);
    describeEvents(bench);
    describeImages(bench);
    if (bench.differs('processes')) return;
    describe('with real processes', () => {
      describeProcesses(bench);
      describeSessions(bench);
    });
  });
}

import { memoryDataplane } from './memory-dataplane.fixture.ts';
import { describeDataplane } from './suite.ts';

describeDataplane('in memory', () => {
  const dataplane = memoryDataplane(() => undefined);
  return { dataplane, inForce: () => JSON.stringify(dataplane.inForce ?? null), dispose: () => {} };
});

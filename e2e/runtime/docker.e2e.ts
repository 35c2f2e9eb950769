import { silentLogger, systemClock } from '@kubernest/kit';
import { openDockerRuntime } from '@kubernest/runtime/docker';
import { describe } from 'vitest';
import { describeContainerRuntime } from '../../libs/runtime/contract/src/suite.ts';
import { busyboxRootfs } from './busybox-image.ts';
import { needsEngine, startTestEngine } from './test-engine.ts';

describe('docker', needsEngine, () => {
  describeContainerRuntime({
    name: 'docker',
    async open() {
      const engine = await startTestEngine();
      const runtime = openDockerRuntime({ socketPath: engine.socketPath, cluster: 'suite', node: 'node-1' });
      const ctx = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
      const image = await runtime.loadImage(busyboxRootfs(), 'suite/busybox:1', ctx);
      return {
        runtime,
        image: { id: image.id, name: 'suite/busybox:1' },
        async close() {
          await runtime.removeAll(ctx);
          await engine.stop();
        },
      };
    },
  });
});

import { describeContainerRuntime } from '../../contract/src/suite.ts';
import { openHollowRuntime } from './hollow-runtime.ts';

describeContainerRuntime({
  name: 'hollow',
  differences: ['processes', 'logs', 'pull-errors'],
  async open() {
    const runtime = openHollowRuntime({ images: ['suite/busybox:1'] });
    const [image] = await runtime.listImages({} as never);
    return { runtime, image: { id: image!.id, name: 'suite/busybox:1' }, close: async () => {} };
  },
});

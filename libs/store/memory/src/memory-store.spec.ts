import { FakeClock } from '@kubernest/kit';
import { describeStore } from '../../contract/src/suite.ts';
import { memoryStore } from './index.ts';

describeStore('memory', async () => {
  const clock = new FakeClock();
  const store = memoryStore({ clock });
  return { store, answersAtOnce: true, pass: (seconds) => clock.advance(seconds * 1000), dispose: () => store.close() };
});

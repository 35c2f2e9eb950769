import type { EventRecorder } from '@kubernest/client';
import { fieldPathOf, type PodContainer } from '../pods/pod.ts';
import type { Pod } from '../types.ts';

/** Says what happens to one pod, or one of its containers. */
export interface PodEvents {
  normal(reason: string, message: string): void;
  warning(reason: string, message: string): void;
}

/** The node's words about pods. */
export class PodEventRecorder {
  constructor(private readonly recorder: EventRecorder) {}

  ofPod(pod: Pod, fieldPath?: string): PodEvents {
    // What a list brings has no kind of its own.
    const about = { ...pod, apiVersion: 'v1', kind: 'Pod' };
    const record = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
      this.recorder.record(about, { type, reason, message, fieldPath });
    return {
      normal: (reason, message) => record('Normal', reason, message),
      warning: (reason, message) => record('Warning', reason, message),
    };
  }

  ofContainer(pod: Pod, entry: PodContainer): PodEvents {
    return this.ofPod(pod, fieldPathOf(entry));
  }
}

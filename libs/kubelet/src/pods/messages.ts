import { type Context, messageOf } from '@kubernest/kit';
import { terminationMessage } from '../status/termination-message.ts';
import type { Pod } from '../types.ts';
import { terminationLogPath } from './mounts.ts';
import type { NodeParts } from './node-parts.ts';
import { containerOf, uidOf } from './pod.ts';
import { hasEnded } from './pod-runtime.ts';

/** Reads the last words of containers that have ended, once each. */
export async function readMessages(
  worker: { readonly pod: Pod; readonly messages: Map<string, string> },
  parts: NodeParts,
  ctx: Context,
): Promise<void> {
  const { pod, messages } = worker;
  const uid = uidOf(pod);
  for (const state of parts.view.pod(uid).containers) {
    if (!hasEnded(state) || messages.has(state.id)) continue;
    const entry = containerOf(pod, state.name);
    if (!entry) continue;
    const path = terminationLogPath(parts.podDir(uid), state.name, state.attempt);
    try {
      messages.set(state.id, (await terminationMessage(entry.container, state, path)) ?? '');
    } catch (error) {
      // Tried again with the next status; nothing else waits for it.
      ctx.log.warn('the last words of a container could not be read', { id: state.id, error: messageOf(error) });
    }
  }
}

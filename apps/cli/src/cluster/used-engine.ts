import type { ClusterDir } from './cluster-dir.ts';
import { answers, type EngineChoice, keptChoice } from './engine.ts';

/** An engine that was found, whose containers the pods of a cluster are. */
export interface UsedEngine {
  readonly socket: string;
  readonly answers: boolean;
}

/** Undefined for a cluster that is stopped, and for one with an engine of its own or without any. */
export async function usedEngine(dir: ClusterDir): Promise<UsedEngine | undefined> {
  const choice = readable(dir);
  return choice && !choice.own ? { socket: choice.socket, answers: await answers(choice.socket) } : undefined;
}

/** A record that cannot be read, the next start refuses; whoever asks here wants to know of all else. */
function readable(dir: ClusterDir): EngineChoice | undefined {
  try {
    return keptChoice(dir);
  } catch {
    return undefined;
  }
}

/** What to do where it does not answer. */
export const engineAdvice = 'start it again, such as with systemctl start docker; the pods are its containers';

/** Where to read on: it is started by others, and writes where they say. */
export const engineLogWords = ({ socket }: UsedEngine): string =>
  `the cluster uses the Docker Engine at ${socket}, which is not its own: what that writes is shown by whatever starts it, such as by journalctl -u docker`;

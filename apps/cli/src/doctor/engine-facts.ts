import { request } from 'node:http';
import type { Milliseconds } from '@kubernest/kit';
import { answers, machineEngine } from '../cluster/engine.ts';
import type { EngineFacts } from './machine-facts.ts';

const patience: Milliseconds = 5000;

/** Of the engine that a cluster uses, or else would use; undefined where none answers. */
export async function readEngine(used?: string): Promise<EngineFacts | undefined> {
  const socket = used ?? (await machineEngine());
  if (!socket || (used && !(await answers(used)))) return undefined;
  const info = await askInfo(socket);
  const word = (key: string): string => (typeof info[key] === 'string' ? info[key] : 'unknown');
  return {
    socket,
    version: word('ServerVersion'),
    storageDriver: word('Driver'),
    cgroupDriver: word('CgroupDriver'),
  };
}

/** Empty where it does not answer that. */
function askInfo(socketPath: string): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/info', timeout: patience }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.once('error', () => resolve({}));
      response.once('end', () => resolve(parsed(text)));
    });
    asked.once('error', () => resolve({}));
    asked.once('timeout', () => asked.destroy(new Error('timed out')));
    asked.end();
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

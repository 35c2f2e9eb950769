import type { IncomingMessage } from 'node:http';
import { methodRefused, type Subresource, textResponse } from '@kubernest/apiserver/contract';
import { type Connection, DialError, type Dialer, dial } from '@kubernest/apiserver/dialer';
import { type Context, hostPort } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import { passOn, readText } from '@kubernest/streams';
import { containerOf, podOf, pods } from '../pod.ts';
import { checkLogOptions } from './log-options.ts';
import { sendOverWebSocket } from './log-socket.ts';

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
};
const passedOn = ['follow', 'previous', 'sinceSeconds', 'sinceTime', 'timestamps', 'tailLines', 'limitBytes', 'stream'];

/** A container's log, as the agent of its node gives it. */
export function podLog(dialer: Dialer): Subresource {
  return {
    of: pods,
    name: 'log',
    verbs: ['get'],
    async handle(call, ctx) {
      if (call.info.verb !== 'get') throw methodRefused();
      const { query } = call.request;
      const { namespace, name } = call.info;
      checkLogOptions(name!, query);
      const pod = await podOf(call, ctx);
      const container = containerOf(pod, query.get('container'));
      if (!pod.spec!.nodeName) return textResponse(200, '', 'text/plain');
      const options = new URLSearchParams(passedOn.flatMap((key) => (query.has(key) ? [[key, query.get(key)!]] : [])));
      const path = `/containerLogs/${namespace}/${name}/${container}?${options}`;
      const answer = await askAgent(dialer.toNode(pod.spec!.nodeName), path, ctx);
      const status = answer.statusCode ?? 502;
      if (status < 400 && call.request.upgrade) {
        void sendOverWebSocket(call.request.upgrade, answer, ctx);
        return { kind: 'upgraded' };
      }
      if (status < 400) return passOn(answer, { 'content-type': 'text/plain' });
      throw new StatusError(status, reasons[status] ?? 'InternalError', (await readText(answer)).trim());
    },
  };
}

/** compat: what nobody answered is told with the URL, as who looks for it finds it. */
async function askAgent(connection: Connection, path: string, ctx: Context): Promise<IncomingMessage> {
  try {
    return await dial(connection, { method: 'GET', path }, ctx);
  } catch (error) {
    if (!(error instanceof DialError)) throw error;
    const url = `https://${hostPort(connection)}${path}`;
    throw new StatusError(500, '', `Get ${JSON.stringify(url)}: ${error.message}`, {}, { cause: error });
  }
}

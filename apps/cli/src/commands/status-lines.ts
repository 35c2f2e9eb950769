import type { Milliseconds } from '@kubernest/kit';
import type { ClusterReport } from '../cluster/report/report.ts';

/** What `kubernest status` prints for people. */
export function statusLines(report: ClusterReport, now: Date): readonly string[] {
  const { session, ranges, nodes, pods, foundEngine } = report;
  return [
    line('cluster', `${report.name}, in ${report.dataDir}`),
    ...(session ? sessionLines(report, session, now) : []),
    line('store', report.store),
    line('ranges', `pods ${ranges.pods}, Services ${ranges.services}, node ports ${ranges.nodePorts}`),
    line('page', report.dashboard),
    line('context', report.context),
    ...report.processes.flatMap(({ name, pid, restarted }) => [
      line(name, pid === undefined ? 'not running' : `running (pid ${pid})`),
      ...(restarted ? [line('', `started again at ${restarted.at}: ${restarted.why}`)] : []),
    ]),
    ...(foundEngine
      ? [
          line(
            'engine',
            `${foundEngine.answers ? 'answers' : 'does not answer'} at ${foundEngine.socket}, found and used`,
          ),
        ]
      : []),
    ...(nodes && pods
      ? [
          line(
            'API',
            `${report.api} answers; nodes ready ${nodes.well}/${nodes.all}; pods well ${pods.well}/${pods.all}`,
          ),
        ]
      : []),
    ...report.missingNodePorts.map((missing) => line('ports', missing)),
    ...report.unwell.filter((words) => !report.missingNodePorts.includes(words)).map((words) => line('unwell', words)),
  ];
}

function sessionLines(report: ClusterReport, session: NonNullable<ClusterReport['session']>, now: Date): string[] {
  const { runtime, hollowNodes, startedAt, version } = session;
  const started =
    report.state === 'stopped' ? 'last started' : `up for ${lengthOf(+now - Date.parse(startedAt))}, since`;
  return [
    line('version', `Kubernest ${version}`),
    line(
      'runtime',
      runtime === 'hollow' ? `hollow, ${hollowNodes} simulated ${hollowNodes === 1 ? 'node' : 'nodes'}` : runtime,
    ),
    line('since', `${started} ${startedAt}`),
  ];
}

const line = (label: string, words: string): string => `${label.padEnd(8)}${words}`;

/** `3 d 4 h`, `12 min`, `40 s`. */
function lengthOf(span: Milliseconds): string {
  const minutes = Math.floor(span / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.floor(span / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

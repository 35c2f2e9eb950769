import { parseArgs } from 'node:util';
import { type Flag, flagsHelp, type LogLevel, logLevels, oneOf } from '@kubernest/process';
import { type ApiserverConfig, apiserverFlags, readApiserverConfig } from '../apiserver/apiserver.config.ts';
import { type ControllersConfig, controllersFlags, readControllersConfig } from '../controllers/controllers.config.ts';
import { type MonitoringConfig, monitoringFlags, readMonitoringConfig } from '../monitoring/monitoring.config.ts';
import { demand } from './flag-values.ts';

export const componentNames = ['apiserver', 'controllers', 'scheduler', 'dashboard'] as const;
export type Component = (typeof componentNames)[number];

/** The control plane's settings, checked once at start: what all planes know, and each plane's own. */
export interface Config {
  readonly name: string;
  readonly logLevel: LogLevel;
  readonly components: ReadonlySet<Component>;
  readonly controllers: ControllersConfig;
  readonly api: ApiserverConfig | RemoteApi;
}

/** The API server runs in another process. */
export interface RemoteApi {
  /** How to reach it, and as whom. */
  readonly kubeconfig: string;
  readonly monitoring: MonitoringConfig;
}

export const isRemote = (api: Config['api']): api is RemoteApi => 'kubeconfig' in api;

const flags = {
  name: { type: 'string', default: 'default', value: 'name', what: "the cluster's name" },
  components: { type: 'string', default: componentNames.join(','), value: 'names', what: 'the parts that run' },
  kubeconfig: {
    type: 'string',
    value: 'file',
    what: 'how controllers or scheduler reach the API where its server runs in another process',
  },
  'data-dir': { type: 'string', value: 'dir', what: 'where its data lives; must be given where the API server runs' },
  ...apiserverFlags,
  ...controllersFlags,
  ...monitoringFlags,
  'log-level': { type: 'string', default: 'info', value: 'level', what: `one of ${logLevels.join(', ')}` },
} as const satisfies Readonly<Record<string, Flag>>;

export const help = (): string => flagsHelp('server', 'Run the control plane alone.', flags);

/** Reads the flags; throws one sentence that names the flag and what it wants. */
export function readConfig(args: readonly string[]): Config {
  const { values } = parseArgs({ args: [...args], options: flags, strict: true });
  const components = componentsOf(values.components);
  return {
    name: values.name,
    logLevel: oneOf(values['log-level'], logLevels, '--log-level'),
    components,
    controllers: readControllersConfig(values),
    api: components.has('apiserver')
      ? readApiserverConfig(values.name, demand(values['data-dir'], '--data-dir', 'a directory'), values)
      : {
          kubeconfig: demand(values.kubeconfig, '--kubeconfig', 'a kubeconfig, as the API server runs elsewhere'),
          monitoring: readMonitoringConfig(components.has('controllers') ? 'controllers' : 'scheduler', values),
        },
  };
}

function componentsOf(text: string): ReadonlySet<Component> {
  const components = new Set(text.split(',').map((name) => oneOf(name, componentNames, '--components')));
  if (components.has('dashboard') && !components.has('apiserver'))
    throw new Error(`--components ${text}: the dashboard runs in the process of the API server`);
  return components;
}

import type { CliCommand } from '../command/command.ts';
import { bundle } from './bundle.command.ts';
import { completion } from './completion.command.ts';
import { dashboard } from './dashboard.command.ts';
import { doctor } from './doctor.command.ts';
import { down } from './down.command.ts';
import { imageList } from './image-list.command.ts';
import { imageLoad } from './image-load.command.ts';
import { imageRemove } from './image-remove.command.ts';
import { install } from './install.command.ts';
import { kubeconfig } from './kubeconfig.command.ts';
import { kubectl } from './kubectl.command.ts';
import { list } from './list.command.ts';
import { logs } from './logs.command.ts';
import { agent, server } from './programs.command.ts';
import { service } from './service.command.ts';
import { status } from './status.command.ts';
import { uninstall } from './uninstall.command.ts';
import { up } from './up.command.ts';
import { version } from './version.command.ts';

/** Every command of `kubernest`, in the order in which its help shows them. */
export const commands: readonly CliCommand[] = [
  up,
  down,
  list,
  status,
  dashboard,
  service,
  kubectl,
  kubeconfig,
  imageList,
  imageLoad,
  imageRemove,
  logs,
  bundle,
  doctor,
  install,
  uninstall,
  version,
  completion(() => commands),
  server,
  agent,
];

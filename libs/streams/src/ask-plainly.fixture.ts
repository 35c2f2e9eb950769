import { type Connection, upgrade } from '@kubernest/apiserver/dialer';
import { silentLogger, systemClock } from '@kubernest/kit';
import type { AskForUpgrade } from './proxy-upgrade.ts';

/** Asks whoever is there, as an API server does. */
export const askAt =
  (connection: Connection, path = '/'): AskForUpgrade =>
  (onward, signal) =>
    upgrade(connection, { ...onward, path }, { signal, clock: systemClock, log: silentLogger });

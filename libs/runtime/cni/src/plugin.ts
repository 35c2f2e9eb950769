import { join } from 'node:path';
import type { Context } from '@kubernest/kit';
import { runCommand } from './command.ts';
import type { CniResult, PluginConfig } from './plugin-config.ts';

export interface PluginCall {
  readonly pluginDir: string;
  readonly command: 'ADD' | 'DEL';
  readonly sandboxId: string;
  /** Empty on DEL when the namespace is gone. */
  readonly netns: string;
  readonly interfaceName: string;
}

/** One plugin, called as the CNI specification says: facts in the environment, configuration on standard input, result on output. */
export async function callPlugin(call: PluginCall, config: PluginConfig, ctx: Context): Promise<CniResult> {
  const env = {
    CNI_COMMAND: call.command,
    CNI_CONTAINERID: call.sandboxId,
    CNI_NETNS: call.netns,
    CNI_IFNAME: call.interfaceName,
    CNI_PATH: call.pluginDir,
  };
  const { code, stdout, stderr } = await runCommand(
    join(call.pluginDir, config.type),
    [],
    { input: JSON.stringify(config), env },
    ctx,
  );
  if (code !== 0)
    throw new Error(
      `CNI plugin ${config.type} ${call.command} for sandbox ${call.sandboxId}: ${pluginWords(stdout, stderr)}`,
    );
  return stdout.trim() === '' ? {} : (JSON.parse(stdout) as CniResult);
}

/** A plugin's error is JSON on standard output. */
export function pluginWords(stdout: string, stderr: string): string {
  try {
    const { msg, details } = JSON.parse(stdout) as { msg?: string; details?: string };
    return [msg, details].filter(Boolean).join(': ') || stderr.trim();
  } catch {
    return (stdout || stderr).trim() || 'failed without a word';
  }
}

import { messageOf } from '@kubernest/kit';
import { Argument } from 'commander';
import { openClusterEngine } from '../cluster/cluster-engine.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';
import { printLine } from '../output/print.ts';

export const imageRemove: CommandDefinition<ClusterOptions> = {
  name: 'image rm',
  heading: 'Use',
  about: "Remove images from a cluster's engine; what a container still runs from is refused.",
  ofCluster: true,
  arguments: [new Argument('<images...>', 'names or ids')],
  async run({ args, options }, ctx) {
    const { runtime } = await openClusterEngine(options);
    const faults: string[] = [];
    for (const reference of args) {
      try {
        if (!(await runtime.findImage(reference, ctx))) throw new Error('there is no such image');
        await runtime.removeImage(reference, ctx);
        printLine(`removed ${reference}`);
      } catch (error) {
        ctx.signal.throwIfAborted();
        faults.push(`could not remove ${reference}: ${messageOf(error)}`);
      }
    }
    if (faults.length > 0) throw new Error(faults.join('; '));
  },
};

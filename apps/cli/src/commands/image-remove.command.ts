import { messageOf } from '@kubernest/kit';
import { Argument } from 'commander';
import { openClusterEngine } from '../cluster/cluster-engine.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';

export const imageRemove: CommandDefinition<ClusterOptions> = {
  name: 'image rm',
  heading: 'Use',
  about: "Remove images from a cluster's engine; what a container still runs from is refused.",
  ofCluster: true,
  arguments: [new Argument('<images...>', 'names or ids')],
  async run({ args, options }, ctx) {
    const { runtime } = await openClusterEngine(options);
    for (const reference of args) {
      if (!(await runtime.findImage(reference, ctx))) throw new Error(`there is no image ${reference}`);
      try {
        await runtime.removeImage(reference, ctx);
      } catch (error) {
        throw new Error(`could not remove ${reference}: ${messageOf(error)}`, { cause: error });
      }
      console.log(`removed ${reference}`);
    }
  },
};

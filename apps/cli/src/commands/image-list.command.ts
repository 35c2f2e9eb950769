import { openClusterEngine } from '../cluster/cluster-engine.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';
import { printLine } from '../output/print.ts';
import { type OutputOptions, outputFlag, printJson } from './output-flag.ts';
import { tableLines } from './table.ts';

export const imageList: CommandDefinition<ClusterOptions & OutputOptions> = {
  name: 'image ls',
  heading: 'Use',
  about: "List the images of a cluster's engine.",
  ofCluster: true,
  options: [outputFlag()],
  async run({ options }, ctx) {
    const { runtime } = await openClusterEngine(options);
    const images = await runtime.listImages(ctx);
    if (options.output === 'json') return printJson(images);
    const rows = images.flatMap(({ id, tags, sizeBytes }) =>
      (tags.length > 0 ? tags : ['<none>']).map((tag) => [
        tag,
        id.replace('sha256:', '').slice(0, 12),
        `${(sizeBytes / 1e6).toFixed(1)} MB`,
      ]),
    );
    const byName = rows.toSorted(([a], [b]) => a!.localeCompare(b!));
    for (const line of tableLines(['IMAGE', 'ID', 'SIZE'], byName)) printLine(line);
  },
};

import { maxIndex } from './ranges.ts';

/** Of a cluster; each range is `from-to`, both inclusive. */
export interface NodePorts {
  /** What a manifest may ask for. */
  readonly all: string;
  /** What is handed out first to those who do not ask. */
  readonly own: string | undefined;
}

/** Kubernetes' range, for every cluster: what a manifest asks for works in each. */
export const customaryNodePorts = '30000-32767';
/** Kubernetes' dynamic band of it, which clusters on one machine share out. */
const dynamicBand = { from: 30086, to: 32767 };

/** `kept` is the range that the cluster's facts tell. */
export function nodePortsOf(index: number, kept: string | undefined): NodePorts {
  const all = kept ?? formerNodePorts(index);
  if (all !== customaryNodePorts) return { all, own: undefined };
  const size = Math.floor((dynamicBand.to - dynamicBand.from + 1) / (maxIndex + 1));
  const from = dynamicBand.from + index * size;
  return { all, own: `${from}-${from + size - 1}` };
}

/** The range of a cluster whose facts do not tell one: it was made when each had a range apart. */
function formerNodePorts(index: number): string {
  if (index === 0) return customaryNodePorts;
  const from = 20000 + (index - 1) * 200;
  return `${from}-${from + 199}`;
}

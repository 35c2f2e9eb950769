/** The addresses and names of one cluster: all follow from its index, so that clusters side by side never meet. */
export interface Ranges {
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly dnsAddress: string;
  readonly bridge: string;
  readonly chainPrefix: string;
}

export const maxIndex = 50;

/** Index 0 has Kubernetes' customary ranges; the others share out 10.101.0.0 … 10.200.0.0. */
export function rangesOf(index: number): Ranges {
  if (!Number.isInteger(index) || index < 0 || index > maxIndex)
    throw new Error(`cluster index ${index} is outside 0…${maxIndex}`);
  const pods = index === 0 ? 244 : 100 + index;
  const services = index === 0 ? 96 : 150 + index;
  return {
    podCidr: `10.${pods}.0.0/16`,
    serviceCidr: `10.${services}.0.0/16`,
    dnsAddress: `10.${services}.0.10`,
    bridge: `kn-br${index}`,
    chainPrefix: index === 0 ? 'KN' : `KN${index}`,
  };
}

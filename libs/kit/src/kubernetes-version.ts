/** The level of Kubernetes' API that is served, as `/version` and every node report it. */
export const kubernetesVersion = { major: '1', minor: '36', gitVersion: 'v1.36.0+kubernest' } as const;

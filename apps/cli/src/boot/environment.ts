/** Of the shell that installs a cluster, what its start at boot needs: where programs and the kubeconfig are, and the way to registries. */
export function environmentAtBoot(env: Readonly<NodeJS.ProcessEnv>, home: string): Readonly<Record<string, string>> {
  const named = ['KUBECONFIG', 'DOCKER_HOST', ...Object.keys(env).filter(isProxy)];
  const given = named.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  return { PATH: env['PATH'] ?? '', HOME: home, ...Object.fromEntries(given) };
}

/** Programs disagree about the case. */
const isProxy = (name: string): boolean => /^(http|https|no)_proxy$/i.test(name);

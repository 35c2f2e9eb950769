/** A pod of some 2.9 kB as it is served, defaults and managed fields included; its token mount is switched off, as every pod would carry the same. */
export function podManifest(
  name: string,
  extra: { readonly labels?: Readonly<Record<string, string>>; readonly scheduler?: string } = {},
): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: { app: 'bench', ...extra.labels },
      annotations: { 'example.com/config-digest': '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945' },
    },
    spec: {
      // A scheduler that does not exist: the pod rests, and only the API is measured.
      schedulerName: extra.scheduler ?? 'bench-nobody',
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'app',
          image: 'registry.example.com/team/app:1.42.0',
          ports: [{ name: 'http', containerPort: 8080 }],
          env: [{ name: 'LOG_LEVEL', value: 'info' }],
          readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5 },
          resources: { requests: { cpu: '10m', memory: '16Mi' } },
          volumeMounts: [{ name: 'work', mountPath: '/var/work' }],
        },
      ],
      volumes: [{ name: 'work', emptyDir: {} }],
    },
  };
}

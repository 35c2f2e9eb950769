import type { KubeObject } from '@kubernest/meta';
import { addStoredVersion } from './stored-versions.ts';

interface Draft {
  spec?: {
    names?: { kind?: string; singular?: string; listKind?: string };
    conversion?: { strategy?: string; webhook?: { clientConfig?: { service?: { port?: number } } } };
  };
  status?: { readonly storedVersions?: readonly string[] };
}

const HTTPS = 443;

/** What a definition leaves out about its own names follows from the kind. */
export function defaultCustomResourceDefinition(draft: KubeObject): void {
  const { spec, status } = draft as Draft;
  if (!spec) return;
  const { names } = spec;
  if (names) {
    names.singular ||= (names.kind ?? '').toLowerCase();
    if (names.kind) names.listKind ||= `${names.kind}List`;
  }
  spec.conversion ??= { strategy: 'None' };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service) service.port ??= HTTPS;
  if (!status?.storedVersions?.length) addStoredVersion(draft);
}

import { draftOf } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';

export function secretDefaults(draft: KubeObject): void {
  const record = draftOf(draft);
  takeStringData(record);
  if (!record.type) record.type = 'Opaque';
}

/** `stringData` is for writing only: its entries go into `data`, before it is asked who owns what. */
function takeStringData(draft: Record<string, unknown>): void {
  const text = Object.entries((draft.stringData ?? {}) as Record<string, string>);
  delete draft.stringData;
  if (text.length === 0) return;
  const encoded = text.map(([key, value]) => [key, Buffer.from(value, 'utf8').toString('base64')]);
  draft.data = { ...(draft.data as object | undefined), ...Object.fromEntries(encoded) };
}

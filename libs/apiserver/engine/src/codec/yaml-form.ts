import type { ListMeta } from '@kubernest/meta';
import { stringify } from 'yaml';
import type { CacheEntry } from '../cache/cache-entry.ts';
import { mediaTypes } from './accept.ts';
import type { Form } from './form.ts';

/** YAML made from what another form says in JSON: for people, not for speed. */
export class YamlForm implements Form {
  readonly contentType = mediaTypes.yaml;

  constructor(private readonly json: Form) {}

  one(entry: CacheEntry): Buffer {
    return toYaml(this.json.one(entry));
  }
  async list(entries: readonly CacheEntry[], meta: ListMeta): Promise<Buffer> {
    return toYaml(await this.json.list(entries, meta));
  }
}

export const toYaml = (json: Uint8Array): Buffer =>
  Buffer.from(stringify(JSON.parse(Buffer.from(json).toString()), { lineWidth: 0 }));

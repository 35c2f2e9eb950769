import { describe, expect, it } from 'vitest';
import { containerConfig, IMAGE_DIGEST_ANNOTATION } from './container-config.ts';

describe('the digest that a container keeps of its image', () => {
  const configOf = (reference: string, digests: readonly string[]) => {
    const container = { name: 'a', image: reference };
    return containerConfig({
      pod: { metadata: { name: 'p', namespace: 'n', uid: 'u' }, spec: { containers: [container] } },
      entry: { container, kind: 'app', sidecar: false },
      image: { id: 'sha256:i', tags: [], digests, sizeBytes: 1, user: '' },
      ...{ attempt: 0, sandboxId: 's', env: [], mounts: [], nodeMemoryBytes: 1e9, seccompDir: '' },
      log: { maxBytes: 1, maxFiles: 1 },
    });
  };

  it.each([
    ['host:5000/busy:1', ['other/busy@sha256:a', 'host:5000/busy@sha256:b'], 'host:5000/busy@sha256:b'],
    ['host:5000/busy', ['other/busy@sha256:a', 'host:5000/busy@sha256:b'], 'host:5000/busy@sha256:b'],
    ['busy@sha256:b', ['other/busy@sha256:a', 'busy@sha256:b'], 'busy@sha256:b'],
    ['docker.io/library/busy:1', ['busy@sha256:a'], 'busy@sha256:a'],
    ['local:1', [], undefined],
  ])('of %s, which is known as %j, is %s', (reference, digests, digest) => {
    expect(configOf(reference, digests).annotations[IMAGE_DIGEST_ANNOTATION]).toBe(digest);
  });
});

import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A registry of one image on loopback, as the engine asks it; with a password, for who knows it only. */
export class TestRegistry implements AsyncDisposable {
  readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly host: string,
  ) {}

  static async serve(
    rootFs: Buffer,
    login?: { readonly user: string; readonly password: string },
  ): Promise<TestRegistry> {
    const { manifest, blobs } = imageOf(rootFs);
    const wanted = login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      registry.asked.push(`${request.method} ${path}`);
      response.setHeader('docker-distribution-api-version', 'registry/2.0');
      if (wanted && request.headers.authorization !== wanted) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' });
        return void response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
      }
      if (path === '/v2/') return void response.end('{}');
      const blob = blobs.get(/\/blobs\/(.+)$/.exec(path)?.[1] ?? '');
      const isManifest = /^\/v2\/busy\/manifests\/(1|sha256:.+)$/.test(path);
      const body = isManifest ? manifest : blob;
      if (!body)
        return void response
          .writeHead(404)
          .end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
      response.writeHead(200, {
        'content-type': isManifest ? manifestType : 'application/octet-stream',
        'content-length': body.length,
        'docker-content-digest': sha256(body),
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const registry = new TestRegistry(server, `127.0.0.1:${(server.address() as AddressInfo).port}`);
    return registry;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

function imageOf(rootFs: Buffer): { readonly manifest: Buffer; readonly blobs: ReadonlyMap<string, Buffer> } {
  const layer = gzipSync(rootFs);
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: ['/bin/sleep', '100000'], Env: ['PATH=/bin'] },
      rootfs: { type: 'layers', diff_ids: [sha256(rootFs)] },
      history: [{ created_by: 'a test' }],
    }),
  );
  const described = (bytes: Buffer, mediaType: string) => ({ mediaType, size: bytes.length, digest: sha256(bytes) });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: described(config, 'application/vnd.docker.container.image.v1+json'),
      layers: [described(layer, 'application/vnd.docker.image.rootfs.diff.tar.gzip')],
    }),
  );
  return { manifest, blobs: new Map([config, layer].map((bytes) => [sha256(bytes), bytes])) };
}

// Converts Backups between v1 and v2: `spec.keep` is `spec.retention.copies`. Started with a port, a key and a certificate.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { json } from 'node:stream/consumers';

const [port, key, cert] = process.argv.slice(2);

/** Of the metadata a converter may change labels and annotations alone. */
function converted({ spec, ...object }, apiVersion) {
  const { keep, retention, ...rest } = spec;
  const copies = keep ?? retention?.copies;
  if (copies === undefined) return { ...object, apiVersion, spec: rest };
  const own = apiVersion.endsWith('/v1') ? { keep: copies } : { retention: { copies } };
  return { ...object, apiVersion, spec: { ...rest, ...own } };
}

createServer({ key: readFileSync(key), cert: readFileSync(cert) }, async (request, response) => {
  const { apiVersion, kind, request: asked } = await json(request);
  const { uid, desiredAPIVersion, objects } = asked;
  const convertedObjects = objects.map((object) => converted(object, desiredAPIVersion));
  const answer = { uid, result: { status: 'Success' }, convertedObjects };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ apiVersion, kind, response: answer }));
}).listen(Number(port), '127.0.0.1');

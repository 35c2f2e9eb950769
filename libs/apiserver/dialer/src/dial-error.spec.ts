import { expect, test } from 'vitest';
import { dialErrorOf } from './dial-error.ts';

const fault = (code: string, message = `${code} of the system`, over = {}) =>
  Object.assign(new Error(message), { code, ...over });
const wrongName = (host: string, subjectaltname: string) =>
  fault('ERR_TLS_CERT_ALTNAME_INVALID', 'x', { host, cert: { subjectaltname } });
const verify = 'tls: failed to verify certificate: x509:';

test.each([
  [fault('ECONNREFUSED'), 'refused', 'dial tcp 10.0.0.1:443: connect: connection refused'],
  [new AggregateError([fault('ECONNREFUSED')]), 'refused', 'dial tcp 10.0.0.1:443: connect: connection refused'],
  [fault('EHOSTUNREACH'), 'refused', 'dial tcp 10.0.0.1:443: connect: no route to host'],
  [fault('ENETUNREACH'), 'refused', 'dial tcp 10.0.0.1:443: connect: network is unreachable'],
  [fault('ENOTFOUND'), 'refused', 'dial tcp: lookup 10.0.0.1: no such host'],
  [fault('ETIMEDOUT'), 'timeout', 'dial tcp 10.0.0.1:443: connect: connection timed out'],
  [fault('ECONNRESET'), 'broken', 'read tcp 10.0.0.1:443: connection reset by peer'],
  [fault('ECONNRESET', 'socket hang up'), 'broken', 'EOF'],
  [fault('EPIPE'), 'broken', 'write tcp 10.0.0.1:443: broken pipe'],
  [fault('HPE_INVALID_CONSTANT', 'no HTTP'), 'broken', 'net/http: HTTP/1.x transport connection broken: no HTTP'],
  [fault('SELF_SIGNED_CERT_IN_CHAIN'), 'tls', `${verify} certificate signed by unknown authority`],
  [fault('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls', `${verify} certificate signed by unknown authority`],
  [fault('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'tls', `${verify} certificate signed by unknown authority`],
  [fault('CERT_HAS_EXPIRED'), 'tls', `${verify} certificate has expired or is not yet valid`],
  [
    wrongName('a.b', 'DNS:x.y, DNS:z, IP Address:10.0.0.1'),
    'tls',
    `${verify} certificate is valid for x.y, z, not a.b`,
  ],
  [
    wrongName('a.b', 'IP Address:10.0.0.1'),
    'tls',
    `${verify} certificate is not valid for any names, but wanted to match a.b`,
  ],
  [wrongName('fd00::2', 'DNS:x, IP Address:fd00::1'), 'tls', `${verify} certificate is valid for fd00::1, not fd00::2`],
  [
    wrongName('10.0.0.2', 'DNS:x'),
    'tls',
    `${verify} cannot validate certificate for 10.0.0.2 because it doesn't contain any IP SANs`,
  ],
  [fault('EPROTO', 'SSL routines:wrong version number'), 'tls', 'http: server gave HTTP response to HTTPS client'],
  [fault('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'alert'), 'tls', 'tls: alert'],
  [new Error('anything else'), 'broken', 'anything else'],
])('%s is %s: %s', (error, kind, message) => {
  expect(dialErrorOf(error, { host: '10.0.0.1', port: 443 })).toMatchObject({ fault: kind, message });
});

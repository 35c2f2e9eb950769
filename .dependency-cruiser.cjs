// The arrows of the house: apps → features → engines → contracts → kinds → definitions → meta → kit. Each rule says which way is not allowed.
const features = '^libs/(controllers/builtin|scheduler/plugins|apiserver/(admission|aggregation|authn|authz|access|extensions|metrics|subresources)|kubelet|hollow|live)/';
const adapters = '^libs/(store/(sqlite|etcd|memory)|runtime/(docker|cni|hollow)|proxy/(iptables|nftables))/';
const engines = '^libs/((controllers|scheduler|proxy)/engine|apiserver/(storage|codec|handlers))/';
const tests = '\\.(spec|e2e|nightly|fixture)\\.ts$|^libs/testkit/|/testing/|/specs/|/fixtures/|suite\\.ts$|^e2e/|^bench/|^tools/';

module.exports = {
  forbidden: [
    { name: 'libs-know-no-app', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    { name: 'kit-knows-nobody', severity: 'error', from: { path: '^libs/kit/' }, to: { path: '^libs/(?!kit/)' } },
    { name: 'meta-knows-kit-only', severity: 'error', from: { path: '^libs/meta/' }, to: { path: '^libs/(?!meta/|kit/)' } },
    { name: 'structural-knows-meta', severity: 'error', from: { path: '^libs/structural/' }, to: { path: '^libs/(?!structural/|meta/)' } },
    {
      // Its specs hold it against the built-in kinds.
      name: 'definitions-know-no-kind',
      severity: 'error',
      from: { path: '^libs/definitions/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/(?!definitions/|structural/|meta/|kit/)' },
    },
    {
      name: 'kinds-know-definitions-and-below',
      severity: 'error',
      from: { path: '^libs/kinds/' },
      to: { path: '^libs/(?!kinds/|definitions/|structural/|meta/|kit/)' },
    },
    {
      name: 'contracts-know-no-adapter',
      severity: 'error',
      from: { path: '^libs/[^/]+/contract/' },
      to: { path: `${features}|${adapters}|${engines}` },
    },
    {
      name: 'adapters-know-their-contract-only',
      severity: 'error',
      from: { path: adapters, pathNot: tests },
      to: { path: `${features}|${engines}|^libs/(client|controllers|apiserver|kinds|definitions)/` },
    },
    { name: 'engines-know-no-kind', severity: 'error', from: { path: engines, pathNot: tests }, to: { path: '^libs/kinds/' } },
    { name: 'engines-know-no-feature', severity: 'error', from: { path: engines, pathNot: tests }, to: { path: features } },
    {
      // Of the API server, contract and codec know nobody, and storage nobody above: `codec` runs on threads, the write path serves no request.
      name: 'apiserver-contract-knows-nobody',
      severity: 'error',
      from: { path: '^libs/apiserver/contract/', pathNot: tests },
      to: { path: '^libs/(?!apiserver/contract/|store/contract/|definitions/|meta/|kit/)' },
    },
    {
      name: 'apiserver-codec-knows-the-contract',
      severity: 'error',
      from: { path: '^libs/apiserver/codec/', pathNot: tests },
      to: { path: '^libs/(?!apiserver/(codec|contract)/|store/contract/|definitions/|meta/|kit/)' },
    },
    {
      name: 'apiserver-storage-knows-no-request',
      severity: 'error',
      from: { path: '^libs/apiserver/storage/', pathNot: tests },
      to: { path: '^libs/(?!apiserver/(storage|codec|contract)/|store/contract/|definitions/|meta/|kit/)' },
    },
    {
      // Whoever needs more of the API server than its contract says is no feature.
      name: 'apiserver-features-know-the-contract',
      severity: 'error',
      from: {
        path: '^libs/apiserver/(admission|aggregation|authn|authz|access|extensions|listener|metrics|subresources)/',
        pathNot: tests,
      },
      to: { path: '^libs/apiserver/(storage|codec|handlers)/' },
    },
    {
      // Engine and features stand on it, so that conversion, webhooks and proxies reach others the same way.
      name: 'dialer-knows-meta-and-kit',
      severity: 'error',
      from: { path: '^libs/apiserver/dialer/', pathNot: tests },
      to: { path: '^libs/(?!apiserver/dialer/|meta/|kit/)' },
    },
    {
      name: 'controllers-never-see-the-store',
      severity: 'error',
      from: { path: '^libs/(controllers|scheduler|kubelet|hollow|proxy|client)/', pathNot: tests },
      to: { path: '^libs/(store|apiserver)/' },
    },
    {
      name: 'no-web-framework-in-libs',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: 'node_modules/(@nestjs|fastify|react|socket\\.io)(/|$)' },
    },
    { name: 'nest-lives-in-api', severity: 'error', from: { path: '^apps/(?!api/)' }, to: { path: 'node_modules/@nestjs/' } },
    { name: 'react-lives-in-ui', severity: 'error', from: { path: '^apps/(?!ui/)' }, to: { path: 'node_modules/react(-dom)?/' } },
    { name: 'testkit-is-for-tests', severity: 'error', from: { pathNot: tests }, to: { path: '^libs/testkit/|/testing/' } },
    { name: 'no-cycles-between-files', severity: 'error', from: { path: '^(libs|apps)/' }, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'] },
  },
};

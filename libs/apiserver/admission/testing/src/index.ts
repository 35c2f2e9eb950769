export { type Answer, admin, type Caller, kubelet, ranges, type TestApi, testApi } from './test-api.ts';

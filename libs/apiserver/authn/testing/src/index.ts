export { type Objects, objects } from './objects.ts';
export { requestOf, testContext } from './requests.ts';

import { type Json, readJsonInSteps, type Steps } from '@kubernest/meta';

/** compat: Go's own bound. What is taken of it is bounded by whoever takes it. */
const MOST_LEVELS = 10_000;

/** What a backend says of itself. In steps: it may be long, and whatever it likes. Throws where it is no JSON. */
export const documentIn = (body: Buffer): Steps<Json> => readJsonInSteps(body, MOST_LEVELS);

import { builtinKinds } from '@kubernest/kinds';
import { atOnce, type Json, type StructSchema } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { widened, widePaths } from '../../testing/src/index.ts';
import { encodeMessage, encodeMessageInSteps } from './index.ts';

const ENTRIES = 300;

const kinds = builtinKinds.filter(({ example }) => example !== undefined);

it.each(kinds)('$group $kind, wide at any place, has the same bytes in steps as at once', (definition) => {
  const { schema, example } = definition;
  for (const path of widePaths(definition)) {
    const object = widened(definition, example as unknown as Json, path, ENTRIES);
    const inSteps = atOnce(encodeMessageInSteps(schema as StructSchema, object));
    expect(inSteps.equals(encodeMessage(schema as StructSchema, object)), path.join('.')).toBe(true);
  }
});

it.each(['Node', 'ConfigMap', 'Role', 'SubjectAccessReview'])(
  'a wide %s rests again and again, and others may write meanwhile',
  (kind) => {
    const definition = builtinKinds.find((each) => each.kind === kind)!;
    const schema = definition.schema as StructSchema;
    for (const path of widePaths(definition)) {
      const object = widened(definition, definition.example as unknown as Json, path, 20 * 256);
      const steps = encodeMessageInSteps(schema, object);
      let rests = 0;
      let step = steps.next();
      for (; !step.done; step = steps.next()) {
        rests++;
        encodeMessage(schema, definition.example);
      }
      expect(rests, path.join('.')).toBeGreaterThanOrEqual(20);
      expect(step.value.equals(encodeMessage(schema, object)), path.join('.')).toBe(true);
    }
  },
);

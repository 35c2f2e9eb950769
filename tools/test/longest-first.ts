import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { budgetOf } from '../../e2e/files.ts';

interface Ordered {
  readonly group: number;
  readonly budget: number;
}

/** Within a group, what may take long comes first: started last, it would run by itself at the end, beside workers with nothing to do. */
export const longestFirst = (a: Ordered, b: Ordered): number => a.group - b.group || b.budget - a.budget;

/** By the budgets, which a fresh clone knows, too: vitest orders by the last run, and without one by the size of files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const orderOf = ({ project, moduleId }: TestSpecification): Ordered => ({
      group: project.config.sequence.groupOrder,
      budget: budgetOf(relative(this.ctx.config.root, moduleId)),
    });
    return (await super.sort(files)).toSorted((a, b) => longestFirst(orderOf(a), orderOf(b)));
  }
}

import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import type { Report } from './report.ts';

/** Writes what `npm test` judges a run by to the file that KUBERNEST_TEST_REPORT names. */
export default class ReportWriter implements Reporter {
  readonly #begun = new Map<string, number>();

  onTestModuleQueued(module: TestModule): void {
    this.#begun.set(module.id, performance.now());
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const report: Report = {
      unhandledErrors: errors.length,
      files: modules.map((module) => ({
        file: module.relativeModuleId,
        seconds: this.#seconds.get(module.id) ?? 0,
        state: module.state(),
        tests: [...module.children.allTests()].map((test) => ({
          name: test.fullName,
          state: test.result().state,
          tags: test.tags,
          declaredSkip: test.options.mode !== 'run',
        })),
      })),
    };
    writeFileSync(process.env['KUBERNEST_TEST_REPORT']!, JSON.stringify(report));
  }

  readonly #seconds = new Map<string, number>();

  onTestModuleEnd(module: TestModule): void {
    this.#seconds.set(module.id, (performance.now() - (this.#begun.get(module.id) ?? performance.now())) / 1000);
  }
}

import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';
import { secondLook } from './tools/checks/second-look.ts';

const tests = ['**/*.spec.ts', '**/suite.ts', '**/*.suite.ts', '**/suite/**', '**/dist/**'];

// Biome formats and lints. These are what it cannot see: a promise without an owner, which needs types, and a regular expression that looks
// at a text again from each place in it, for which a text from outside can take seconds.
export default tseslint.config(
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: ['apps/ui/**', ...tests],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    linterOptions: { reportUnusedDisableDirectives: false },
    rules: { '@typescript-eslint/no-floating-promises': 'error' },
  },
  {
    files: ['{apps,libs,addons,tools}/**/*.{ts,tsx,mjs,cjs}'],
    ignores: tests,
    languageOptions: { parser: tseslint.parser },
    plugins: { regexp },
    rules: { 'regexp/no-super-linear-backtracking': 'error', 'regexp/no-super-linear-move': 'error' },
  },
  {
    // The servers; who uses a command or a tool of the house makes only himself wait.
    files: ['libs/**/*.ts', 'apps/{api,node-agent}/**/*.ts'],
    ignores: tests,
    plugins: { linear: { rules: { 'no-second-look': secondLook } } },
    rules: { 'linear/no-second-look': 'error' },
  },
);

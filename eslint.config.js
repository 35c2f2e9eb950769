import tseslint from 'typescript-eslint';

// Biome formats and lints; this one rule needs types.
export default tseslint.config({
  files: ['apps/**/*.ts', 'libs/**/*.ts'],
  ignores: ['apps/ui/**', '**/*.spec.ts', '**/suite.ts'],
  languageOptions: { parser: tseslint.parser, parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
  plugins: { '@typescript-eslint': tseslint.plugin },
  linterOptions: { reportUnusedDisableDirectives: false },
  rules: { '@typescript-eslint/no-floating-promises': 'error' },
});

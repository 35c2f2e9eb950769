// A file of its own, as `import()` is a syntax error to the oldest Node.js. The program settles its own errors.
import('./main.mjs');

// What every npm script and ./kubernest begin with. An old Node.js must get as far as being told that it is too old, so this file and
// those it requires are plain ES2015; all else, which an old one could not even parse, comes behind the check.
const { refusalOf, thisMachine, warningOf } = require('./bootstrap/machine.cjs');

const machine = thisMachine();
const refusal = refusalOf(machine);
if (refusal) {
  console.error('kubernest: ' + refusal);
  process.exit(1);
}
const warning = warningOf(machine);
if (warning) console.error('kubernest: ' + warning);
require('./bootstrap/enter.cjs');

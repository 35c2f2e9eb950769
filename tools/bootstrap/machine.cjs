// Which machines Kubernest runs on. Plain ES2015: see tools/bootstrap.cjs.
// biome-ignore lint/style/useNodejsImportProtocol: Node.js 12 does not know it.
const fs = require('fs');

const wanted = { node: 20, ownNode: 26 };
/** Where the loader lies that the Node.js from npm asks for; where it is missing, that Node.js does not run. */
const loaders = { x64: '/lib64/ld-linux-x86-64.so.2', arm64: '/lib/ld-linux-aarch64.so.1' };

function majorOf(version) {
  return Number(version.split('.')[0]);
}

function thisMachine() {
  return {
    platform: process.platform,
    arch: process.arch,
    node: process.versions.node,
    hasGlibc: fs.existsSync(loaders[process.arch] || ''),
  };
}

/** Why Kubernest cannot run here and what to do, or undefined. */
function refusalOf(machine) {
  if (machine.platform !== 'linux')
    return (
      'the operating system ' +
      machine.platform +
      ' is not supported: Kubernest runs on Linux. Run it in a virtual machine with Debian 12.'
    );
  if (!loaders[machine.arch])
    return (
      'the processor ' +
      machine.arch +
      ' is not supported: Kubernest runs on x64, and on arm64 without being tested there. ' +
      'Where the machine is one of these, install a Node.js that was built for it.'
    );
  if (!(majorOf(machine.node) >= wanted.node))
    return (
      'Node.js ' +
      machine.node +
      ' is too old: ' +
      wanted.node +
      ' or newer is needed. Install one from https://nodejs.org, with its npm, and put it first in PATH.'
    );
  if (!machine.hasGlibc && majorOf(machine.node) < wanted.ownNode)
    return (
      'this Linux has no glibc (' +
      loaders[machine.arch] +
      '), which the Node.js ' +
      wanted.ownNode +
      ' from npm needs. Use Debian 12, or put a Node.js ' +
      wanted.ownNode +
      ' or newer of this Linux first in PATH.'
    );
  return undefined;
}

/** What must be said though it runs, or undefined. */
function warningOf(machine) {
  return machine.arch === 'arm64' ? 'note: Kubernest is not tested on arm64' : undefined;
}

module.exports = { majorOf, refusalOf, thisMachine, wanted, warningOf };

// What Node runs in the single executable: it loads the parts of the program, of which each is an asset. Node itself would
// parse one large text at every start.
const { getAsset } = require('node:sea');
const { compileFunction } = require('node:vm');

const loaded = new Map();

function load(name) {
  let module = loaded.get(name);
  if (module === undefined) {
    module = { exports: {} };
    loaded.set(name, module);
    const names = ['exports', 'require', 'module', '__filename'];
    const evaluate = compileFunction(getAsset(name, 'utf8'), names, { filename: name });
    evaluate(module.exports, requirePart, module, process.execPath);
  }
  return module.exports;
}

const requirePart = (name) => (name.startsWith('./') ? load(name.slice(2)) : require(name));

load('main.js');

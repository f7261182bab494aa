/**
 * Compiles the hand-written catalogues (src/catalog/PRODUCT.yaml) to typed modules, so that no YAML is parsed at start.
 * `node scripts/compile-catalog.js` writes them; with `--check` it only says whether the committed ones are stale.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { CatalogError, entry, step, topic } from './catalog-rules.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const products = ['jaco', 'jacqos'];

/** Reads one record by its rules; every complaint names file, line and remedy. */
function readRecord(node, rules, at) {
  if (!isMap(node)) return at.fail(node, 'write a record of fields');
  const result = {};
  const pairs = new Map(node.items.map((pair) => [isScalar(pair.key) ? pair.key.value : String(pair.key), pair]));
  for (const [key, pair] of pairs)
    if (!Object.hasOwn(rules, key))
      at.fail(pair.key, `unknown key "${key}"; remove it or use one of ${Object.keys(rules).join(', ')}`);
  for (const [key, rule] of Object.entries(rules)) {
    const name = key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
    const pair = pairs.get(key);
    if (rule.each && pair && !isSeq(pair.value)) at.fail(pair.key, `${key}: write a list`);
    else if (rule.each) result[name] = (pair?.value.items ?? []).map((item) => readRecord(item, rule.each, at));
    else if (!pair && rule.required) at.fail(node, `field "${key}" is missing; write it`);
    else if (!pair) result[name] = rule.otherwise;
    else
      try {
        result[name] = rule.read(pair.value?.toJSON() ?? null);
      } catch (problem) {
        at.fail(pair.key, `${key}: ${problem.message}`);
      }
  }
  if (rules === step && (result.run === null) === (result.do === null)) at.fail(node, 'a step has either run or do');
  if (rules === entry) checkEntry(result, node, at);
  return result;
}

/** What must hold between the fields of one entry. */
function checkEntry(one, node, at) {
  const firstLast = one.fix.findIndex((s) => s.effect === 'destructive');
  if (firstLast >= 0 && one.fix.slice(firstLast).some((s) => s.effect !== 'destructive'))
    at.fail(node, `"${one.id}": a destructive step comes last; move it down`);
  if (one.caught.how === 'explain-only' && one.severity !== 'none')
    at.fail(node, `"${one.id}" is never found, so its severity is none`);
  if ((one.caught.how === 'live') !== (one.verify !== null))
    at.fail(node, `"${one.id}": verify names its check exactly if it is caught live`);
}

/** Reads one catalogue strictly. */
export function readCatalog(source, file) {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const at = {
    fail(node, remedy) {
      throw new CatalogError(`${file}:${lines.linePos(node?.range?.[0] ?? 0).line}: ${remedy}`);
    },
  };
  for (const problem of document.errors)
    throw new CatalogError(`${file}:${problem.linePos?.[0].line}: ${problem.message}`);
  const { entries, topics } = readRecord(document.contents, { entries: { each: entry }, topics: { each: topic } }, at);
  const known = new Set();
  const nodes = document.get('entries')?.items ?? [];
  for (const [i, one] of entries.entries()) {
    if (known.has(one.id)) at.fail(nodes[i], `id "${one.id}" is there twice; keep one`);
    known.add(one.id);
  }
  const refer = (ids, node) => {
    for (const other of ids) if (!known.has(other)) at.fail(node, `"${other}" is no id of this catalogue; correct it`);
  };
  for (const [i, one] of entries.entries())
    refer([...one.symptomOf, ...one.notToBeConfusedWith.map((n) => n.id)], nodes[i]);
  for (const [i, one] of topics.entries()) refer(one.ids, document.get('topics').items[i]);
  return { entries, topics };
}

/** The generated files as they should be, by path from the root of the repository. */
export function compile(read = (path) => readFileSync(join(root, path), 'utf8')) {
  const present = products.filter((product) => existsSync(join(root, `src/catalog/${product}.yaml`)));
  const head = (names) =>
    `// generated from ${names.map((n) => `src/catalog/${n}.yaml`).join(', ')} by scripts/compile-catalog.js\n`;
  const files = {};
  const all = [];
  let ids = `${head(present)}import type { Severity } from '../entry.ts';\n\n`;
  for (const product of present) {
    const { entries, topics } = readCatalog(read(`src/catalog/${product}.yaml`), `src/catalog/${product}.yaml`);
    const type = `${product[0].toUpperCase()}${product.slice(1)}Id`;
    // Plain ASCII: one character beyond it would make the engine hold, and read, twice the bytes.
    const ascii = (text) => text.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const literal = (value) => `JSON.parse(\n  ${JSON.stringify(ascii(JSON.stringify(value)))},\n)`;
    files[`src/catalog/generated/${product}.ts`] =
      `${head([product])}import type { Entry, Topic } from '../entry.ts';\n\n` +
      `export const entries = ${literal(entries)} as readonly Entry[];\n\n` +
      `export const topics = ${literal(topics)} as readonly Topic[];\n`;
    ids += `export const ${product}Ids = [\n${entries.map((e) => `  '${e.id}',\n`).join('')}] as const;\n\n`;
    ids += `export type ${type} = (typeof ${product}Ids)[number];\n\n`;
    const list = (chosen) => chosen.map((e) => `  '${e.id}',\n`).join('');
    ids += '/** Faults that no look can show: only the output of the failed command does. */\n';
    ids += `export const ${product}TextIds = [\n${list(entries.filter((e) => e.caught.how === 'from-text'))}] as const;\n\n`;
    ids += "/** The ids that the product's own pages name. */\n";
    ids += `export const ${product}Documented = [\n${list(entries.filter((e) => e.origin === `${product}-docs`))}] as const;\n\n`;
    all.push(...entries);
  }
  const union = present.map((p) => `${p[0].toUpperCase()}${p.slice(1)}Id`).join(' | ');
  ids += `export type Id = ${union};\n\n`;
  ids += `export const severityOf: Readonly<Record<Id, Severity>> = {\n${all.map((e) => `  ${e.id}: '${e.severity}',\n`).join('')}};\n`;
  files['src/catalog/generated/ids.ts'] = ids;
  files['src/catalog/generated/catalogs.ts'] =
    `${head(present)}/** The products of which this program has a catalogue. */\n` +
    `export const productNames = [${present.map((p) => `'${p}'`).join(', ')}] as const;\n\n` +
    'export type ProductName = (typeof productNames)[number];\n\n' +
    '/** Loads the catalogue of each product. The texts are large, so they are read only if one of them is shown. */\n' +
    `export const catalogs = {\n${present.map((p) => `  ${p}: () => import('./${p}.ts'),\n`).join('')}};\n`;
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const stale = Object.entries(compile()).filter(
      ([path, wanted]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== wanted,
    );
    for (const [path, wanted] of stale) {
      if (process.argv.includes('--check')) console.error(`${path} is stale; run node scripts/compile-catalog.js`);
      else writeFileSync(join(root, path), wanted);
    }
    if (process.argv.includes('--check') && stale.length > 0) process.exitCode = 1;
  } catch (problem) {
    console.error(problem instanceof CatalogError ? problem.message : problem);
    process.exitCode = 1;
  }
}

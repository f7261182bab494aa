/**
 * Compiles the hand-written catalogues (src/catalog/PRODUCT/*.yaml, src/catalog/releases.yaml) to typed modules, so
 * that no YAML is parsed at start. `node scripts/compile-catalog.js` writes them; `--check` only says whether the
 * committed ones are stale.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTypeScript } from './load-typescript.js';
import { CatalogError, readCatalog, readReleases, readTags, repository } from './read-catalog.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const products = ['jaco', 'jacqos'];
const { writeIndex } = await loadTypeScript(join(root, 'src/catalog/search/search-index.ts'));

const capital = (word) => `${word[0].toUpperCase()}${word.slice(1)}`;
const list = (ids) => `[\n${ids.map((id) => `  '${id}',\n`).join('')}] as const`;
const union = (words) => words.map((word) => `'${word}'`).join(' | ');

/**
 * A JSON text as a string literal. It is plain ASCII: with one other character, the engine would read and hold twice
 * the bytes.
 */
function jsonLiteral(json) {
  return JSON.stringify(json.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
}
const literal = (value) => `JSON.parse(\n  ${jsonLiteral(JSON.stringify(value))},\n)`;

/** The entries of a product by the file that has them, in the order of the index. */
function bySubject({ entries, subjects }) {
  return [...new Set(subjects)].map((subject) => ({
    subject,
    entries: entries.filter((_, index) => subjects[index] === subject),
  }));
}

/** The texts of one subject, an entry a string. What people call an id is only in the search index. */
function textsOf(head, entries) {
  const texts = entries.map(
    ({ alsoKnownAs: _, ...entry }) => `  ${entry.id}:\n    ${jsonLiteral(JSON.stringify(entry))},\n`,
  );
  return (
    `${head}/** Each entry as JSON: only those that are shown are parsed. */\n` +
    `export const entryTexts: { readonly [id: string]: string } = {\n${texts.join('')}};\n`
  );
}

function topicsOf(head, { topics }) {
  return `${head}/** All topics as JSON. */\nexport const topicsText =\n  ${jsonLiteral(JSON.stringify(topics))};\n`;
}

/**
 * The names of checks and groups, as the files of the checks have them: `explain` knows them without loading a check.
 */
function checkNamesOf() {
  const namesOf = (product) => {
    const folder = join(root, 'checks', product);
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    const names = files.flatMap((name) => {
      const [, ...found] =
        /^ {2}name: '([a-z0-9-]+)',\n {2}group: '([a-z]+)',$/m.exec(readFileSync(join(folder, name), 'utf8')) ?? [];
      return found;
    });
    return [...new Set(names)].sort();
  };
  const lists = products.map(
    (product) =>
      `  ${product}: [\n${namesOf(product)
        .map((name) => `    '${name}',\n`)
        .join('')}  ],\n`,
  );
  return (
    '// generated from checks/*/*.ts by scripts/compile-catalog.js\n' +
    '/** The names of the checks and of their groups, by product. */\n' +
    `export const checkNames: { readonly [product: string]: readonly string[] } = {\n${lists.join('')}};\n`
  );
}

/** The search module, which is loaded only for words that are not an id. */
function searchOf(head, { entries, topics }) {
  return (
    `${head}/** The index of all names, as minisearch serializes it. */\n` +
    `export const index =\n  ${jsonLiteral(writeIndex(entries, topics))};\n`
  );
}

/** The small module: ids and severities of all products. */
function idsOf(head, catalogs) {
  const lists = catalogs.map(({ product, entries }) => {
    const where = (holds) => list(entries.filter(holds).map(({ id }) => id));
    return (
      `export const ${product}Ids = ${where(() => true)};\n\n` +
      `export type ${capital(product)}Id = (typeof ${product}Ids)[number];\n\n` +
      `/** Faults that no check can find: only the output of the failed command shows them. */\n` +
      `export const ${product}TextIds = ${where(({ caught }) => caught.how === 'from-text')};\n\n` +
      `/** The ids that the product's own pages name. */\n` +
      `export const ${product}Documented = ${where(({ origin }) => origin === `${product}-docs`)};\n\n`
    );
  });
  const severities = catalogs.flatMap(({ entries }) => entries.map(({ id, severity }) => `  ${id}: '${severity}',\n`));
  return (
    `${head}import type { Severity } from '../entry-schema.ts';\n\n${lists.join('')}` +
    `export type Id = ${catalogs.map(({ product }) => `${capital(product)}Id`).join(' | ')};\n\n` +
    `export const severityOf: Readonly<Record<Id, Severity>> = {\n${severities.join('')}};\n`
  );
}

/** The types of the details that a finding gives beside its id. */
function detailsOf(head, catalogs) {
  const entries = catalogs.flatMap((catalog) => catalog.entries);
  const map = (key) =>
    `{\n${entries
      .filter((entry) => entry[key].length > 0)
      .map((entry) => `  ${entry.id}: ${union(entry[key])};\n`)
      .join('')}}`;
  return (
    `${head}/** The causes of each id that has some. */\nexport type CausesOf = ${map('causes')};\n\n` +
    `/** The placeholders that only a finding of this id fills. */\nexport type ValuesOf = ${map('values')};\n\n` +
    `/** The placeholders that the run fills; a finding may fill them with a more exact value. */\n` +
    `export type Placeholder = ${union([...new Set(catalogs.flatMap(({ placeholders }) => placeholders))])};\n`
  );
}

/** The products, and the code that loads the texts of each. */
function loadersOf(head, catalogs) {
  const loaders = (prefix) => products.map((product) => `  ${product}: () => import('./${prefix}${product}.ts'),\n`);
  const catalogOf = (catalog) => {
    const subjects = bySubject(catalog).map(
      ({ subject, entries }) =>
        `      {\n        ids: ${JSON.stringify(entries.map(({ id }) => id))},\n` +
        `        load: () => import('./${catalog.product}-${subject}.ts'),\n      },\n`,
    );
    return (
      `  ${catalog.product}: {\n    subjects: [\n${subjects.join('')}    ],\n` +
      `    topics: () => import('./${catalog.product}-topics.ts'),\n  },\n`
    );
  };
  return (
    `${head}/** The products that have a catalogue. */\n` +
    `export const productNames = [${products.map((product) => `'${product}'`).join(', ')}] as const;\n\n` +
    'export type ProductName = (typeof productNames)[number];\n\n' +
    '/** The catalogue of each product. Its texts are large, so a subject is loaded only if one of its ids is shown. */\n' +
    `export const catalogs = {\n${catalogs.map(catalogOf).join('')}};\n\n` +
    '/** Loads the search index of each product. */\n' +
    `export const searchIndexes = {\n${loaders('search-').join('')}};\n`
  );
}

/** Releases and known issues. They are loaded only if one of them is judged or shown. */
function releasesOf(releases) {
  const of = (key) => [...new Set(releases.issues.flatMap((issue) => issue[key] ?? []))].sort();
  const lines = (names) => names.map((name) => `\n  | '${name}'`).join('');
  return (
    `// generated from ${RELEASES} by scripts/compile-catalog.js\n` +
    `import type { RecognisedIssue as Recognised, ReleaseData } from '../releases-schema.ts';\n\n` +
    `/** The signatures that issues name: checks/jaco/known-issues has a function for each. */\n` +
    `export type SignatureName =${lines(of('signature'))};\n\n` +
    `/** The ids that follow from an issue. */\n` +
    `export type SymptomId =${lines(of('symptoms'))};\n\n` +
    'export type RecognisedIssue = Recognised<SignatureName, SymptomId>;\n\n' +
    `export const releaseData: ReleaseData<SignatureName, SymptomId> = ${literal(releases)};\n`
  );
}

const RELEASES = 'src/catalog/releases.yaml';

/** The expected generated files, by path from the root of the repository. */
export function compile(files = repository) {
  const head = (names) =>
    `// generated from ${names.map((name) => `src/catalog/${name}/*.yaml`).join(', ')} by scripts/compile-catalog.js\n`;
  const releases = { jaco: readTags(RELEASES, files) };
  const catalogs = products.map((product) => ({
    product,
    ...readCatalog(`src/catalog/${product}`, files, releases[product]),
  }));
  const jacoIds = catalogs.flatMap(({ product, entries }) => (product === 'jaco' ? entries.map(({ id }) => id) : []));
  const modules = {
    ...Object.fromEntries(
      catalogs.flatMap((catalog) => [
        ...bySubject(catalog).map(({ subject, entries }) => [
          `${catalog.product}-${subject}`,
          textsOf(head([catalog.product]), entries),
        ]),
        [`${catalog.product}-topics`, topicsOf(head([catalog.product]), catalog)],
        [`search-${catalog.product}`, searchOf(head([catalog.product]), catalog)],
      ]),
    ),
    ids: idsOf(head(products), catalogs),
    details: detailsOf(head(products), catalogs),
    'check-names': checkNamesOf(),
    catalogs: loadersOf(head(products), catalogs),
    releases: releasesOf(readReleases(RELEASES, jacoIds, files)),
  };
  return Object.fromEntries(
    Object.entries(modules).map(([name, module]) => [`src/catalog/generated/${name}.ts`, module]),
  );
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

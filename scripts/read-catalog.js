import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { safeParse } from 'valibot';
import { isCollection, isSeq, LineCounter, parseDocument } from 'yaml';
import { loadTypeScript } from './load-typescript.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { catalogSchema, indexSchema } = await loadTypeScript(join(root, 'src/catalog/catalog-schema.ts'));
const { releasesSchema } = await loadTypeScript(join(root, 'src/catalog/releases-schema.ts'));

/** The faults of a catalogue: one line each, with file, line and remedy. */
export class CatalogError extends Error {}

/**
 * Access to the repository's files for a catalogue: the content of a path, and the names of the YAML files in a folder.
 */
export const repository = {
  read: (path) => readFileSync(join(root, path), 'utf8'),
  list: (folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.yaml')),
};

/** Parses one YAML file. `lineOf` gives the line of the value at these keys, or the nearest line above that exists. */
function parse(path, files) {
  const lines = new LineCounter();
  const document = parseDocument(files.read(path), { lineCounter: lines });
  const [problem] = document.errors;
  if (problem) throw new CatalogError(`${path}:${problem.linePos?.[0].line}: ${problem.message}`);
  const lineOf = (keys) => {
    let node = document.contents;
    let at = node;
    for (const key of keys) {
      if (!isCollection(node)) break;
      const pair = isSeq(node) ? undefined : node.items.find((item) => item.key.value === key);
      at = (isSeq(node) ? node.items[key] : pair?.key) ?? at;
      node = node.get(key, true);
    }
    return lines.linePos(at?.range?.[0] ?? 0).line;
  };
  return { path, lineOf, value: document.toJS() };
}

/** The fault in words. The schema says what a value should be, but not that a key is unknown or missing. */
function remedyOf(issue) {
  const key = issue.path?.at(-1)?.key;
  if (issue.type !== 'strict_object') return typeof key === 'string' ? `${key}: ${issue.message}` : issue.message;
  if (issue.expected === 'never') return `unknown key "${key}"; remove it`;
  return issue.received === 'undefined' ? `field "${key}" is missing; write it` : 'write a record of fields';
}

function complaintsOf(issues, locate) {
  const lines = issues.map((issue) => {
    const { file, keys } = locate(issue.path?.map(({ key }) => key) ?? []);
    return `${file.path}:${file.lineOf(keys)}: ${remedyOf(issue)}`;
  });
  return new CatalogError(lines.join('\n'));
}

/** Reads the catalogue of a folder strictly. `releases` are the tags that a step may name. */
export function readCatalog(folder, files = repository, releases = []) {
  const index = parse(`${folder}/index.yaml`, files);
  const settings = safeParse(indexSchema, index.value);
  if (!settings.success) throw complaintsOf(settings.issues, (keys) => ({ file: index, keys }));
  const { docs, placeholders, files: names } = settings.output;
  for (const name of files.list(folder))
    if (name !== 'index.yaml' && !names.includes(name.replace(/\.yaml$/, '')))
      throw new CatalogError(`${index.path}:${index.lineOf(['files'])}: files: ${name} is not listed; add it`);
  const read = names.map((name) => ({
    kind: name === 'topics' ? 'topics' : 'entries',
    file: parse(`${folder}/${name}.yaml`, files),
  }));
  for (const { file } of read) if (!Array.isArray(file.value)) throw new CatalogError(`${file.path}:1: write a list`);
  const items = (kind) =>
    read.filter((one) => one.kind === kind).flatMap(({ file }) => file.value.map((value, at) => ({ file, at, value })));
  const sources = { entries: items('entries'), topics: items('topics') };
  const whole = safeParse(catalogSchema, {
    placeholders: Object.keys(placeholders),
    releases,
    entries: sources.entries.map(({ value }) => value),
    topics: sources.topics.map(({ value }) => value),
  });
  if (!whole.success)
    throw complaintsOf(whole.issues, ([kind, position, ...keys]) => {
      const { file, at } = sources[kind][position];
      return { file, keys: [at, ...keys] };
    });
  const linked = (one) => ({ ...one, docs: one.docs.startsWith('https://') ? one.docs : `${docs}${one.docs}` });
  return {
    placeholders: Object.keys(placeholders),
    entries: whole.output.entries.map(linked),
    /** For each entry, the file that has it. */
    subjects: sources.entries.map(({ file }) => basename(file.path, '.yaml')),
    topics: whole.output.topics.map(linked),
  };
}

/** The tags of releases.yaml, newest first, as far as they are readable. {@link readReleases} reports the rest. */
export function readTags(path, files = repository) {
  const { releases } = parse(path, files).value ?? {};
  return Array.isArray(releases) ? releases.flatMap((one) => one?.tag ?? []) : [];
}

/** Reads releases.yaml strictly. `ids` are those that an issue may name as symptoms. */
export function readReleases(path, ids, files = repository) {
  const file = parse(path, files);
  const read = safeParse(releasesSchema, file.value);
  if (!read.success) throw complaintsOf(read.issues, (keys) => ({ file, keys }));
  read.output.issues.forEach((issue, index) => {
    const unknown = issue.symptoms?.find((id) => !ids.includes(id));
    if (unknown !== undefined)
      throw new CatalogError(
        `${path}:${file.lineOf(['issues', index, 'symptoms'])}: symptoms: "${unknown}" is not an id; correct it`,
      );
  });
  return read.output;
}

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Code for every product. The part of one product is in a folder with the product's name. */
const SHARED = [
  'src/engine',
  'src/report',
  'src/record',
  'src/advice',
  'src/catalog',
  'src/cli',
  'src/vault',
  'src/run-installed-bin.ts',
];
const OF_A_PRODUCT = /(^|\/)(jaco|jacqos|generated)\//;

/** Words of the catalogue and of the report document: origins of an id, and a right that a step needs. */
const DOCUMENT_WORDS = ["'jaco-docs'", "'jacqos-docs'", "'jaco-source'", "'group-jaco'"];

function sourcesBelow(path: string): string[] {
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .map((name) => `${path}/${name}`)
    .filter((file) => file.endsWith('.ts') && !OF_A_PRODUCT.test(file));
}

/** The words of a source, without its comments, that name a product. */
function productWords(source: string): string[] {
  const words: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    if (node.getChildCount() === 0 && /jaco|jacqos/i.test(node.getText())) words.push(node.getText());
    node.getChildren().forEach(visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true));
  return words.filter((word) => !DOCUMENT_WORDS.includes(word));
}

test.each(SHARED.flatMap(sourcesBelow))('%s names no product', (file) => {
  expect(productWords(readFileSync(join(root, file), 'utf8'))).toEqual([]);
});

test('a product is recognised in a name, a text, a template, a pattern and an import, and not in a comment', () => {
  const source = `
    // jaco
    /** JacqOS */
    import { run } from './jaco/run.ts';
    const jacoFlags = 'in group jaco' + \`\${run} of JACO\` + /jacqos/.source;
  `;
  expect(productWords(source)).toEqual(["'./jaco/run.ts'", 'jacoFlags', "'in group jaco'", '} of JACO`', '/jacqos/']);
});

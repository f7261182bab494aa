// Prints the failures of a results file, each with its name and the head of its reason. The file is vitest's JSON
// report or the result of scripts/check.js. The end of a long log then still says what failed.
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** The head of a reason. Twelve lines are enough to tell a slow machine from a wrong answer. */
const head = (text) =>
  stripVTControlCharacters(text)
    .split('\n')
    .slice(0, 12)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n');

const read = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const file of read.testResults ?? []) {
  const name = file.name.replace(`${process.cwd()}/`, '');
  if (file.status === 'failed' && file.assertionResults.length === 0)
    console.log(`  ${name}\n${head(file.message ?? '')}`);
  for (const test of file.assertionResults)
    if (test.status === 'failed')
      console.log(`  ${name}: ${test.fullName}\n${head((test.failureMessages ?? []).join('\n'))}`);
}
for (const step of read.failures ?? []) console.log(`  ${step}`);

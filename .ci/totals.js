// Prints "passed failed skipped" of a results file, which is vitest's JSON report or the result of scripts/check.js.
import { readFileSync } from 'node:fs';

const read = JSON.parse(readFileSync(process.argv[2], 'utf8'));
if (Array.isArray(read.testResults)) {
  // A file that could not be loaded contains no tests and counts as a failure.
  const broken = read.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  console.log(read.numPassedTests, read.numFailedTests + broken.length, read.numPendingTests + read.numTodoTests);
} else {
  console.log(read.passed, read.failed, read.absent);
}

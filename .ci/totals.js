// Prints "passed failed skipped" of a results file: vitest's JSON report, or what scripts/check.js wrote.
import { readFileSync } from 'node:fs';

const read = JSON.parse(readFileSync(process.argv[2], 'utf8'));
if (Array.isArray(read.testResults)) {
  // a file that could not be loaded has no tests to count and is a failure
  const broken = read.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  console.log(read.numPassedTests, read.numFailedTests + broken.length, read.numPendingTests + read.numTodoTests);
} else {
  console.log(read.passed, read.failed, read.absent);
}

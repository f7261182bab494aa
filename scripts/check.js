// Runs every check of the sources that is not a test. Prints one line for each step, and the tool's output if the step
// fails. CHECK_RESULTS names a file for the totals, which .ci/run reads.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A tool of node_modules with its arguments. */
const tool = (name, ...args) => [join(root, 'node_modules/.bin', name), ...args];
const script = (path, ...args) => [process.execPath, join(root, path), ...args];

/** The start of a tool's output, at most `max` lines. */
function excerpt(output, max = 120) {
  const lines = stripVTControlCharacters(output).trimEnd().split('\n');
  return lines.length <= max
    ? lines.join('\n')
    : `${lines.slice(0, max).join('\n')}\n… ${lines.length - max} more lines`;
}

/** dependency-cruiser accepts an empty tree, so the number of modules is checked here. */
function missingModules(output) {
  const count = Number(/(\d+) modules/.exec(output)?.[1] ?? 0);
  return count > 20 ? null : `only ${count} modules were cruised`;
}

/** The longest step comes first. Without the file `needs`, the step is reported as absent and does not fail. */
const steps = [
  { name: 'types', run: tool('tsc', '--noEmit') },
  {
    name: 'imports',
    run: tool('depcruise', '--output-type', 'err-long', 'src', 'checks', 'commands'),
    also: missingModules,
  },
  { name: 'dead code', run: tool('knip', '--no-progress') },
  { name: 'wire stubs', run: script('scripts/compile-proto.js', '--check') },
  { name: 'package', run: tool('publint', 'run', '--strict') },
  {
    name: 'format and lint',
    run: tool('biome', 'ci', '--error-on-warnings', '--diagnostic-level=warn', '--colors=off'),
  },
  { name: 'spelling', run: tool('cspell', 'lint', '--no-progress', '--no-color') },
  { name: 'manifest', run: script('scripts/build.js', '--check') },
  { name: 'schema', run: script('scripts/report-schema.js', '--check') },
  { name: 'catalogue', run: script('scripts/compile-catalog.js', '--check') },
  { name: 'documents', run: script('scripts/docs.js', '--check'), needs: 'scripts/docs.js' },
];

/** Runs a step to its end. A tool that cannot start is a failure too. */
function run({ run: [command, ...args], also }) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ why: error.message, output }));
    child.on('close', (code, signal) => {
      resolve({ why: code === 0 ? (also?.(output) ?? null) : `exit ${code ?? signal}`, output });
    });
  });
}

const totals = { passed: 0, failed: 0, absent: 0, failures: [] };

async function runSteps(queue) {
  for (let step = queue.shift(); step; step = queue.shift()) {
    if (step.needs && !existsSync(join(root, step.needs))) {
      totals.absent += 1;
      console.log(`absent  ${step.name}: there is no ${step.needs}`);
      continue;
    }
    const startedAt = performance.now();
    const { why, output } = await run(step);
    const duration = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    totals[why === null ? 'passed' : 'failed'] += 1;
    if (why !== null) totals.failures.push(`${step.name}: ${why}`);
    console.log(
      why === null
        ? `ok      ${step.name} (${duration})`
        : `FAILED  ${step.name} (${duration}): ${why}\n${excerpt(output)}`,
    );
  }
}

const queue = [...steps];
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, () => runSteps(queue)));
if (process.env.CHECK_RESULTS) writeFileSync(process.env.CHECK_RESULTS, JSON.stringify(totals));
process.exitCode = totals.failed > 0 ? 1 : 0;

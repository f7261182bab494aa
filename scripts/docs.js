// Writes the pictures in README.md: a run of jaco-doctor on a recording of a real node that had lost its quorum, and
// one of jacqos-doctor on the stand-in cloud of its demo.
//   node scripts/docs.js            write them
//   node scripts/docs.js --check    exit 1 if one differs from what the program prints
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = `${root}README.md`;
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

function stop(message) {
  console.error(`docs: ${message}`);
  process.exit(1);
}

/** The output of a bin at 80 columns without colour. An exit code other than `expected` stops the script. */
function printed(expected, bin, ...args) {
  const { stdout, status } = spawnSync(process.execPath, [`bin/${bin}.js`, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '80' },
  });
  if (status === expected) return stdout.trimEnd();
  return stop(`${bin} ${args.join(' ')} exited ${status}, where ${expected} was expected`);
}

/** A report with the version of this package: a recording names the version that made it. */
const withVersion = (report) => report.replace(/^(\S+) \d+\.\d+\.\d+/, `$1 ${version}`);

/** The report in the output of a demo, with the name and the times of another machine. */
function reportOf(demo) {
  const [, report] = /\n\n(jacqos-doctor [\s\S]*?)\n\n\d+ other faults: /.exec(demo) ?? [];
  if (report === undefined) return stop('no report is found in what the demo prints');
  return report
    .replace(` · ${hostname()} · `, ' · laptop · ')
    .replace(/ · [\d.]+ m?s · \S+Z$/, ' · 212 ms · 2026-06-01T12:00:00Z');
}

const pictures = {
  jaco: ['jaco-doctor', withVersion(printed(1, 'jaco-doctor', '--replay', 'test/recordings/quorum-lost.json'))],
  jacqos: [
    'jacqos cloud deploy --json 2>&1 | jacqos-doctor --from -',
    withVersion(reportOf(printed(0, 'jacqos-doctor', 'demo', 'deploy-refused'))),
  ],
};

const text = readFileSync(readme, 'utf8');
let wanted = text;
for (const [name, [command, output]] of Object.entries(pictures)) {
  const place = new RegExp(`<!-- picture ${name}: npm run docs -->[\\s\\S]*?<!-- /picture -->`);
  if (!place.test(wanted)) stop(`README.md has no place for the picture ${name}`);
  const picture = `<!-- picture ${name}: npm run docs -->\n\`\`\`text\n$ ${command}\n${output}\n\`\`\`\n<!-- /picture -->`;
  wanted = wanted.replace(place, () => picture);
}
if (process.argv.includes('--check')) {
  if (wanted === text) process.exit(0);
  stop('README.md shows another output than the program prints; run npm run docs and commit it');
}
writeFileSync(readme, wanted);

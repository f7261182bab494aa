// The pictures in README.md: a run of jaco-doctor on a recording of a real node that had lost its quorum, and one of
// jacqos-doctor on the stand-in cloud of its demo.
//   node scripts/docs.js            write them
//   node scripts/docs.js --check    exit 1 if one is not what the program prints
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = `${root}README.md`;

/** What a bin prints at 80 columns without colour; any other exit code than `expected` ends this. */
function printed(expected, bin, ...args) {
  const { stdout, status } = spawnSync(process.execPath, [`bin/${bin}.js`, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '80' },
  });
  if (status === expected) return stdout.trimEnd();
  console.error(`docs: ${bin} ${args.join(' ')} exited ${status}, where ${expected} was expected`);
  process.exit(1);
}

/** The report in what a demo prints, with the name and the speed of another machine. */
function reportOf(demo) {
  const [, report = ''] = /\n\n(jacqos-doctor [\s\S]*?)\n\nother faults:/.exec(demo) ?? [];
  return report.replace(` · ${hostname()} · `, ' · laptop · ').replace(/ · \d+ ms$/, ' · 212 ms');
}

const pictures = {
  jaco: ['jaco-doctor', printed(1, 'jaco-doctor', '--replay', 'test/recordings/quorum-lost.json')],
  jacqos: [
    'jacqos cloud deploy --json 2>&1 | jacqos-doctor --from -',
    reportOf(printed(0, 'jacqos-doctor', 'demo', 'deploy-refused')),
  ],
};

const text = readFileSync(readme, 'utf8');
let wanted = text;
for (const [name, [command, output]] of Object.entries(pictures)) {
  const place = new RegExp(`<!-- picture ${name}: npm run docs -->[\\s\\S]*?<!-- /picture -->`);
  if (!place.test(wanted)) {
    console.error(`README.md has no place for the picture ${name}`);
    process.exit(1);
  }
  const picture = `<!-- picture ${name}: npm run docs -->\n\`\`\`text\n$ ${command}\n${output}\n\`\`\`\n<!-- /picture -->`;
  wanted = wanted.replace(place, () => picture);
}
if (process.argv.includes('--check')) {
  if (wanted === text) process.exit(0);
  console.error('README.md shows another output than the program prints; run npm run docs and commit it');
  process.exit(1);
}
writeFileSync(readme, wanted);

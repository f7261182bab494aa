// The picture in README.md: a run of the program on a recording of a real node that had lost its quorum.
//   node scripts/docs.js            write it
//   node scripts/docs.js --check    exit 1 if it is not what the program prints
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = `${root}README.md`;
const RECORDING = 'test/recordings/quorum-lost.json';

const { stdout, status } = spawnSync(process.execPath, ['bin/jaco-doctor.js', '--replay', RECORDING], {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, NO_COLOR: '1', COLUMNS: '80' },
});
if (status !== 1) {
  console.error(`docs: the replay of ${RECORDING} exited ${status}, where a failed check is 1`);
  process.exit(1);
}
const text = readFileSync(readme, 'utf8');
const picture = `<!-- picture: npm run docs -->\n\`\`\`text\n$ jaco-doctor\n${stdout.trimEnd()}\n\`\`\`\n<!-- /picture -->`;
const wanted = text.replace(/<!-- picture: npm run docs -->[\s\S]*<!-- \/picture -->/, () => picture);
if (process.argv.includes('--check')) {
  if (wanted === text) process.exit(0);
  console.error('README.md shows another output than the program prints; run npm run docs and commit it');
  process.exit(1);
}
writeFileSync(readme, wanted);

// Generates the JSON Schema of the report from its one schema in src/report/report.ts.
//   node scripts/report-schema.js           write it
//   node scripts/report-schema.js --check   exit 1 if the committed one is stale; writes nothing
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toJsonSchemaDefs } from '@valibot/to-json-schema';
import { loadTypeScript } from './load-typescript.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const path = 'src/report/report.schema.json';

const { reportSchemas } = await loadTypeScript(join(root, 'src/report/report.ts'));
const document = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'doctor-report/1',
  title: 'Report of one run of the doctor',
  description: 'Fields are always present; null or empty where there is nothing to say.',
  $ref: '#/$defs/report',
  $defs: toJsonSchemaDefs(reportSchemas, { target: 'draft-2020-12' }),
};
const wanted = `${JSON.stringify(document, null, 2)}\n`;
const file = join(root, path);
const isStale = !existsSync(file) || readFileSync(file, 'utf8') !== wanted;
if (isStale && process.argv.includes('--check')) {
  console.error(`${path} is stale; run node scripts/report-schema.js and commit it`);
  process.exitCode = 1;
} else if (isStale) writeFileSync(file, wanted);

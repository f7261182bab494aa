import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  forbidden: { name: string }[];
  options: ICruiseOptions;
};

/** One planted import for every rule, and the imports beside it that the rules allow. */
const planted: Record<string, { from: string; text: string }> = {
  'no-circular': { from: 'src/cli/a.ts', text: "import './b.ts';" },
  'engine-knows-no-product': { from: 'src/engine/product.ts', text: "import '../report/good.ts';" },
  'engine-takes-ids-as-types': {
    from: 'src/engine/ids.ts',
    text: "import { x } from '../catalog/generated/ids.ts'; x;",
  },
  'engine-needs-no-package': { from: 'src/engine/package.ts', text: "import 'bundled';" },
  'checks-are-isolated': { from: 'checks/jaco/one.ts', text: "import './two.ts';" },
  'checks-see-facts-only': { from: 'checks/jaco/io.ts', text: "import '../../src/probes/io/good.ts';" },
  'checks-are-pure': { from: 'checks/jaco/impure.ts', text: "import 'node:fs';" },
  'probes-look-down': { from: 'src/probes/jaco/up.ts', text: "import '../../advice/good.ts';" },
  'host-and-docker-know-no-product': { from: 'src/probes/host/up.ts', text: "import '../jaco/daemon/good.ts';" },
  'products-are-separate': { from: 'src/cli/jacqos/other.ts', text: "import '../jaco/demo.ts';" },
  ...Object.fromEntries(
    [
      'release',
      'daemon',
      'control',
      'journal',
      'raft',
      'access',
      'runtime',
      'network',
      'isolation',
      'traffic',
      'ingress',
    ].map((subject) => [
      `subjects-in-order-${subject}`,
      { from: `src/probes/jaco/${subject}/up.ts`, text: "import '../situation.ts';" },
    ]),
  ),
  'timing-is-isolated': { from: 'src/probes/jaco/timing.ts', text: "import './daemon/good.ts';" },
  'transports-know-no-probe': { from: 'src/probes/io/up.ts', text: "import '../jaco/good.ts';" },
  'wire-is-isolated': { from: 'src/wire/up.ts', text: "import '../probes/jaco/good.ts';" },
  'catalog-is-isolated': { from: 'src/catalog/up.ts', text: "import '../report/good.ts';" },
  'outputs-do-not-look': { from: 'src/report/look.ts', text: "import '../probes/jaco/good.ts';" },
  'vault-is-isolated': { from: 'src/vault/up.ts', text: "import '../engine/good.ts';" },
  'outputs-take-the-engine-as-types': { from: 'src/record/run.ts', text: "import { x } from '../engine/good.ts'; x;" },
  'outputs-take-the-catalog-as-types': {
    from: 'src/advice/load.ts',
    text: "import { x } from '../catalog/entry-schema.ts'; x;",
  },
  'commands-are-on-top': { from: 'src/cli/up.ts', text: "import '../../commands/doctor/index.ts';" },
  'demo-is-for-the-demo': { from: 'src/cli/stand-in.ts', text: "import '../demo/good.ts';" },
  'program-needs-no-tooling': { from: 'src/cli/test.ts', text: "import '../../test/good.ts';" },
  'program-needs-listed-packages': { from: 'src/cli/unlisted.ts', text: "import 'unlisted';" },
  'not-to-nowhere': { from: 'src/cli/nowhere.ts', text: "import './missing.ts';" },
};

const good = 'export type X = 1;\nexport const x = 1;\n';
const sound: Record<string, string> = {
  'package.json': '{"type":"module","devDependencies":{"bundled":"1"}}',
  'tsconfig.json': '{"compilerOptions":{"module":"nodenext"}}',
  'node_modules/bundled/index.js': '',
  'node_modules/unlisted/index.js': '',
  'src/engine/good.ts':
    "import type { X } from '../catalog/generated/ids.ts';\nexport const x: X = 1;\nexport type { X };\n",
  'src/catalog/generated/ids.ts':
    "import type { X } from '../entry-schema.ts';\nexport type { X };\nexport const x = 1;\n",
  'src/catalog/entry-schema.ts': good,
  'src/wire/good.ts': "import '../engine/good.ts';\nimport 'bundled';\n",
  'src/probes/io/good.ts': "import 'node:net';\nimport '../../wire/good.ts';\n",
  'src/probes/host/good.ts': "import '../io/good.ts';",
  'src/probes/jaco/situation.ts': "import './raft/good.ts';",
  'src/probes/jaco/daemon/good.ts': "import '../../host/good.ts';",
  'src/probes/jaco/raft/good.ts': "import '../daemon/good.ts';\nimport '../timing.ts';",
  'src/probes/jaco/good.ts': "import '../io/good.ts';\nimport '../../engine/good.ts';\n",
  'src/advice/good.ts':
    "import type { X } from '../engine/good.ts';\nimport type { X as E } from '../catalog/entry-schema.ts';\n",
  'src/report/good.ts':
    "import type { X } from '../advice/good.ts';\nimport { x } from '../catalog/generated/ids.ts';\nx;\n",
  'src/vault/good.ts': good,
  'src/record/good.ts': "import '../vault/good.ts';\n",
  'src/demo/good.ts': "import '../wire/good.ts';\n",
  'src/cli/b.ts': "import './a.ts';",
  'src/cli/jaco/demo.ts': "import '../../demo/good.ts';",
  'checks/index.ts': "import './jaco.ts';",
  'checks/jaco.ts': "import './jaco/two.ts';",
  'checks/jaco/two/part.ts': '',
  'checks/jaco/two.ts':
    "import './two/part.ts';\nimport '../../src/probes/jaco/good.ts';\nimport '../../src/engine/good.ts';\n",
  'commands/doctor/index.ts': "import '../../checks/jaco.ts';\nimport '../../src/report/good.ts';\nimport 'bundled';\n",
  'test/good.ts': "import '../src/demo/good.ts';\nimport 'bundled';\n",
};

describe('the import rules', () => {
  let violations: { rule: string; from: string }[] = [];
  let modules = 0;
  const root = mkdtempSync(join(tmpdir(), 'architecture-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  beforeAll(async () => {
    const plants = Object.values(planted).map(({ from, text }) => [from, text] as const);
    for (const [path, text] of [...Object.entries(sound), ...plants]) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const { tsConfig: _, ...options } = config.options;
    const rules = { forbidden: config.forbidden } as IFlattenedRuleSet;
    const { output } = await cruise(['src', 'checks', 'commands', 'test'], {
      ...options,
      baseDir: root,
      validate: true,
      ruleSet: rules,
    });
    const { summary } = output as ICruiseResult;
    modules = summary.totalCruised;
    violations = summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
  });

  it('are all planted here', () => {
    expect(Object.keys(planted).sort()).toEqual(config.forbidden.map((rule) => rule.name).sort());
    expect(modules).toBeGreaterThanOrEqual(Object.keys(planted).length);
  });

  it.each(Object.entries(planted))('catch %s', (rule, { from }) => {
    expect(violations.filter((violation) => violation.from === from).map((violation) => violation.rule)).toContain(
      rule,
    );
  });

  it('leave alone what is allowed', () => {
    const innocent = violations.filter(({ from }) => from in sound && from !== 'src/cli/b.ts');
    expect(innocent).toEqual([]);
  });
});

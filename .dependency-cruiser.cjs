// What may import what: commands → checks → src/probes → src/probes/io. All may import src/engine and the generated
// catalogue. Every rule here is broken on purpose in test/tooling/architecture.test.ts.

/** Everything of ours that is not below one of these. */
const outside = (...allowed) => ({ path: '^(bin|src|checks|commands)/', pathNot: allowed });
const engine = '^src/engine/';
const generated = '^src/catalog/generated/';
const catalog = '^src/catalog/';
const jaco = '^src/probes/jaco/';
/** JACO's subjects in the order of imports: each may import those before it. */
const SUBJECTS = [
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
];
/** What every subject of JACO may import. */
const BELOW_SUBJECTS = [`${jaco}jaco-probe\\.ts$`, `${jaco}timing\\.ts$`];
const ours = '^(src|checks|commands)/';
const world = '^(node:)?(fs|net|tls|dns|http|https|http2|dgram|child_process|cluster|worker_threads|process)(/|$)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A circle of modules has no order in which it can be understood or loaded.',
      severity: 'error',
      from: { path: ours },
      to: { circular: true },
    },
    {
      name: 'engine-knows-no-product',
      comment: 'The engine imports itself and the type of the generated ids, nothing else of ours.',
      severity: 'error',
      from: { path: engine },
      to: outside(engine, generated),
    },
    {
      name: 'engine-takes-ids-as-types',
      comment: 'Severities and titles are given to the engine; it does not load a catalogue.',
      severity: 'error',
      from: { path: engine },
      to: { path: generated, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'engine-needs-no-package',
      comment: 'The engine is plain TypeScript over Node.',
      severity: 'error',
      from: { path: engine },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'checks-stand-alone',
      comment:
        "A check imports no other check, only parts in a folder of its own name and its product's factories; what two share is a derived fact.",
      severity: 'error',
      from: { path: '^checks/([^/]+)/([^/.]+)' },
      to: { path: '^checks/', pathNot: ['^checks/$1/$2/', '^checks/$1/factories/'] },
    },
    {
      name: 'checks-see-facts-only',
      comment:
        'A check reads facts of probes: it reaches no command, renderer, recording, advice, transport or stand-in.',
      severity: 'error',
      from: { path: '^checks/' },
      to: outside('^checks/', engine, generated, '^src/probes/(?!io/)'),
    },
    {
      name: 'checks-are-pure',
      comment: 'A check cannot touch the world: that is for a probe.',
      severity: 'error',
      from: { path: '^checks/' },
      to: { path: world },
    },
    {
      name: 'probes-look-down',
      comment: 'A probe reaches the engine, the wire, other probes and the transports.',
      severity: 'error',
      from: { path: '^src/probes/' },
      to: outside(engine, generated, '^src/probes/', '^src/wire/', '^src/vault/'),
    },
    {
      name: 'host-and-docker-know-no-product',
      comment: "What is read of a host or of Docker is the same for every product; JACO's own gate is in its wrappers.",
      severity: 'error',
      from: { path: '^src/probes/(host|docker)/' },
      to: { path: '^src/probes/(jaco|jacqos)/' },
    },
    {
      name: 'products-stand-apart',
      comment: 'JACO and JacqOS are two products: neither imports the other.',
      severity: 'error',
      from: { path: '^(checks|src/probes|src/cli|src/demo|commands)/(jaco|jacqos)[/.]' },
      to: { path: '^(checks|src/probes|src/cli|src/demo|commands)/(jaco|jacqos)[/.]', pathNot: '/$2[/.]' },
    },
    ...SUBJECTS.map((subject, index) => ({
      name: `subjects-in-order-${subject}`,
      comment: `${subject} imports itself, the subjects before it and what is below all of them.`,
      severity: 'error',
      from: { path: `${jaco}${subject}/` },
      to: { path: jaco, pathNot: [`${jaco}(${SUBJECTS.slice(0, index + 1).join('|')})/`, ...BELOW_SUBJECTS] },
    })),
    {
      name: 'timing-stands-alone',
      comment: "JACO's times are below all subjects, so that each can use them.",
      severity: 'error',
      from: { path: `${jaco}timing\\.ts$` },
      to: { path: ours },
    },
    {
      name: 'transports-know-no-probe',
      comment: 'A transport knows neither probes nor what is asked through it.',
      severity: 'error',
      from: { path: '^src/probes/io/' },
      to: { path: '^src/probes/(?!io/)' },
    },
    {
      name: 'wire-stands-alone',
      comment: 'The wire format is read with the engine alone.',
      severity: 'error',
      from: { path: '^src/wire/' },
      to: outside(engine, '^src/wire/'),
    },
    {
      name: 'catalog-stands-alone',
      comment: 'The catalogue is data.',
      severity: 'error',
      from: { path: catalog },
      to: outside(engine, catalog),
    },
    {
      name: 'outputs-do-not-look',
      comment: 'Advice, report and recording work on what was found: they reach no probe, check or command.',
      severity: 'error',
      from: { path: '^src/(advice|report|record)/' },
      to: outside(engine, catalog, '^src/vault/', '^src/(advice|report|record)/'),
    },
    {
      name: 'vault-stands-alone',
      comment: 'Whatever leaves the process goes through it, so it depends on nothing that could fail to load.',
      severity: 'error',
      from: { path: '^src/vault/' },
      to: outside('^src/vault/'),
    },
    {
      name: 'outputs-take-the-engine-as-types',
      comment:
        'Advice, report, recording and catalogue describe what the engine found; they do not run it. Words, durations and the verdict are pure.',
      severity: 'error',
      from: { path: '^src/(advice|report|record|catalog)/' },
      to: {
        path: engine,
        pathNot: '^src/engine/(text|format|verdict|json|wait-note|plain-lines)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'outputs-take-the-catalog-as-types',
      comment: 'Entries are given to advice and report; of the catalogue only the generated modules are loaded.',
      severity: 'error',
      from: { path: '^src/(advice|report|record)/' },
      to: { path: catalog, pathNot: generated, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'commands-are-on-top',
      comment: 'Commands are found by oclif; nothing imports one.',
      severity: 'error',
      from: { path: ours },
      to: { path: '^commands/' },
    },
    {
      name: 'demo-is-for-the-demo',
      comment: 'The stand-ins are loaded by the demo command and by tests, never in a run.',
      severity: 'error',
      from: { path: ours, pathNot: ['^src/demo/', '^src/cli/(jaco|jacqos)/demo\\.ts$'] },
      to: { path: '^src/demo/' },
    },
    {
      name: 'program-needs-no-tooling',
      comment: 'What is shipped imports no test, script or benchmark.',
      severity: 'error',
      from: { path: ours },
      to: { path: '^(test|scripts|bench)/' },
    },
    {
      name: 'program-needs-listed-packages',
      comment: 'The bundle takes a package from package.json, not one that is installed for another package.',
      severity: 'error',
      from: { path: ours },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'not-to-nowhere',
      comment: 'Every import leads to a file.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node'],
    },
  },
};

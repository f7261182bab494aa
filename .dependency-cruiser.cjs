// The import rules: commands → checks → src/probes → src/probes/io. All may import src/engine and the generated
// catalogue. test/tooling/architecture.test.ts breaks every rule here on purpose.

/** All our modules outside these folders. */
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
/** Modules that every subject of JACO may import. */
const BELOW_SUBJECTS = [`${jaco}jaco-probe\\.ts$`, `${jaco}timing\\.ts$`];
const ours = '^(src|checks|commands)/';
const world = '^(node:)?(fs|net|tls|dns|http|https|http2|dgram|child_process|cluster|worker_threads|process)(/|$)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Modules of a cycle cannot be understood or loaded one by one.',
      severity: 'error',
      from: { path: ours },
      to: { circular: true },
    },
    {
      name: 'engine-knows-no-product',
      comment: 'The engine imports only itself and the type of the generated ids.',
      severity: 'error',
      from: { path: engine },
      to: outside(engine, generated),
    },
    {
      name: 'engine-takes-ids-as-types',
      comment: 'Severities and titles are passed to the engine; it does not load a catalogue.',
      severity: 'error',
      from: { path: engine },
      to: { path: generated, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'engine-needs-no-package',
      comment: 'The engine is plain TypeScript on Node.',
      severity: 'error',
      from: { path: engine },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'checks-are-isolated',
      comment:
        "A check imports no other check, only parts in a folder of its name and its product's factories. What two checks share is a derived fact.",
      severity: 'error',
      from: { path: '^checks/([^/]+)/([^/.]+)' },
      to: { path: '^checks/', pathNot: ['^checks/$1/$2/', '^checks/$1/factories/'] },
    },
    {
      name: 'checks-see-facts-only',
      comment:
        'A check reads facts of probes. It does not import commands, renderers, recordings, advice, transports or stand-ins.',
      severity: 'error',
      from: { path: '^checks/' },
      to: outside('^checks/', engine, generated, '^src/probes/(?!io/)'),
    },
    {
      name: 'checks-are-pure',
      comment: 'Only a probe does I/O, never a check.',
      severity: 'error',
      from: { path: '^checks/' },
      to: { path: world },
    },
    {
      name: 'probes-look-down',
      comment: 'A probe imports the engine, the wire format, other probes and the transports.',
      severity: 'error',
      from: { path: '^src/probes/' },
      to: outside(engine, generated, '^src/probes/', '^src/wire/', '^src/vault/'),
    },
    {
      name: 'host-and-docker-know-no-product',
      comment:
        "Facts of a host or of Docker are the same for every product; JACO's own conditions are in its wrappers.",
      severity: 'error',
      from: { path: '^src/probes/(host|docker)/' },
      to: { path: '^src/probes/(jaco|jacqos)/' },
    },
    {
      name: 'products-are-separate',
      comment: 'JACO and JacqOS are two products: neither imports the other.',
      severity: 'error',
      from: { path: '^(checks|src/probes|src/cli|src/demo|commands)/(jaco|jacqos)[/.]' },
      to: { path: '^(checks|src/probes|src/cli|src/demo|commands)/(jaco|jacqos)[/.]', pathNot: '/$2[/.]' },
    },
    ...SUBJECTS.map((subject, index) => ({
      name: `subjects-in-order-${subject}`,
      comment: `${subject} imports itself, the subjects before it and the modules below all subjects.`,
      severity: 'error',
      from: { path: `${jaco}${subject}/` },
      to: { path: jaco, pathNot: [`${jaco}(${SUBJECTS.slice(0, index + 1).join('|')})/`, ...BELOW_SUBJECTS] },
    })),
    {
      name: 'timing-is-isolated',
      comment: "JACO's times are below all subjects, so that each can use them.",
      severity: 'error',
      from: { path: `${jaco}timing\\.ts$` },
      to: { path: ours },
    },
    {
      name: 'transports-know-no-probe',
      comment: 'A transport knows neither the probes nor the questions that it carries.',
      severity: 'error',
      from: { path: '^src/probes/io/' },
      to: { path: '^src/probes/(?!io/)' },
    },
    {
      name: 'wire-is-isolated',
      comment: 'The wire format imports only the engine.',
      severity: 'error',
      from: { path: '^src/wire/' },
      to: outside(engine, '^src/wire/'),
    },
    {
      name: 'catalog-is-isolated',
      comment: 'The catalogue is data.',
      severity: 'error',
      from: { path: catalog },
      to: outside(engine, catalog),
    },
    {
      name: 'outputs-do-not-look',
      comment: 'Advice, report and recording work on facts and findings. They import no probe, check or command.',
      severity: 'error',
      from: { path: '^src/(advice|report|record)/' },
      to: outside(engine, catalog, '^src/vault/', '^src/(advice|report|record)/'),
    },
    {
      name: 'vault-is-isolated',
      comment: 'All output of the process goes through the vault, so it depends on nothing that could fail to load.',
      severity: 'error',
      from: { path: '^src/vault/' },
      to: outside('^src/vault/'),
    },
    {
      name: 'outputs-take-the-engine-as-types',
      comment:
        'Advice, report, recording and catalogue describe the results of the engine; they do not run it. Words, durations and the verdict are pure.',
      severity: 'error',
      from: { path: '^src/(advice|report|record|catalog)/' },
      to: {
        path: engine,
        pathNot: '^src/engine/(text|format|verdict|json|(?:wait|unrecognised)-note|plain-lines)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'outputs-take-the-catalog-as-types',
      comment: 'Advice and report get entries as arguments; only the generated modules of the catalogue are loaded.',
      severity: 'error',
      from: { path: '^src/(advice|report|record)/' },
      to: { path: catalog, pathNot: generated, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'commands-are-on-top',
      comment: 'oclif finds the commands; no module imports one.',
      severity: 'error',
      from: { path: ours },
      to: { path: '^commands/' },
    },
    {
      name: 'demo-is-for-the-demo',
      comment: 'Only the demo command and tests load the stand-ins, never a run.',
      severity: 'error',
      from: { path: ours, pathNot: ['^src/demo/', '^src/cli/(jaco|jacqos)/demo\\.ts$'] },
      to: { path: '^src/demo/' },
    },
    {
      name: 'program-needs-no-tooling',
      comment: 'Published code imports no test, script or benchmark.',
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

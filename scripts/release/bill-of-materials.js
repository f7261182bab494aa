import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchNode, nodeVersions } from '../fetch-node.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The CycloneDX document, as JSON text, of what is in the single executable: the bundled packages as npm describes
 * them, Node, and the libraries in Node. `epoch` is the time of the release in seconds. It must run after
 * scripts/build.js.
 */
export function billOfMaterials(epoch) {
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  const { metadata, components, dependencies, ...document } = JSON.parse(execFileSync('npm', words, options));
  const bundled = bundledPackages();
  const packages = bundled.map((reference) => {
    const component = components.find((each) => each['bom-ref'] === reference);
    if (component === undefined) throw new Error(`${reference} is bundled, and npm sbom does not list it`);
    // npm marks a package of devDependencies, where everything is that is bundled, as one that is not shipped.
    return { ...component, scope: 'required', properties: [] };
  });
  const node = describeNode();
  const own = metadata.component['bom-ref'];
  const known = dependencies.filter(({ ref }) => bundled.includes(ref));
  const content = {
    ...document,
    metadata: {
      ...metadata,
      timestamp: new Date(epoch * 1000).toISOString(),
      component: { ...metadata.component, type: 'application', name: 'jaco-doctor' },
    },
    components: [...packages, node],
    dependencies: [
      { ref: own, dependsOn: [...bundled, node['bom-ref']] },
      ...known.map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => bundled.includes(each)) })),
    ],
  };
  return `${JSON.stringify({ ...content, serialNumber: serialNumber(content) }, null, 2)}\n`;
}

/** `name@version` of each package in dist/, sorted. */
function bundledPackages() {
  const packages = JSON.parse(readFileSync(join(root, 'dist/third-party-licenses.json'), 'utf8'));
  return packages.map(({ name, version }) => `${name}@${version}`).sort();
}

/** Node, with what it says of the libraries in itself. */
function describeNode() {
  const version = nodeVersions.singleFile;
  const said = execFileSync(fetchNode(version), ['-p', 'JSON.stringify(process.versions)'], { encoding: 'utf8' });
  const { node: _node, modules: _modules, napi: _napi, ...libraries } = JSON.parse(said);
  return {
    'bom-ref': `node@${version}`,
    type: 'platform',
    name: 'node',
    version,
    purl: `pkg:generic/node@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    scope: 'required',
    // Some libraries have no version in Node.
    components: Object.entries(libraries)
      .filter(([, each]) => each !== '')
      .map(([name, each]) => ({
        'bom-ref': `node@${version}/${name}@${each}`,
        type: 'library',
        name,
        version: each,
      })),
  };
}

/** npm takes a random number. This one follows from the content, so that two builds are equal. */
function serialNumber({ serialNumber: _random, ...content }) {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const variant = ((Number.parseInt(hash[16], 16) & 3) | 8).toString(16);
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, variant + hash.slice(17, 20)];
  return `urn:uuid:${[...parts, hash.slice(20, 32)].join('-')}`;
}

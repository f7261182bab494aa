import { clean } from '../../../engine/text.ts';
import { asList, asObject } from '../../io/read-json.ts';

/** A route in a jaco.yaml. */
export type DeclaredRoute = { readonly domain: string; readonly path: string; readonly service: string };

/** The routes of one stored jaco.yaml, or why it was not read. */
export type Declaration = {
  readonly deployment: string;
  readonly routes: readonly DeclaredRoute[];
  readonly problem: string | null;
};

/** A manifest of 200 routes has 20 kB. The parser reads about 1 MB in a second. */
const MAX_MANIFEST = 128 * 1024;
const MAX_ALL = 512 * 1024;
const MAX_ROUTES = 1_000;

/** Reads the routes of manifests, by deployment. The library is loaded only if there is a manifest. */
export async function readDeclarations(manifests: ReadonlyMap<string, string>): Promise<readonly Declaration[]> {
  if (manifests.size === 0) return [];
  const { parseDocument } = await import('yaml');
  let characters = 0;
  return [...manifests].map(([deployment, text]): Declaration => {
    characters += text.length;
    if (text.length > MAX_MANIFEST || characters > MAX_ALL)
      return { deployment, routes: [], problem: 'the stored manifests are too long to read all of them' };
    try {
      const document = parseDocument(text, { merge: true, logLevel: 'silent' });
      // The daemon ignores a second document (docs/jaco-daemon/manifests.md#overlay).
      const [error] = document.errors.filter(({ code }) => code !== 'MULTIPLE_DOCS');
      if (error !== undefined) throw error;
      return { deployment, routes: declaredRoutes(document.toJS()), problem: null };
    } catch (error) {
      // The library quotes the line, which may contain a secret.
      const code = clean(String((error as { code?: unknown }).code ?? 'error'), 60);
      return { deployment, routes: [], problem: `the stored jaco.yaml cannot be read: ${code}` };
    }
  });
}

/** The routes of a parsed jaco.yaml. Parts with another form are left out. */
export function declaredRoutes(manifest: unknown): readonly DeclaredRoute[] {
  return asList(asObject(manifest)['routes'])
    .slice(0, MAX_ROUTES)
    .flatMap((one) => {
      const { domain, path, service } = asObject(one);
      const name = scalar(domain, 253);
      return name === '' ? [] : [{ domain: name, path: scalar(path, 500), service: scalar(service, 253) }];
    });
}

/** A scalar that the daemon's decoder accepts as a text; empty for anything else. */
function scalar(value: unknown, max: number): string {
  return typeof value === 'string' || typeof value === 'number' ? clean(String(value), max) : '';
}

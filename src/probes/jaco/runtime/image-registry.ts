/** The stored credential that JACO uses for an image, by the names of {@link RegistryCredentials}. */
export type CredentialMatch =
  /** The longest stored prefix of the image's repository. */
  | { readonly kind: 'prefix'; readonly registry: string }
  /** The only credential of the registry's host, which covers all of it (issue #172 of JACO). */
  | { readonly kind: 'sole'; readonly registry: string; readonly host: string }
  /** Several credentials of that host are stored, but none is a prefix of the repository. */
  | { readonly kind: 'none-covers'; readonly registries: readonly string[]; readonly repository: string }
  | { readonly kind: 'none-stored'; readonly host: string };

/** The registry host of an image. */
export function registryOf(image: string): string {
  return repositoryOf(image).split('/')[0] as string;
}

/** Finds the credential of an image as JACO does (docs/jaco-daemon/runtime.md#images). */
export function matchCredential(image: string, registries: readonly string[]): CredentialMatch {
  const repository = repositoryOf(image);
  const host = registryOf(image);
  const parts = repository.split('/');
  const prefixes = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  const prefix = prefixes.find((one) => registries.includes(one));
  if (prefix !== undefined) return { kind: 'prefix', registry: prefix };
  const ofHost = registries.filter((one) => one === host || one.startsWith(`${host}/`));
  const [sole] = ofHost;
  if (sole === undefined) return { kind: 'none-stored', host };
  return ofHost.length === 1
    ? { kind: 'sole', registry: sole, host }
    : { kind: 'none-covers', registries: ofHost, repository };
}

/**
 * The name of an image for the lookup of credentials: `host[:port]/path`, with Docker Hub's host
 * (docs/jaco-daemon/runtime.md#images).
 */
export function repositoryOf(image: string): string {
  const bare = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const [first = '', ...rest] = bare.split('/');
  const host = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first.toLowerCase() : null;
  if (host !== null) return `${host === 'index.docker.io' ? 'docker.io' : host}/${rest.join('/')}`;
  return rest.length === 0 ? `docker.io/library/${bare}` : `docker.io/${bare}`;
}

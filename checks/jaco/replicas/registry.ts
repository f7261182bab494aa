/** An image's name as credentials are looked up for: `host[:port]/path`, Docker Hub's spelled out (contract 8.7). */
function repository(image: string): string {
  const bare = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const [first = '', ...rest] = bare.split('/');
  const host = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first.toLowerCase() : null;
  if (host !== null) return `${host === 'index.docker.io' ? 'docker.io' : host}/${rest.join('/')}`;
  return rest.length === 0 ? `docker.io/library/${bare}` : `docker.io/${bare}`;
}

/** The registry an image comes from. */
export function registryOf(image: string): string {
  return repository(image).split('/')[0] as string;
}

/** Which of the stored credentials JACO takes for an image, or why none, in a sentence. */
export function credentialFor(image: string, registries: readonly string[]): string {
  const wanted = repository(image);
  const host = registryOf(image);
  const parts = wanted.split('/');
  const prefixes = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  const match = prefixes.find((prefix) => registries.includes(prefix));
  if (match !== undefined) return `the credential stored for ${match} was used, and refused`;
  const ofHost = registries.filter((one) => one === host || one.startsWith(`${host}/`));
  const [sole] = ofHost;
  if (sole === undefined) return `no credential is stored for ${host}, so it was asked without one`;
  // One alone covers its whole host; several cover only what they name (issue #172 of JACO).
  if (ofHost.length === 1) return `the credential stored for ${sole}, the only one of ${host}, was used, and refused`;
  return `credentials are stored for ${ofHost.join(', ')}, and none covers ${wanted}, so it was asked without one`;
}

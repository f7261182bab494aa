import { isIPv4 } from 'node:net';
import type { JacodConfig } from '../daemon/jacod-config.ts';
import type { Upstreams } from '../network/upstreams.ts';

/** An external host that this node's configuration names, and its purpose. The host may be a name. */
export type OutsideTarget = {
  readonly host: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly name: string;
};

const MAX_NAME_SERVERS = 3;
const MAX_REGISTRIES = 3;
const REGISTRY_PORT = 443;

/**
 * External hosts that containers should reach like this host: its name servers, the registries of its images, the
 * certificate authority. The doctor itself chooses no address.
 */
export function outsideTargets({
  upstreams,
  images,
  config,
}: {
  readonly upstreams: Upstreams | null;
  /** Images of replicas and of containers. */
  readonly images: readonly string[];
  readonly config: JacodConfig | null;
}): readonly OutsideTarget[] {
  const servers = (upstreams?.list ?? []).flatMap(({ place, loop }) =>
    place === null || loop || !isIPv4(place.host) || isLoopback(place.host)
      ? []
      : [{ ...place, protocol: 'udp' as const, name: `name server ${place.host}` }],
  );
  const registries = [...new Set(images.flatMap((image) => namedRegistry(image) ?? []))].map((text) => {
    const { host, port } = hostAndPort(text, REGISTRY_PORT);
    return { host, port, protocol: 'tcp' as const, name: `registry ${text}` };
  });
  const authority = config?.settings?.acmeEnabled ? urlHost(config.settings.acmeCa) : null;
  return [
    ...servers.slice(0, MAX_NAME_SERVERS),
    ...registries.filter(({ host }) => !isLoopback(host)).slice(0, MAX_REGISTRIES),
    ...(authority === null
      ? []
      : [{ ...authority, protocol: 'tcp' as const, name: `certificate authority ${authority.host}` }]),
  ];
}

/** A host of --outside, `host:port`. */
export function givenTarget(text: string): OutsideTarget {
  return { ...hostAndPort(text, REGISTRY_PORT), protocol: 'tcp', name: text };
}

/**
 * The registry at the beginning of an image's name; null if there is none. A registry has a dot, a port or is
 * localhost.
 */
function namedRegistry(image: string): string | null {
  const [first = '', rest] = image.split('/', 2);
  return rest !== undefined && /[.:]|^localhost$/.test(first) ? first : null;
}

function hostAndPort(text: string, usual: number): { readonly host: string; readonly port: number } {
  const [, host = text, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(text) ?? [];
  return { host, port: port === undefined ? usual : Number(port) };
}

function urlHost(url: string): { readonly host: string; readonly port: number } | null {
  try {
    const { hostname, port } = new URL(url);
    return { host: hostname, port: port === '' ? REGISTRY_PORT : Number(port) };
  } catch {
    return null;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127\./.test(host);
}

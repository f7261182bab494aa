import type { JacoSettings } from '../jaco-probe.ts';

/** The ports of a node's proxy: always 80 and 443 (docs/jaco-daemon/ingress.md#routing), except in the stand-in of `demo`. */
export function proxyPorts(
  { standIn }: JacoSettings,
  hostname: string,
): { readonly http: number; readonly https: number } {
  return standIn?.proxies[hostname] ?? { http: 80, https: 443 };
}

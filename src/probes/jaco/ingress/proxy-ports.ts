import type { JacoSettings } from '../jaco-probe.ts';

/** Ports of a node's proxy. `admin` is open on the loopback address only. */
export type ProxyPorts = { readonly admin: number; readonly http: number; readonly https: number };

/**
 * The ports of a node's proxy. They are fixed (docs/jaco-daemon/ingress.md#routing), except in the stand-in of `demo`.
 */
export function proxyPorts({ standIn }: JacoSettings, hostname: string): ProxyPorts {
  return standIn?.proxies[hostname] ?? { admin: 2019, http: 80, https: 443 };
}

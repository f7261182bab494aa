import { value } from '../../../engine/outcome.ts';
import { probe } from '../jaco-probe.ts';
import { type ProxyPorts, proxyPorts } from './proxy-ports.ts';

/** The ports of the proxy of this node. */
export const ownProxyPorts = probe({
  name: 'jaco.proxy-ports',
  deadlineMs: 500,
  async collect({ settings }) {
    return value<ProxyPorts>(proxyPorts(settings, settings.standIn?.hostname ?? ''));
  },
});

import type { Finding } from '../../../src/engine/finding.ts';
import type { Ruleset } from '../../../src/probes/host/ruleset.ts';

/** Docker's own table where its firewall-backend is nftables, from Docker 29 on (docs.docker.com, "Docker with nftables"). */
const TABLE = 'docker-bridges';

/**
 * Docker drops what comes from other nodes in a table of its own then, which no accept of iptables outweighs; the chain
 * DOCKER-USER may still stand there from before. Null where Docker writes through iptables, or where that was not seen.
 */
export function dockerNftables(ruleset: Ruleset | null): Finding<'overlay_exemption_missing', never> | null {
  if (ruleset?.tables.some(({ family, name }) => family === 'ip' && name === TABLE) !== true) return null;
  const evidence = [
    `Docker keeps its rules in table ip ${TABLE} (firewall-backend nftables), and what JACO accepts in chains of iptables is dropped there all the same`,
  ];
  return { id: 'overlay_exemption_missing', subject: null, evidence, cause: 'docker-nftables' };
}

import type { Cause } from '../../../src/engine/finding.ts';
import type { DockerUnit } from '../../../src/probes/docker/unit.ts';
import type { Iptables } from '../../../src/probes/host/iptables.ts';
import type { Exemption } from '../../../src/probes/jaco/isolation/exemptions.ts';

type ExemptionCause = {
  readonly name: Cause<'overlay_exemption_missing'>;
  readonly evidence: readonly string[];
};

/**
 * Why exemptions are missing, which decides how they are restored. `uid` is the daemon's, `error` its last error about
 * them.
 */
export function exemptionCause(
  faults: readonly Exemption[],
  { variant, lock, tables }: Iptables,
  docker: DockerUnit | null,
  uid: number | null,
  compares: boolean,
  error: string | null,
): ExemptionCause {
  const logged = error === null ? [] : [`the last such error in the audit log, of any node: ${error}`];
  if (variant === 'legacy' && uid !== null && uid !== 0 && !(lock !== null && opensFor(lock, uid)))
    return {
      name: lock === null ? 'xtables-lock-absent' : 'xtables-lock',
      evidence: [
        lock === null
          ? 'iptables is the legacy variant; its lock /run/xtables.lock does not exist, and the daemon may not create it'
          : `iptables is the legacy variant, and its lock /run/xtables.lock (mode ${lock.mode.toString(8).padStart(4, '0')}) cannot be opened by the daemon`,
        ...logged,
      ],
    };
  if (faults.some(({ state }) => state === 'no-chain' || state === 'unreached'))
    return {
      name: docker?.service.load === 'not-found' ? 'docker-elsewhere' : 'docker-user-missing',
      evidence: translatesSource(tables)
        ? []
        : ["Docker's address translation is missing too: containers cannot reach external hosts"],
    };
  if (!compares) return { name: 'not-managed', evidence: ['the daemon does not manage its rules now'] };
  return error === null
    ? { name: 'heals', evidence: ['the daemon fixes this within 30 s: check again after that'] }
    : { name: 'unknown', evidence: logged };
}

function translatesSource(tables: Iptables['tables']): boolean {
  return tables.some(
    ({ name, chains }) =>
      name === 'nat' &&
      chains.some(({ rules }) => rules.some(({ rewrite }) => ['masquerade', 'snat'].includes(rewrite?.kind ?? ''))),
  );
}

/** iptables opens its lock for reading. */
function opensFor({ uid, mode }: { readonly uid: number; readonly mode: number }, user: number): boolean {
  return (mode & (uid === user ? 0o400 : 0o004)) !== 0;
}

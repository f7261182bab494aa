import type { Cluster } from './cluster.ts';

/** A fault of a cluster, and the id that the doctor is expected to report first. */
export type Fault = {
  readonly name: string;
  /** What is wrong, in a few words. */
  readonly title: string;
  readonly group: 'none' | 'daemon' | 'raft' | 'access' | 'engine' | 'releases' | 'runtime' | 'ingress';
  /** The node that the doctor runs on, counted from 1. */
  readonly on: number;
  /** Real nodes that the cluster starts with. */
  readonly nodes: number;
  arrange(cluster: Cluster): void | Promise<void>;
  /** The first failing id; null if no check fails. */
  readonly expects: string | null;
  /** The first warning if no check fails; else null. */
  readonly warns: string | null;
};

/** A fault as its file declares it: an omitted field has its default. */
export type FaultDefinition = Pick<Fault, 'title' | 'arrange'> &
  Partial<Pick<Fault, 'on' | 'nodes' | 'expects' | 'warns'>>;

/** The faults of one group. By default there are three nodes, and the doctor runs on demo-1. */
export function faultGroup(group: Fault['group'], faults: Readonly<Record<string, FaultDefinition>>): Fault[] {
  const defaults = { group, on: 1, nodes: 3, expects: null, warns: null };
  return Object.entries(faults).map(([name, definition]) => ({ ...defaults, name, ...definition }));
}

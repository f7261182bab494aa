import type { Cluster } from './cluster.ts';

/** Something that can be wrong with a cluster, and what the doctor should say of it first. */
export type Fault = {
  readonly name: string;
  /** What is wrong, in a few words. */
  readonly title: string;
  readonly group: 'none' | 'daemon' | 'raft' | 'access' | 'engine' | 'runtime';
  /** The node that the doctor runs on, counted from 1. */
  readonly on: number;
  /** Real nodes that the cluster starts with. */
  readonly nodes: number;
  arrange(cluster: Cluster): void | Promise<void>;
  /** The first failing id, null where nothing fails. */
  readonly expects: string | null;
  /** The first warning where nothing fails, or null. */
  readonly warns: string | null;
};

/** A fault as its file declares it: an omitted field has its default. */
export type FaultDefinition = Pick<Fault, 'title' | 'arrange'> &
  Partial<Pick<Fault, 'on' | 'nodes' | 'expects' | 'warns'>>;

/** Faults of one group, with three nodes and the doctor on demo-1 unless they say otherwise. */
export function faultGroup(group: Fault['group'], faults: Readonly<Record<string, FaultDefinition>>): Fault[] {
  const defaults = { group, on: 1, nodes: 3, expects: null, warns: null };
  return Object.entries(faults).map(([name, definition]) => ({ ...defaults, name, ...definition }));
}

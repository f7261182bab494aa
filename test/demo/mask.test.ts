import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/engine/json.ts';
import { capture, captures } from './captures.ts';
import { mask } from './mask.ts';

describe('the mask', () => {
  const names = captures();

  /** Fields whose value may differ, as long as it is not empty on one side only. */
  const volatile = new Set([
    ...['seconds', 'nanos', 'raft_index', 'cpu_pressure', 'memory_pressure', 'wireguard_pubkey', 'cluster_id', 'ms'],
    ...['address', 'grpc_address', 'leader'],
  ]);

  it('lets every other change through', () => {
    let tried = 0;
    for (const name of names) {
      const real = capture(name);
      const before = JSON.stringify(mask(real));
      for (const path of leaves(real)) {
        if (volatile.has(path.at(-1) ?? '')) continue;
        for (const changed of otherThan(at(real, path))) {
          const after = JSON.stringify(mask(put(real, path, changed)));
          expect(after, `${name} ${path.join('.')} = ${JSON.stringify(changed)}`).not.toBe(before);
          tried++;
        }
      }
    }
    expect(tried).toBeGreaterThan(1_000);
  });

  it('lets a volatile value that becomes empty, or stops being so, through', () => {
    const empty: Record<string, Json> = {
      ...{ raft_index: '0', cpu_pressure: 0, memory_pressure: 0, wireguard_pubkey: '', leader: '' },
      ...{ address: '', grpc_address: '' },
    };
    for (const name of names) {
      const real = capture(name);
      for (const path of leaves(real)) {
        const key = path.at(-1) ?? '';
        const nothing = empty[key];
        if (nothing === undefined || !path.includes('response')) continue;
        const was = at(real, path);
        const changed = was !== nothing ? nothing : typeof nothing === 'number' ? 0.5 : '10.9.9.9:7';
        expect(mask(put(real, path, changed)), `${name} ${path.join('.')}`).not.toEqual(mask(real));
      }
    }
  });

  it('keeps the owner of the leader’s address', () => {
    const real = capture('status-leader-3');
    const moved = put(real, ['response', 'leader'], '10.81.3.2:7001');
    expect(mask(moved)).not.toEqual(mask(real));
    expect(mask(put(real, ['response', 'leader'], '10.81.3.1:7000'))).not.toEqual(mask(real));
  });

  it('takes the values that differ from run to run out', () => {
    const real = capture('status-leader-3');
    let other: Json = real;
    for (const path of leaves(real)) {
      const key = path.at(-1) ?? '';
      if (['seconds', 'nanos', 'raft_index', 'cpu_pressure', 'wireguard_pubkey', 'ms'].includes(key)) {
        other = put(other, path, typeof at(real, path) === 'number' ? 77 : '77');
      }
    }
    expect(mask(other)).toEqual(mask(real));
  });
});

type Path = readonly string[];

function leaves(tree: Json, path: Path = []): Path[] {
  if (tree === null || typeof tree !== 'object') return [path];
  const entries = Object.entries(tree);
  if (entries.length === 0) return [path];
  return entries.flatMap(([key, value]) => leaves(value as Json, [...path, key]));
}

function at(tree: Json, path: Path): Json {
  return path.reduce<Json>((here, key) => (here as Record<string, Json>)[key] ?? null, tree);
}

function put(tree: Json, path: Path, value: Json): Json {
  const copy = structuredClone(tree) as Json;
  const last = path.at(-1) ?? '';
  const parent = at(copy, path.slice(0, -1)) as Record<string, Json>;
  parent[last] = value;
  return copy;
}

/** Other values of the same kind, and of other kinds. */
function otherThan(value: Json): Json[] {
  if (typeof value === 'string') return [`${value}x`, 7];
  if (typeof value === 'number') return [value + 1, 'x'];
  if (typeof value === 'boolean') return [!value, null];
  return value === null ? ['x', 0] : [['x'], null];
}

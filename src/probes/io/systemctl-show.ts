/** The properties of one unit: the first value of a name, or all values of one that can repeat. */
export type UnitProperties = {
  readonly first: (name: string) => string;
  readonly all: (name: string) => readonly string[];
};

/** Parses the output of `systemctl show` for several units, a block each. */
export function parseSystemctlShow(text: string): readonly UnitProperties[] {
  return text.split(/\n\s*\n/).map(parseUnit);
}

function parseUnit(block: string): UnitProperties {
  const values = new Map<string, string[]>();
  for (const line of block.split('\n')) {
    const equals = line.indexOf('=');
    if (equals < 1) continue;
    const name = line.slice(0, equals);
    values.set(name, [...(values.get(name) ?? []), line.slice(equals + 1)]);
  }
  return { first: (name) => values.get(name)?.[0] ?? '', all: (name) => values.get(name) ?? [] };
}

/** Ms since the epoch of `Sat 2026-11-21 07:52:48 UTC`, the format with TZ=UTC, or of `@seconds`; null for never. */
export function parseUnitTime(text: string): number | null {
  const unix = /^@(\d+)/.exec(text)?.[1];
  if (unix !== undefined) return Number(unix) * 1000;
  const [, date, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) UTC$/.exec(text) ?? [];
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`);
  return Number.isFinite(ms) ? ms : null;
}

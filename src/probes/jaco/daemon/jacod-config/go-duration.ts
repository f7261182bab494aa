const UNITS: { readonly [unit: string]: bigint } = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const MAX = 2n ** 63n;

/** Nanoseconds of a Go duration such as `1h30m` or `-1.5s`; null if Go's time.ParseDuration rejects it. */
export function parseGoDuration(text: string): bigint | null {
  const negative = text.startsWith('-');
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === '0') return 0n;
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(body)) return null;
  let sum = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of body.matchAll(/(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g)) {
    const size = UNITS[unit] as bigint;
    sum += BigInt(whole || '0') * size;
    // Digits below a nanosecond are dropped, as in Go.
    if (fraction !== '') sum += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
    if (sum > MAX) return null;
  }
  if (sum === MAX && !negative) return null;
  return negative ? -sum : sum;
}

/** A duration in Go's format: `5m0s`, `1.5s`, `250ms`. */
export function goDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}µs`;
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 6)}ms`;
  const minutes = size / (UNITS['m'] as bigint);
  const seconds = `${decimal(size % (UNITS['m'] as bigint), 9)}s`;
  if (minutes === 0n) return `${sign}${seconds}`;
  const hours = minutes / 60n;
  return `${sign}${hours === 0n ? '' : `${hours}h`}${minutes % 60n}m${seconds}`;
}

/** Moves the decimal point by `digits` places, without trailing zeros. */
function decimal(size: bigint, digits: number): string {
  const scale = 10n ** BigInt(digits);
  const fraction = (size % scale).toString().padStart(digits, '0').replace(/0+$/, '');
  return fraction === '' ? `${size / scale}` : `${size / scale}.${fraction}`;
}

/** A time as evidence says it: UTC, to the second. */
export function moment(ms: number | null): string {
  return ms === null ? 'an unknown time' : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

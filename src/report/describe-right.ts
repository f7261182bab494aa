import type { Step } from '../catalog/entry-schema.ts';

/** The right that a step needs, in words; empty if it needs none. */
export function describeRight(needs: Step['needs']): string {
  if (needs === 'none') return '';
  if (needs === 'root') return 'as root';
  return needs === 'token' ? 'with a token' : `in group ${needs.slice('group-'.length)}`;
}

import { expect, test } from 'vitest';
import { firewallError } from '../../../../src/probes/jaco/journal/firewall-error.ts';

test.each([
  ['CreateTemp: open /tmp/jaco-nft-1.nft: read-only file system', 'temporary-file-read-only'],
  ['CreateTemp: open /tmp/jaco-nft-1.nft: permission denied', 'temporary-file'],
  ['write /tmp/jaco-nft-1.nft: no space left on device', 'temporary-file'],
  ['nft -f /tmp/jaco-nft-1.nft: exit status 1 (output: Error: Could not process rule: No such file)', 'load-refused'],
  ['nft -f /tmp/jaco-nft-1.nft: exit status 1 (output: Operation not permitted)', 'load-not-permitted'],
  ['nft list: nft -j list: exit status 1: Operation not permitted (you must be root)', 'not-permitted'],
  ['nft list: nft -j list: exit status 1: Error: JSON support not compiled-in', 'other'],
])('%s', (text, error) => {
  expect(firewallError(text)).toBe(error);
});

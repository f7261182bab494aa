import { describe, expect, test } from 'vitest';
import { hasNetAdmin } from '../../../../src/probes/jaco/daemon/daemon-capabilities.ts';

describe('whether nft, run by the daemon, may change the firewall', () => {
  const status = (uid: number, effective: string, ambient: string): string =>
    `Name:\tjacod\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nCapEff:\t${effective}\nCapAmb:\t${ambient}\n`;
  test.each([
    ['as the packaged unit grants it', status(997, '0000000000003400', '0000000000003400'), true],
    ['without ambient capabilities its children lose it', status(997, '0000000000003400', '0000000000000000'), false],
    ['a daemon of nothing', status(997, '0000000000000000', '0000000000000000'), false],
    ['root', status(0, '000001ffffffffff', '0000000000000000'), true],
    ['root in a container', status(0, '00000000a80425fb', '0000000000000000'), false],
    ['a kernel that says nothing', 'Name:\tjacod\n', null],
  ])('%s', (_, text, may) => {
    expect(hasNetAdmin(text)).toBe(may);
  });
});

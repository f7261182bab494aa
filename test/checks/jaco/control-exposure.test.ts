import { describe, expect, test } from 'vitest';
import controlExposure from '../../../checks/jaco/control-exposure.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { judge } from './scenes/access-scene.ts';
import { captured } from './scenes/raft-scene.ts';

describe('the control ports', () => {
  test('on a public address are a warning each, and raft is named for what it is', () => {
    const { exposure } = judge({
      listening: [
        { address: '203.0.113.9', port: 7000 },
        { address: '203.0.113.9', port: 7001 },
      ],
    });
    expect(brief(exposure)).toBe('warn control_port_exposed 203.0.113.9:7000 control_port_exposed 203.0.113.9:7001');
    expect(exposure?.findings.map(({ subject, values }) => [subject, values?.['port']])).toEqual([
      ['203.0.113.9:7000', '7000'],
      ['203.0.113.9:7001', '7001'],
    ]);
  });

  test('on all addresses are on the public one among them', () => {
    const { exposure } = judge({
      listening: [{ address: '0.0.0.0', port: 7000 }],
      addresses: ['127.0.0.1', '10.0.0.4', '198.51.100.7'],
    });
    expect(exposure?.findings.map(({ subject }) => subject)).toEqual(['198.51.100.7:7000']);
  });

  test('on all addresses of both families are on the public IPv6 one too, and 0.0.0.0 has no IPv6 address', () => {
    const addresses = ['10.0.0.4', '127.0.0.1', '2001:db8::7', '::1', 'fe80::1'];
    const both = judge({ listening: [{ address: '::', port: 7000 }], addresses });
    expect(both.exposure?.findings.map(({ subject }) => subject)).toEqual(['[2001:db8::7]:7000']);
    expect(brief(judge({ listening: [{ address: '0.0.0.0', port: 7000 }], addresses }).exposure)).toBe('pass');
  });

  test('of a node that is not initialized can be claimed', () => {
    const { exposure } = judge({
      status: captured('status-uninitialized'),
      listening: [{ address: '2001:db8::7', port: 7000 }],
    });
    expect(brief(exposure)).toBe('warn control_port_exposed [2001:db8::7]:7000');
    expect(unquoted(exposure, '[2001:db8::7]:7000')).toEqual([]);
  });

  test('that another program holds do not belong to the daemon', () => {
    expect(brief(judge({ listening: [{ address: '203.0.113.9', port: 7000, program: 'nginx' }] }).exposure)).toBe(
      'not-applicable',
    );
  });

  test('on shared, link-local or loopback addresses are not public', () => {
    const addresses = ['100.64.0.9', '169.254.1.1', '127.0.0.1', '172.31.0.1', 'fd00::1', 'fe80::1', '::1'];
    expect(brief(judge({ listening: addresses.map((address) => ({ address, port: 7000 })) }).exposure)).toBe('pass');
  });
});

idsAndTextsArePinned('jaco', controlExposure);

#!/usr/bin/env node
import { entry } from '../dist/entry.js';

await entry(
  { name: 'jaco-doctor', manifest: 'bin/jaco/', commands: '../../dist/commands/jaco' },
  process.argv.slice(2),
);

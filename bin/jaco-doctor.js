#!/usr/bin/env node
import { start } from './start.js';

await start({ name: 'jaco-doctor', manifest: 'bin/jaco/', commands: '../../dist/commands/jaco' });

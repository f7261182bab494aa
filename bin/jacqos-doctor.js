#!/usr/bin/env node
import { start } from './start.js';

await start({ name: 'jacqos-doctor', manifest: './', commands: './dist/commands/jacqos' });

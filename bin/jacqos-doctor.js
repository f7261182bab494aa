#!/usr/bin/env node
import { entry } from '../dist/entry.js';

await entry({ name: 'jacqos-doctor', manifest: './', commands: './dist/commands/jacqos' }, process.argv.slice(2));

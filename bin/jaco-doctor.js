#!/usr/bin/env node
import { entry } from '../dist/entry.js';

await entry('jaco-doctor', process.argv.slice(2));

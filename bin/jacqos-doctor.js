#!/usr/bin/env node
require('./refuse-old-node.js')('jacqos-doctor');
require('./start.js').start({ name: 'jacqos-doctor', manifest: './', commands: './dist/commands/jacqos' });

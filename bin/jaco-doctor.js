#!/usr/bin/env node
require('./refuse-old-node.js')('jaco-doctor');
require('./start.js').start({ name: 'jaco-doctor', manifest: 'bin/jaco/', commands: '../../dist/commands/jaco' });

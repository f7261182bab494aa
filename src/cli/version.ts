import pjson from '../../package.json' with { type: 'json' };

/** This program's name and version, as reports and recordings carry them. */
export const tool = { name: pjson.name, version: pjson.version } as const;

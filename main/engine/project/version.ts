import manifest from '../../../package.json' with { type: 'json' }

/** This Loam's version, as recorded in what it writes. */
export const loamVersion: string = manifest.version

/** Which folder of src/ may import which. Read by tools/check-layers.mjs and printed in ARCHITECTURE.md. */
export const layers = {
  base: [],
  model: ['base'],
  wire: ['base'],
  system: ['base', 'model'],
  link: ['base', 'model', 'wire', 'system'],
  dial: ['base', 'model', 'wire', 'system'],
  dns: ['base', 'model', 'system', 'dial'],
  techniques: ['model'],
  engine: ['base', 'model', 'wire', 'techniques'],
  firewall: ['base', 'model', 'techniques'],
  detect: ['base', 'model', 'wire', 'techniques'],
  plan: ['base', 'model', 'system', 'dns', 'techniques', 'firewall'],
  audit: ['base', 'model', 'plan'],
  changes: ['base', 'model', 'plan'],
  store: ['base', 'model', 'system', 'plan'],
  scan: [
    'base',
    'model',
    'wire',
    'system',
    'link',
    'dial',
    'dns',
    'techniques',
    'engine',
    'firewall',
    'detect',
    'plan',
    'audit',
  ],
  report: ['base', 'model', 'techniques'],
  cli: [
    'base',
    'model',
    'system',
    'dns',
    'techniques',
    'plan',
    'audit',
    'changes',
    'store',
    'scan',
    'report',
  ],
};

/** Folders without clock and socket: what they compute follows from what they are given, and can be replayed. */
export const pure = [
  'model',
  'dns/message',
  'dns/core',
  'techniques',
  'engine',
  'firewall',
  'detect',
  'changes',
];

/** Libraries that compute and do nothing else: all that those folders may import of others. */
export const pureLibraries = ['re2js', 'saxes', 'dns-packet'];

/** The library's doors: all that may stand beside the folders of src/. */
export const doors = ['index.ts', 'internal.ts'];

/** What they may import. */
export const door = [
  'base',
  'model',
  'system',
  'dns',
  'techniques',
  'plan',
  'audit',
  'changes',
  'store',
  'scan',
  'report',
];

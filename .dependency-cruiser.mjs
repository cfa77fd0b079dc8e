/**
 * The arrows between rooms (docs/architecture.md). Each room lists what it may import;
 * everything else inside src is refused, and so is reaching past another room's index.ts.
 */
const ARROWS = {
  errors: [],
  runtime: [],
  config: ['errors', 'runtime'],
  upstream: ['errors', 'runtime', 'config'],
  cache: ['errors', 'runtime', 'config'],
  access: ['errors', 'runtime', 'config'],
  usage: ['errors', 'runtime', 'config'],
  models: ['upstream', 'access', 'errors', 'runtime'],
  sources: ['models', 'upstream', 'cache', 'errors', 'runtime'],
  registry: ['sources', 'models', 'access', 'errors', 'runtime'],
  schema: ['sources', 'access', 'errors', 'runtime'],
  execution: ['schema', 'access', 'sources', 'errors', 'runtime'],
  resolvers: ['registry', 'schema', 'sources', 'models', 'upstream', 'cache', 'access', 'usage', 'errors', 'runtime'],
  server: ['schema', 'execution', 'access', 'sources', 'models', 'config', 'errors', 'runtime'],
  demo: ['config', 'errors', 'runtime'],
};

const ROOMS = Object.keys(ARROWS);

export default {
  forbidden: [
    ...ROOMS.map((room) => ({
      name: `${room}-imports`,
      comment: `${room} may import ${ARROWS[room].join(', ') || 'no other room'}`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${[room, ...ARROWS[room]].join('|')})/` },
    })),
    {
      name: 'rooms-by-their-index',
      comment: 'another room is imported through its index.ts',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: {
        path: '^src/([^/]+)/',
        pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/(sources|schema|resolvers)/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      // Type-only cycles vanish at run time.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependencies-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: '@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};

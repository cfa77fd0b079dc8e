import { buildSchema, type GraphQLSchema } from 'graphql';
import type { GraphMember } from '../../../src/schema/index.ts';
import type {
  CallContext,
  OperationDescription,
  Outcome,
  ServedOutcome,
  SourceConnection,
} from '../../../src/sources/index.ts';

/** A connection that answers by script, and keeps account of what was asked of it. */
export interface FakeConnection extends SourceConnection {
  readonly calls: { readonly operation: string; readonly arguments: Readonly<Record<string, unknown>> }[];
  closes: number;
}

export type Script = (
  operation: string,
  args: Readonly<Record<string, unknown>>,
  context: CallContext,
) => Outcome | Promise<Outcome>;

export function fresh(value: unknown): Outcome {
  return { kind: 'FRESH', value, ageMs: 0, durationMs: 1, attempts: [], cache: 'MISS' };
}

export function served(kind: ServedOutcome['kind'], value: unknown, ageMs = 0): Outcome {
  return { kind, value, ageMs, durationMs: 1, attempts: [], cache: kind === 'STALE' ? 'STALE' : 'MISS' };
}

export function fakeConnection(script: Script = () => fresh(null)): FakeConnection {
  const connection: FakeConnection = {
    calls: [],
    closes: 0,
    async call(operation, calls, context) {
      return Promise.all(
        calls.map(({ arguments: args }) => {
          if (connection.closes > 0) throw new Error('called after close');
          connection.calls.push({ operation, arguments: args });
          return script(operation, args, context);
        }),
      );
    },
    probe: async () => ({ ok: true, latencyMs: 1 }),
    reconfigure: () => undefined,
    health: () => ({ state: 'HEALTHY', since: 0, endpoints: [] }),
    events: { on: () => () => undefined },
    async close() {
      connection.closes++;
    },
  };
  return connection;
}

export interface FakeMemberOptions extends Partial<Omit<GraphMember, 'description' | 'connection'>> {
  readonly name: string;
  /** With its own `schema { }` block where the root types are not called Query and Mutation. */
  readonly sdl: string;
  readonly schema?: GraphQLSchema;
  /** Default: the name. */
  readonly namespace?: string;
  readonly connection?: SourceConnection;
}

/** A member whose every root field is an operation of the same name. */
export function fakeMember(options: FakeMemberOptions): GraphMember {
  const { name, sdl, namespace, schema = buildSchema(sdl), connection, ...rest } = options;
  const operations = new Map<string, OperationDescription>();
  for (const [kind, type] of [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const) {
    for (const field of Object.keys(type?.getFields() ?? {})) {
      const idempotent = kind === 'query';
      operations.set(field, { name: field, kind, field, idempotent, cacheable: idempotent });
    }
  }
  return {
    name,
    revision: 1,
    visibility: 'PUBLIC',
    deprecation: undefined,
    ...rest,
    description: { schema, namespace: namespace ?? name, operations, warnings: [] },
    connection: connection ?? fakeConnection(),
  };
}

export const PETSTORE_SDL = `
  schema { query: PetstoreQuery mutation: PetstoreMutation }
  """The pet shop."""
  type PetstoreQuery {
    """One pet."""
    pet(id: ID!): PetstorePet
    pets(limit: Int = 10): [PetstorePet]
    page(first: Int): PetstorePetPage
    thing: PetstoreThing
    old: String @deprecated(reason: "Use pet.")
  }
  type PetstoreMutation { addPet(input: PetstorePetInput!): PetstorePet  removePet(id: ID!): Boolean }
  type PetstorePet { id: ID  name: String  status: PetstoreStatus  friends: [PetstorePet]  toys: [PetstoreToy!] }
  type PetstoreToy { name: String!  price: Float }
  type PetstorePetPage { items: [PetstorePet]  total: Int }
  union PetstoreThing = PetstorePet | PetstoreToy
  enum PetstoreStatus { AVAILABLE SOLD }
  input PetstorePetInput { name: String!  status: PetstoreStatus = AVAILABLE }
`;

export const WEATHER_SDL = `
  schema { query: WeatherQuery }
  type WeatherQuery { today(city: String): WeatherDay  days: [WeatherDay] }
  type WeatherDay { high: Float  low: Float }
`;

export const ADMIN_SDL = `
  type Query { me: Caller!  sources: [Source!]! }
  type Mutation { retireSource(name: ID!): Source! }
  type Caller { id: ID!  role: Role }
  enum Role { ADMIN CONSUMER }
  type Source { name: ID! }
`;

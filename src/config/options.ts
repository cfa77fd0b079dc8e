import { isIP } from 'node:net';

/** How a text from a flag, the environment or a file becomes a value; throws a sentence saying what was expected. */
export interface OptionKind<T> {
  /** For help: `number of milliseconds`, `host name or address`. */
  readonly type: string;
  parse(raw: unknown): T;
}

/** One option, described once: the loader, `weir --help` and docs/configuration.md all read this. */
export interface Option<T> {
  readonly environment: string;
  /** Command-line flag without dashes; secrets have none. */
  readonly flag?: string;
  /** Shown when the value is asked for; secrets print as `[secret]`. */
  readonly secret?: boolean;
  readonly kind: OptionKind<T>;
  readonly default: T;
  readonly help: string;
}

const expected = (what: string, raw: unknown): never => {
  throw new TypeError(`expected ${what}, got ${JSON.stringify(raw)}`);
};

const wholeNumber = (type: string, min: number, max: number): OptionKind<number> => ({
  type,
  parse(raw) {
    const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    return expected(`a ${type} from ${min} to ${max}`, raw);
  },
});

const text = (type: string): OptionKind<string> => ({
  type,
  parse: (raw) => (typeof raw === 'string' && raw !== '' ? raw : expected(type, raw)),
});

const optionalText = (type: string): OptionKind<string | undefined> => ({
  type,
  parse: (raw) => (typeof raw === 'string' && raw !== '' ? raw : expected(type, raw)),
});

const redisUrl: OptionKind<string | undefined> = {
  type: 'redis:// URL',
  parse(raw) {
    const protocol = typeof raw === 'string' && URL.canParse(raw) ? new URL(raw).protocol : '';
    return typeof raw === 'string' && /^rediss?:$/.test(protocol) ? raw : expected('a redis:// URL', raw);
  },
};

const oneOf = <const T extends string>(...values: readonly T[]): OptionKind<T> => ({
  type: values.join(' | '),
  parse: (raw) => values.find((value) => value === raw) ?? expected(`one of ${values.join(', ')}`, raw),
});

const host: OptionKind<string> = {
  type: 'host name or address',
  parse(raw) {
    if (typeof raw === 'string' && (isIP(raw) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(raw))) return raw;
    return expected('a host name or an IP address', raw);
  },
};

const list: OptionKind<readonly string[]> = {
  type: 'list, separated by commas',
  parse(raw) {
    const items = typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : raw;
    if (Array.isArray(items) && items.every((item) => typeof item === 'string')) return items.filter((i) => i !== '');
    return expected('a list of texts', raw);
  },
};

const MB = 1024 * 1024;

const option = <T>(definition: Option<T>): Option<T> => definition;

/** Every option. Numbers come from the table of defaults in docs/architecture.md. */
export const OPTIONS = {
  environment: option({
    environment: 'NODE_ENV',
    kind: oneOf('development', 'production', 'test'),
    default: 'development',
    help: 'In production the encryption key must be given and sources reach public addresses only.',
  }),
  host: option({
    environment: 'HOST',
    flag: 'host',
    kind: host,
    default: '127.0.0.1',
    help: 'Address to listen on.',
  }),
  port: option({
    environment: 'PORT',
    flag: 'port',
    kind: wholeNumber('port number', 0, 65_535),
    default: 4000,
    help: 'Port to listen on; 0 takes a free one.',
  }),
  dataDir: option({
    environment: 'WEIR_DATA_DIR',
    flag: 'data-dir',
    kind: text('path of a folder'),
    default: './data',
    help: 'Folder of the registry, made with mode 0700.',
  }),
  adminKey: option({
    environment: 'WEIR_ADMIN_KEY',
    secret: true,
    kind: optionalText('key of at least 32 characters'),
    default: undefined,
    help: "The admin's key. When unset at the first start, one is made and printed once on stderr.",
  }),
  encryptionKey: option({
    environment: 'WEIR_ENCRYPTION_KEY',
    secret: true,
    kind: optionalText('32 bytes in base64 or hex'),
    default: undefined,
    help: 'Key that encrypts stored secrets. Made beside the data in development, required in production.',
  }),
  redisUrl: option({
    environment: 'WEIR_REDIS_URL',
    secret: true,
    kind: redisUrl,
    default: undefined,
    help: 'Second level of the call cache, shared by several gateways. Unset: memory only.',
  }),
  egressAllow: option({
    environment: 'WEIR_EGRESS_ALLOW',
    flag: 'egress-allow',
    kind: list,
    default: [],
    help: 'CIDRs and hosts that sources may reach besides public addresses. In development, loopback and private ranges are allowed as well. Link-local and cloud metadata addresses never are.',
  }),
  logLevel: option({
    environment: 'WEIR_LOG_LEVEL',
    flag: 'log-level',
    kind: oneOf('debug', 'info', 'warn', 'error', 'silent'),
    default: 'info',
    help: 'Least severe log lines to write. Lines are JSON, on stdout.',
  }),
  requestDeadlineMs: option({
    environment: 'WEIR_REQUEST_DEADLINE_MS',
    kind: wholeNumber('number of milliseconds', 10, 600_000),
    default: 10_000,
    help: 'Time for one whole request.',
  }),
  bodyLimitBytes: option({
    environment: 'WEIR_BODY_LIMIT_BYTES',
    kind: wholeNumber('number of bytes', 1024, 1024 * MB),
    default: 256 * 1024,
    help: 'Largest request body of a caller who is no admin.',
  }),
  adminBodyLimitBytes: option({
    environment: 'WEIR_ADMIN_BODY_LIMIT_BYTES',
    kind: wholeNumber('number of bytes', 1024, 1024 * MB),
    default: 10 * MB,
    help: "Largest request body of an admin's request.",
  }),
  modelDeadlineMs: option({
    environment: 'WEIR_MODEL_DEADLINE_MS',
    kind: wholeNumber('number of milliseconds', 10, 3_600_000),
    default: 60_000,
    help: 'Time for one whole request to /v1 or /prompts, and to /graphql once it asks a prompt.',
  }),
  modelBodyLimitBytes: option({
    environment: 'WEIR_MODEL_BODY_LIMIT_BYTES',
    kind: wholeNumber('number of bytes', 1024, 1024 * MB),
    default: 10 * MB,
    help: 'Largest request body of /v1, where messages may carry images and files. Only callers with a key get there.',
  }),
  streamPaceMs: option({
    environment: 'WEIR_STREAM_PACE_MS',
    kind: wholeNumber('number of milliseconds', 0, 1000),
    default: 16,
    help:
      'Pieces of a streamed answer that follow each other more quickly are read and handed on together. ' +
      'The default is one frame of most screens; 0 reads each as it comes, for more CPU.',
  }),
  upstreamCallLimit: option({
    environment: 'WEIR_UPSTREAM_CALL_LIMIT',
    kind: wholeNumber('number of calls', 1, 100_000),
    default: 100,
    help: 'Upstream calls one request may cause.',
  }),
  upstreamResponseLimitBytes: option({
    environment: 'WEIR_UPSTREAM_RESPONSE_LIMIT_BYTES',
    kind: wholeNumber('number of bytes', 1024, 1024 * MB),
    default: 8 * MB,
    help: 'Largest answer of an upstream, decompressed.',
  }),
  documentTokenLimit: option({
    environment: 'WEIR_DOCUMENT_TOKEN_LIMIT',
    kind: wholeNumber('number of tokens', 10, 1_000_000),
    default: 2000,
    help: 'Tokens a GraphQL document may have.',
  }),
  documentDepthLimit: option({
    environment: 'WEIR_DOCUMENT_DEPTH_LIMIT',
    kind: wholeNumber('number of levels', 1, 1000),
    default: 12,
    help: 'Levels of fields a GraphQL document may nest.',
  }),
  documentAliasLimit: option({
    environment: 'WEIR_DOCUMENT_ALIAS_LIMIT',
    kind: wholeNumber('number of aliases', 0, 100_000),
    default: 30,
    help: 'Aliases a GraphQL document may have.',
  }),
  documentRootFieldLimit: option({
    environment: 'WEIR_DOCUMENT_ROOT_FIELD_LIMIT',
    kind: wholeNumber('number of fields', 1, 100_000),
    default: 20,
    help: 'Root fields a GraphQL document may have.',
  }),
  documentDirectiveLimit: option({
    environment: 'WEIR_DOCUMENT_DIRECTIVE_LIMIT',
    kind: wholeNumber('number of directives', 0, 100_000),
    default: 50,
    help: 'Directives a GraphQL document may have.',
  }),
  documentCostLimit: option({
    environment: 'WEIR_DOCUMENT_COST_LIMIT',
    kind: wholeNumber('cost', 1, 100_000_000),
    default: 5000,
    help: 'Cost of a GraphQL operation with its variables: one per field, times the length of the lists it stands in.',
  }),
  subscriptionLimit: option({
    environment: 'WEIR_SUBSCRIPTION_LIMIT',
    kind: wholeNumber('number of subscriptions', 0, 10_000_000),
    default: 20_000,
    help: 'Subscriptions at a time, of all clients together.',
  }),
  webSocketLimit: option({
    environment: 'WEIR_WEBSOCKET_LIMIT',
    kind: wholeNumber('number of connections', 0, 10_000_000),
    default: 20_000,
    help: 'WebSockets at a time, and as many shared event streams.',
  }),
  webSocketOperationLimit: option({
    environment: 'WEIR_WEBSOCKET_OPERATION_LIMIT',
    kind: wholeNumber('number of operations', 1, 100_000),
    default: 100,
    help: 'Operations at a time over one WebSocket or shared event stream.',
  }),
  subscriptionQueueEvents: option({
    environment: 'WEIR_SUBSCRIPTION_QUEUE_EVENTS',
    kind: wholeNumber('number of events', 1, 1_000_000),
    default: 256,
    help: 'Events that may wait for one subscriber; who then reads none for a second is ended.',
  }),
  subscriptionQueueBytes: option({
    environment: 'WEIR_SUBSCRIPTION_QUEUE_BYTES',
    kind: wholeNumber('number of bytes', 1024, 1024 * MB),
    default: MB,
    help: 'Bytes of the events that may wait for one subscriber, as estimated; who then reads none for a second is ended.',
  }),
  heartbeatMs: option({
    environment: 'WEIR_HEARTBEAT_MS',
    kind: wholeNumber('number of milliseconds', 100, 600_000),
    default: 12_000,
    help: 'Time between signs of life on WebSockets and event streams; who gives none for several of these is cut off.',
  }),
  allowedOrigins: option({
    environment: 'WEIR_ALLOWED_ORIGINS',
    flag: 'allowed-origins',
    kind: list,
    default: [],
    help: "Origins, such as https://app.example.com, whose pages may open WebSockets and event streams besides the gateway's own; * for any.",
  }),
  cacheBytes: option({
    environment: 'WEIR_CACHE_BYTES',
    kind: wholeNumber('number of bytes', MB, 1024 * 1024 * MB),
    default: 64 * MB,
    help: 'Memory of the call cache.',
  }),
  shutdownGraceMs: option({
    environment: 'WEIR_SHUTDOWN_GRACE_MS',
    kind: wholeNumber('number of milliseconds', 0, 600_000),
    default: 10_000,
    help: 'Time that requests in flight get to finish when the process is told to end.',
  }),
};

export type OptionName = keyof typeof OPTIONS;

/** The configuration of a gateway: every option with its value. */
export type Config = { readonly [Name in OptionName]: (typeof OPTIONS)[Name] extends Option<infer T> ? T : never };

export { consistencyKeyFrom } from './consistency-tokens.ts';
export { createServer, type Server, type ServerOptions } from './server.ts';

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of our own for what the stand-in cannot say: each request is answered as the test says. */
export interface ChatServer {
  readonly url: string;
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers']; readonly body: string }[];
  /** Answers of streams that are still open. */
  readonly open: ServerResponse[];
  answer: (response: ServerResponse, body: string) => void;
  close(): Promise<void>;
}

export async function startChatServer(): Promise<ChatServer> {
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      server.requests.push({ path: request.url ?? '', headers: request.headers, body });
      server.answer(response, body);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: ChatServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests: [],
    open: [],
    answer: (response) => json(response, 500, {}),
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Begins a stream of server-sent events. */
export function events(response: ServerResponse, ...data: readonly unknown[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const one of data) response.write(`data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`);
}

/** One event of a streamed chat completion (OpenAI's format). */
export function chunk(delta: object, finishReason: string | null = null, more: object = {}): object {
  return {
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
    ...more,
  };
}

/** A chat completion (OpenAI's format). */
export function completion(message: object, more: object = {}, finishReason: string | null = 'stop'): object {
  return {
    id: 'c1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finishReason }],
    ...more,
  };
}

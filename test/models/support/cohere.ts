import { type ChatServer, events, startChatServer } from './chat-server.ts';

/** A stream of Cohere's chat API, version 2, up to its end: https://docs.cohere.com/v2/docs/streaming */
export const cohereBeginning = (...pieces: readonly string[]): readonly object[] => [
  { type: 'message-start', id: 'm1', delta: { message: { role: 'assistant', content: [] } } },
  { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
  ...pieces.map((text) => ({ type: 'content-delta', index: 0, delta: { message: { content: { text } } } })),
  { type: 'content-end', index: 0 },
];

export const COHERE_END: readonly object[] = [
  {
    type: 'message-end',
    delta: {
      finish_reason: 'COMPLETE',
      usage: { billed_units: { input_tokens: 5, output_tokens: 3 }, tokens: { input_tokens: 7, output_tokens: 3 } },
    },
  },
];

/** Answers with this stream after a while: the stand-in's streams of text are not Cohere's, they begin without a text. */
export async function startCohereServer(pieces: readonly string[], waitMs = 0): Promise<ChatServer> {
  const server = await startChatServer();
  server.answer = (response) => {
    const timer = setTimeout(() => {
      events(response, ...cohereBeginning(...pieces), ...COHERE_END);
      response.end();
    }, waitMs);
    response.on('close', () => clearTimeout(timer));
  };
  return server;
}

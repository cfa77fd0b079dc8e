import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMessagesRequest } from '../../../src/server/anthropic/read/messages-request.ts';
import { RequestRefused } from '../../../src/server/way-in/refused.ts';

const user = { role: 'user', content: 'Hi' };
const base = { model: 'p/m', max_tokens: 9, messages: [user] };
const read = (more: Record<string, unknown> = {}) => readMessagesRequest({ ...base, ...more });

/** The places that are refused. */
function refused(body: unknown): readonly string[] {
  try {
    readMessagesRequest(body);
  } catch (error: unknown) {
    if (error instanceof RequestRefused) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
}

const text = (said: string) => ({ type: 'text', text: said });
const use = (id: string, name: string) => ({ type: 'tool_use', id, name, input: { a: 1 } });
const result = (id: string, content: unknown) => ({ type: 'tool_result', tool_use_id: id, content });
const tool = (name: string) => ({ name, input_schema: { type: 'object' } });
const says = (...content: unknown[]) => ({ role: 'user', content });
const said = (...content: unknown[]) => ({ role: 'assistant', content });
const image = (source: unknown) => ({ type: 'image', source });
const document = (source: unknown, more = {}) => ({ type: 'document', source, ...more });
const png = { type: 'base64', media_type: 'image/png', data: 'AAEC' };
const ephemeral = { type: 'ephemeral' };

describe('messages', () => {
  test('every role and every kind of block, with its place', () => {
    const { request, conversation, places } = read({
      system: [text('Be brief.'), { ...text('And kind.'), cache_control: { ...ephemeral, ttl: '1h' } }],
      messages: [
        says(
          text('See'),
          image(png),
          image({ type: 'url', url: 'https://example.com/a.png' }),
          document(
            { type: 'base64', media_type: 'application/pdf', data: 'AAEC' },
            { title: 'a.pdf', citations: null },
          ),
          document({ type: 'url', url: 'https://example.com/a.pdf' }, { citations: { enabled: false } }),
          document({ type: 'text', media_type: 'text/plain', data: 'Call me Ishmael.' }),
        ),
        said(
          { type: 'thinking', thinking: 'Hm.', signature: 's' },
          { type: 'redacted_thinking', data: 'd' },
          { ...text('I look.'), citations: null },
          { ...use('t1', 'look'), caller: { type: 'direct' } },
          use('t2', 'look'),
        ),
        says(result('t1', 'seen'), { ...result('t2', [text('not '), text('seen')]), is_error: true }, text('And?')),
        said(use('t3', 'look')),
        says(result('t3', [text('so: '), image(png)])),
        { role: 'system', content: 'Be briefer.' },
        { role: 'assistant', content: 'So' },
      ],
    });
    const data = Buffer.from([0, 1, 2]);
    const expected = [
      {
        role: 'user',
        parts: [
          { kind: 'text', text: 'See' },
          { kind: 'file', mediaType: 'image/png', data },
          { kind: 'file', mediaType: 'image/*', data: new URL('https://example.com/a.png') },
          { kind: 'file', mediaType: 'application/pdf', data, title: 'a.pdf', name: 'a.pdf' },
          { kind: 'file', mediaType: 'application/pdf', data: new URL('https://example.com/a.pdf') },
          { kind: 'file', mediaType: 'text/plain', data: Buffer.from('Call me Ishmael.') },
        ],
      },
      {
        role: 'assistant',
        parts: [
          { kind: 'thinking', text: 'Hm.', signature: 's' },
          { kind: 'sealedThinking', data: 'd' },
          { kind: 'text', text: 'I look.' },
          { kind: 'toolCall', id: 't1', name: 'look', arguments: '{"a":1}' },
          { kind: 'toolCall', id: 't2', name: 'look', arguments: '{"a":1}' },
        ],
      },
      {
        role: 'tool',
        parts: [
          { kind: 'toolResult', id: 't1', name: 'look', text: 'seen' },
          { kind: 'toolResult', id: 't2', name: 'look', text: 'not seen', isError: true },
        ],
      },
      { role: 'user', parts: [{ kind: 'text', text: 'And?' }] },
      { role: 'assistant', parts: [{ kind: 'toolCall', id: 't3', name: 'look', arguments: '{"a":1}' }] },
      {
        role: 'tool',
        parts: [
          {
            kind: 'toolResult',
            id: 't3',
            name: 'look',
            text: 'so: ',
            content: [
              { kind: 'text', text: 'so: ' },
              { kind: 'file', mediaType: 'image/png', data },
            ],
          },
        ],
      },
      { role: 'system', parts: [{ kind: 'text', text: 'Be briefer.' }] },
      { role: 'assistant', parts: [{ kind: 'text', text: 'So' }] },
    ];
    const system = {
      role: 'system',
      parts: [
        { kind: 'text', text: 'Be brief.' },
        { kind: 'text', text: 'And kind.', cache: { ttl: '1h' } },
      ],
    };
    expect(request.messages).toEqual([system, ...expected]);
    expect(conversation.messages).toEqual(expected);
    expect(places).toEqual([0, 1, 2, 2, 3, 4, 5, 6].map((index) => `messages[${index}]`));
  });

  const first = 'messages[0].content[0]';
  test.each<[string, unknown, string[]]>([
    ['no messages', [], ['messages']],
    ['messages that are no list', 'hi', ['messages']],
    ['a message that is no object', ['hi'], ['messages[0]']],
    ['an unknown role', [{ role: 'tool', content: '' }], ['messages[0].role']],
    ['a name, which this format has not', [{ ...user, name: 'ann' }], ['messages[0].name']],
    ['no content', [{ role: 'user' }], ['messages[0].content']],
    ['content without a block', [says()], ['messages[0].content']],
    ['an unknown block', [says({ type: 'video' })], [`${first}.type`]],
    ['a block of the other role', [says(use('t', 'look'))], [`${first}.type`]],
    ['an image by a model', [said(image(png))], [`${first}.type`]],
    ['an image of another type', [says(image({ ...png, media_type: 'image/tiff' }))], [`${first}.source.media_type`]],
    ['base64 that is none', [says(image({ ...png, data: '%%' }))], [`${first}.source.data`]],
    ['a local file', [says(image({ type: 'url', url: 'file:///etc/passwd' }))], [`${first}.source.url`]],
    ['a file by its id', [says(image({ type: 'file', file_id: 'f' }))], [`${first}.source.type`]],
    ['a document in blocks', [says(document({ type: 'content', content: 'x' }))], [`${first}.source.type`]],
    [
      'citations',
      [says(document({ ...png, media_type: 'application/pdf' }, { citations: { enabled: true } }))],
      [`${first}.citations`],
    ],
    ['a result of no call', [user, says(result('x', ''))], ['messages[1].content[0].tool_use_id']],
    [
      'a result with a document',
      [said(use('t', 'look')), says(result('t', [text('x'), document(png)]))],
      ['messages[1].content[0].content[1].type'],
    ],
    [
      'a failure with an image',
      [said(use('t', 'look')), says({ ...result('t', [image(png)]), is_error: true })],
      ['messages[1].content[0].is_error'],
    ],
    [
      'a call of another’s',
      [said({ ...use('t', 'look'), caller: { type: 'code_execution' } })],
      [`${first}.caller.type`],
    ],
    ['arguments that are no object', [said({ ...use('t', 'look'), input: 'x' })], [`${first}.input`]],
    ['a thought without its seal', [said({ type: 'thinking', thinking: 'x' })], [`${first}.signature`]],
    [
      'a mark of another kind',
      [says({ ...text('x'), cache_control: { type: 'lasting', ttl: '2h' } })],
      [`${first}.cache_control.type`, `${first}.cache_control.ttl`],
    ],
    ['a system message with an image', [{ role: 'system', content: [image(png)] }], [`${first}.type`]],
  ])('%s: refused with the place', (_, messages, places) => {
    expect(refused({ ...base, messages })).toEqual(places);
  });
});

describe('parameters', () => {
  test('all that Weir hands on', () => {
    const more = {
      temperature: 0,
      top_p: 0.5,
      top_k: 3,
      stop_sequences: ['x'],
      metadata: { user_id: 'u' },
      tools: [
        tool('look'),
        {
          ...tool('more'),
          type: 'custom',
          description: 'd',
          strict: true,
          eager_input_streaming: true,
          cache_control: ephemeral,
        },
      ],
      tool_choice: { type: 'tool', name: 'look', disable_parallel_tool_use: true },
      output_config: { format: { type: 'json_schema', schema: { type: 'object' } }, effort: 'max' },
      thinking: { type: 'adaptive', display: 'summarized' },
      cache_control: ephemeral,
      stream: true,
    };
    const { request, stream, given } = read(more);
    expect(stream).toBe(true);
    expect(given).toEqual(Object.keys(more).filter((name) => name !== 'stream'));
    expect(request).toEqual({
      messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Hi' }] }],
      parameters: { temperature: 0, topP: 0.5, topK: 3, maxOutputTokens: 9, stop: ['x'] },
      user: 'u',
      parallelToolCalls: false,
      tools: [
        { name: 'look', parameters: { type: 'object' } },
        { name: 'more', description: 'd', strict: true, parameters: { type: 'object' }, cache: {} },
      ],
      toolChoice: { name: 'look' },
      output: { kind: 'json', schema: { type: 'object' } },
      anthropic: { thinking: { kind: 'adaptive', display: 'summarized' }, effort: 'max', cache: {} },
      thoughts: true,
    });
  });

  test('what says nothing is as if it were not there', () => {
    const none = { service_tier: 'auto', speed: 'standard', stream: false, tools: [], stop_sequences: [] };
    const { request, given } = read({ ...none, container: null, output_config: {}, metadata: { user_id: null } });
    expect(request).toEqual({
      messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Hi' }] }],
      parameters: { maxOutputTokens: 9 },
      thoughts: true,
    });
    expect(given).toEqual(['output_config', 'metadata']);
    const choice = { type: 'auto', disable_parallel_tool_use: false };
    expect(read({ tools: [tool('a')], tool_choice: choice }).request).not.toHaveProperty('parallelToolCalls');
  });

  const thinking = { type: 'enabled', budget_tokens: 1024 };
  test.each<[Record<string, unknown>, string[]]>([
    [{ model: '' }, ['model']],
    [{ max_tokens: undefined }, ['max_tokens']],
    [{ max_tokens: 0 }, ['max_tokens']],
    [{ temperature: 1.5, top_p: -1, top_k: 0.5 }, ['temperature', 'top_p', 'top_k']],
    [{ stop_sequences: 'x' }, ['stop_sequences']],
    [{ stop_sequences: ['a', 1] }, ['stop_sequences[1]']],
    [{ stream: 'yes' }, ['stream']],
    [{ system: [image(png)] }, ['system[0].type']],
    [{ system: 3 }, ['system']],
    [{ metadata: { user_id: 'u', team: 't' } }, ['metadata.team']],
    [{ service_tier: 'standard_only', speed: 'fast' }, ['service_tier', 'speed']],
    [{ mcp_servers: [{}], container: 'c', nonsense: 1 }, ['mcp_servers', 'container', 'nonsense']],
    [{ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, ['tools[0].type']],
    [{ tools: [{ name: 'a' }] }, ['tools[0].input_schema']],
    [{ tools: [{ ...tool('a'), input_examples: [{}] }] }, ['tools[0].input_examples']],
    [{ tools: [{ ...tool('a'), eager_input_streaming: false }] }, ['tools[0].eager_input_streaming']],
    [{ tool_choice: { type: 'any' } }, ['tool_choice']],
    [{ tools: [tool('a')], tool_choice: { type: 'tool', name: 'b' } }, ['tool_choice.name']],
    [{ tools: [tool('a')], tool_choice: 'any' }, ['tool_choice']],
    [{ output_config: 'json' }, ['output_config']],
    [
      { output_config: { format: { type: 'grammar' }, task: 1 } },
      ['output_config.task', 'output_config.format.type', 'output_config.format.schema'],
    ],
    [{ output_config: { effort: 'most' } }, ['output_config.effort']],
    [{ thinking }, ['thinking.budget_tokens']],
    [{ thinking: { type: 'enabled' }, max_tokens: 5000 }, ['thinking.budget_tokens']],
    [{ thinking: { ...thinking, display: 'omitted' }, max_tokens: 5000 }, ['thinking.display']],
    [{ thinking: { type: 'much' } }, ['thinking.type']],
    [{ thinking, max_tokens: 5000, tools: [tool('a')], tool_choice: { type: 'any' } }, ['tool_choice']],
    [
      {
        cache_control: ephemeral,
        tools: ['a', 'b', 'c', 'd'].map((name) => ({ ...tool(name), cache_control: ephemeral })),
      },
      ['cache_control'],
    ],
  ])('%j: every problem is named', (more, places) => {
    expect([...refused({ ...base, ...more })].sort()).toEqual([...places].sort());
  });

  test.each([[null], [[]], ['text'], [3]])('%j is no request', (body) => {
    expect(refused(body)).toEqual(['']);
  });
});

test('nothing that JSON can say makes it fail otherwise, and no answer is long', () => {
  const keys = [
    'model',
    'messages',
    'role',
    'content',
    'system',
    'tools',
    'type',
    'source',
    'input',
    'thinking',
    '__proto__',
  ];
  const words = [
    'user',
    'assistant',
    'system',
    'text',
    'image',
    'tool_use',
    'tool_result',
    'thinking',
    'enabled',
    'base64',
  ];
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'medium' },
      fc.jsonValue(),
      fc.constantFrom(...words),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...keys), tie('node'), { maxKeys: 6 }),
    ),
  })).node;
  fc.assert(
    fc.property(value, (body) => {
      try {
        readMessagesRequest(body);
      } catch (error: unknown) {
        expect(error).toBeInstanceOf(RequestRefused);
        expect((error as RequestRefused).problems.length).toBeLessThanOrEqual(20);
      }
    }),
  );
});

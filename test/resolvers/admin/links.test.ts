import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AddLinkDocument, LinksOfSourceDocument, RemoveLinkDocument } from '../../support/generated/admin-api.ts';
import { type Harness, startHarness } from './support/harness.ts';

let weir: Harness;
beforeEach(async () => {
  weir = await startHarness();
  for (const name of ['shop', 'zoo']) {
    const sdl = 'type Query { pet(id: ID): Pet } type Pet { id: ID name: String }';
    await weir.run(`mutation { registerSource(input: { name: "${name}", rest: { document: "${sdl}" } }) { name } }`);
    await weir.run(`mutation { publishSource(name: "${name}") { name } }`);
  }
});
afterEach(() => weir.close());

const input = (field: string) => ({
  source: 'shop',
  type: 'ShopPet',
  field,
  target: 'zoo',
  operation: 'pet',
  arguments: [{ name: 'id', field: 'id' }],
});
const linksOf = async (name: string) => (await weir.run(LinksOfSourceDocument, { name })).source?.links ?? [];

describe('links', () => {
  test('many at once, beside publications and removals: none is lost', async () => {
    const fields = Array.from({ length: 12 }, (_, index) => `link${index}`);
    const { addLink: first } = await weir.run(AddLinkDocument, { input: input('first') });
    await Promise.all([
      ...fields.map((field) => weir.run(AddLinkDocument, { input: input(field) })),
      weir.run('mutation { deprecateSource(name: "zoo", reason: "old") { name } }'),
      weir.run('mutation { updateSource(input: { name: "shop", visibility: PUBLIC }) { name } }'),
      weir.run(RemoveLinkDocument, { id: first.id }),
    ]);
    const links = await linksOf('shop');
    expect(links.map(({ field }) => field).toSorted()).toEqual(fields.toSorted());
    expect(links.every(({ state }) => state === 'ACTIVE')).toBe(true);
    for (const field of fields) expect(weir.graph.current.sdl).toContain(`${field}: ZooPet @deprecated(reason: "old")`);
    expect(weir.graph.current.sdl).not.toContain('first');
  });

  test('of two for one field at once one wins', async () => {
    const answers = await Promise.allSettled([1, 2].map(() => weir.run(AddLinkDocument, { input: input('twin') })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await linksOf('shop')).toHaveLength(1);
  });

  test('each change is one audit row and one graph version; a refusal is neither', async () => {
    const version = weir.graph.current.number;
    const { addLink } = await weir.run(AddLinkDocument, { input: input('twin') });
    expect(weir.graph.current.number).toBe(version + 1);
    const before = await weir.snapshot();
    const refused = await weir.refused(AddLinkDocument, { input: input('twin') });
    expect(refused).toMatchObject({ code: 'INVALID_DEFINITION', problems: [{ path: 'input.field' }] });
    expect(await weir.refused(RemoveLinkDocument, { id: 'lnk_none' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await weir.snapshot()).toEqual(before);
    await weir.run(RemoveLinkDocument, { id: addLink.id });
    expect(weir.graph.current.number).toBe(version + 2);
    const { nodes } = await weir.registry.auditLog(2, undefined);
    expect(nodes.map(({ action, target }) => [action, target])).toEqual([
      ['removeLink', `link:${addLink.id}`],
      ['addLink', `link:${addLink.id}`],
    ]);
  });

  test('a store that does not take it changes nothing in the graph', async () => {
    const before = weir.graph.current;
    await weir.registry.close();
    expect(await weir.refused(AddLinkDocument, { input: input('twin') })).toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
    expect(weir.graph.current).toBe(before);
  });
});

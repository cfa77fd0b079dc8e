import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { change, newLink, newSource, temporaryRegistry } from './fixtures.ts';

test('a registry from before there were links gets them, and its revisions have none', async () => {
  const temporary = temporaryRegistry();
  try {
    const made = await temporary.open();
    await made.addSource(newSource('petstore'), change('registerSource'));
    await made.close();
    const database = new DatabaseSync(join(temporary.dataDir, 'registry.db'));
    database.exec(`
      DROP TRIGGER budgets_go_with_their_source; DROP TRIGGER budgets_go_with_their_provider;
      DROP TABLE provider_secrets; DROP TABLE providers; DROP TABLE spending; DROP TABLE budgets;
      DROP TABLE links; ALTER TABLE revisions DROP COLUMN links_json;
      DELETE FROM migrations WHERE version > 1; PRAGMA user_version = 1`);
    database.close();

    const registry = await temporary.open();
    expect((await registry.revision('petstore', 1))?.links).toEqual([]);
    await registry.addLink(newLink('l1'), change('addLink'));
    expect((await registry.links()).map(({ id }) => id)).toEqual(['l1']);
    await registry.close();
  } finally {
    temporary.remove();
  }
});

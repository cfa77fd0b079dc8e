/** Names inside the data folder. */
export const DATABASE_FILE = 'registry.db';
export const KEY_FILE = 'encryption.key';

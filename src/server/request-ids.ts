import type { Random } from '../runtime/index.ts';

/** Bytes of one id, and the characters they are in base64url: no bits are left over. */
const ID_BYTES = 12;
const ID_LENGTH = 16;
const MADE_TOGETHER = 64;

/** Ids of requests, which nobody can guess. They are made together: each by itself costs several times as much. */
export function requestIds(random: Random): () => string {
  let ids = '';
  let used = 0;
  return () => {
    if (used === ids.length) {
      ids = random.bytes(ID_BYTES * MADE_TOGETHER).toString('base64url');
      used = 0;
    }
    used += ID_LENGTH;
    return ids.slice(used - ID_LENGTH, used);
  };
}

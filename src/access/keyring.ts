import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { InvalidDefinition, type Problem, WeirError } from '../errors/index.ts';
import { type Clock, Emitter, type Events, type Random } from '../runtime/index.ts';
import { type Actor, systemActor } from './actor.ts';
import { anonymous, type Caller, type Role } from './caller.ts';
import { environmentKey } from './environment-key.ts';
import { hashKey, keyIdOf, makeKey } from './key-format.ts';
import { isValidAt, type KeyRecord } from './key-record.ts';
import type { KeyStore } from './key-store.ts';
import { API_KEY_HEADER, KEY_HEADER, type PresentedKey, presentedKey, type RequestHeaders } from './presented-key.ts';

export interface KeyringOptions {
  readonly store: KeyStore;
  readonly clock: Clock;
  readonly random: Random;
  /** WEIR_ADMIN_KEY, if set. A bad one throws UnusableAdminKey. */
  readonly environmentAdminKey?: string | undefined;
  /** Key records held in memory. Default 10 000, about 4 MB. */
  readonly cachedKeys?: number;
}

export interface KeyRequest {
  readonly name: string;
  readonly role: Role;
  /** Never, when undefined. */
  readonly expiresAt: Date | undefined;
}

export interface IssuedKey {
  readonly record: KeyRecord;
  /** The whole key. This is the only time it is seen. */
  readonly secret: string;
}

/** Who is calling, and the keys by which that is known. */
export interface Keyring {
  /**
   * No key is `anonymous`, and so is a bearer token that is not Weir's: it may be meant for an upstream.
   * A key that is malformed, unknown, expired or revoked is UNAUTHENTICATED, without a word about which.
   */
  authenticate(headers: RequestHeaders): Promise<Caller>;
  /** The headers a source may forward: all but Weir's own key, wherever it stands. Repeated ones are joined. */
  forwardable(headers: RequestHeaders): Readonly<Record<string, string>>;
  issueKey(request: KeyRequest, by: Actor): Promise<IssuedKey>;
  /**
   * From the moment the promise resolves the key opens nothing. NOT_FOUND when there is none of that id,
   * CONFLICT when nobody could administer Weir afterwards.
   */
  revokeKey(id: string, by: Actor): Promise<KeyRecord>;
  /** Makes an admin's key when there is no valid one and the environment gives none. Returns it, to be printed once. */
  ensureAdminKey(): Promise<string | undefined>;
  /** The id of each key that was made or revoked: what its bearers may do from now on is another question. */
  readonly changes: Events<string>;
  close(): void;
}

const NAME_MAX_LENGTH = 100;
/** 40 bits of id: a second collision in a row is a broken source of randomness. */
const ID_ATTEMPTS = 3;

export function createKeyring(options: KeyringOptions): Keyring {
  const { store, clock, random } = options;
  const environment =
    options.environmentAdminKey === undefined ? undefined : environmentKey(options.environmentAdminKey);
  const cache = new LRUCache<string, KeyRecord>({ max: options.cachedKeys ?? 10_000 });

  // A record read before a change must not be kept after it, hence the count of changes.
  let changes = 0;
  const changed = new Emitter<string>();
  const stopListening = store.events.on((event) => {
    if (event.type !== 'key') return;
    changes++;
    cache.delete(event.id);
    changed.emit(event.id);
  });

  // Changes go one after another: two revocations must not each take the other's key for the last one.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };

  async function lookUp(id: string): Promise<KeyRecord | undefined> {
    const known = cache.get(id);
    if (known !== undefined) return known;
    const before = changes;
    const record = await store.key(id);
    if (record !== undefined && changes === before) cache.set(id, record);
    return record;
  }

  async function issue(request: KeyRequest, by: Actor, action: string): Promise<IssuedKey> {
    for (let attempt = 1; ; attempt++) {
      const { id, secret, hash } = makeKey(random);
      const record: KeyRecord = {
        id,
        name: request.name,
        role: request.role,
        hash,
        createdAt: new Date(clock.now()),
        createdBy: by.id,
        expiresAt: request.expiresAt,
        revokedAt: undefined,
      };
      try {
        const detail = { name: request.name, role: request.role, expiresAt: request.expiresAt };
        await store.addKey(record, { actor: by, action, detail });
        return { record, secret };
      } catch (error: unknown) {
        if (!(error instanceof WeirError && error.code === 'CONFLICT') || attempt === ID_ATTEMPTS) throw error;
      }
    }
  }

  const validAdminKeys = async (): Promise<readonly KeyRecord[]> => {
    const now = clock.now();
    return (await store.keys()).filter((key) => key.role === 'ADMIN' && isValidAt(key, now));
  };

  /** Whether what was presented is Weir's to judge; a bearer token is only when it is the environment's key. */
  const isOurs = (presented: PresentedKey): boolean =>
    presented.kind === 'key' || (presented.kind === 'bearer' && environment?.matches(presented.text) === true);

  return {
    changes: changed,

    async authenticate(headers) {
      const presented = presentedKey(headers);
      if (presented.kind === 'none') return anonymous;
      if (environment?.matches(presented.text) === true) return environment.caller;
      if (presented.kind === 'bearer') return anonymous;
      const id = keyIdOf(presented.text);
      const record = id === undefined ? undefined : await lookUp(id);
      if (record === undefined || !timingSafeEqual(hashKey(presented.text), record.hash)) throw unauthenticated();
      if (!isValidAt(record, clock.now())) throw unauthenticated();
      return { kind: 'key', id: record.id, name: record.name, role: record.role };
    },

    forwardable(headers) {
      const kept: Record<string, string> = {};
      const isOurKey = (name: string): boolean =>
        name === KEY_HEADER ||
        ((name === 'authorization' || name === API_KEY_HEADER) && isOurs(presentedKey({ [name]: headers[name] })));
      for (const name in headers) {
        const value = headers[name];
        if (value === undefined || isOurKey(name)) continue;
        kept[name] = typeof value === 'string' ? value : value.join(', ');
      }
      return kept;
    },

    async issueKey(request, by) {
      const problems = problemsOf(request, clock.now());
      if (problems.length > 0) throw new InvalidDefinition(problems, `The key cannot be made: ${problems[0]?.message}`);
      return inTurn(() => issue(request, by, 'createKey'));
    },

    revokeKey: (id, by) =>
      inTurn(async () => {
        const admins = await validAdminKeys();
        if (environment === undefined && admins.length === 1 && admins[0]?.id === id) {
          throw new WeirError(
            'CONFLICT',
            `Key ${id} is the last valid admin key; make another one before revoking it, or set WEIR_ADMIN_KEY.`,
          );
        }
        return store.revokeKey(id, new Date(clock.now()), { actor: by, action: 'revokeKey' });
      }),

    ensureAdminKey: () =>
      inTurn(async () => {
        if (environment !== undefined || (await validAdminKeys()).length > 0) return undefined;
        const request: KeyRequest = { name: 'first admin key', role: 'ADMIN', expiresAt: undefined };
        return (await issue(request, systemActor, 'createAdminKey')).secret;
      }),

    close() {
      stopListening();
      cache.clear();
    },
  };
}

function problemsOf(request: KeyRequest, now: number): readonly Problem[] {
  const problems: Problem[] = [];
  const name = request.name.trim();
  if (name.length === 0 || request.name.length > NAME_MAX_LENGTH) {
    problems.push({
      path: 'input.name',
      message: `a key's name has 1 to ${NAME_MAX_LENGTH} characters; this one has ${name.length === 0 ? 0 : request.name.length}.`,
    });
  }
  if (request.expiresAt !== undefined && !(request.expiresAt.getTime() > now)) {
    const given = Number.isNaN(request.expiresAt.getTime()) ? 'no date' : request.expiresAt.toISOString();
    problems.push({ path: 'input.expiresAt', message: `a key's expiry is a moment to come; this one is ${given}.` });
  }
  return problems;
}

function unauthenticated(): WeirError {
  return new WeirError('UNAUTHENTICATED', 'The key is not valid: malformed, unknown, expired or revoked.');
}

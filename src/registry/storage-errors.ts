import { WeirError } from '../errors/index.ts';

export type UnusableReason =
  /** Written by a newer Weir. */
  | 'newer'
  /** A database, but not a registry. */
  | 'foreign'
  /** Another process has it open. */
  | 'locked'
  | 'damaged'
  /** The file or its folder cannot be read or written. */
  | 'inaccessible'
  /** Its secrets are encrypted under another key. */
  | 'wrong_key';

/** The registry's database cannot be started with. The message is one line that says what to do. */
export class UnusableDatabase extends Error {
  override readonly name = 'UnusableDatabase';
  readonly reason: UnusableReason;

  constructor(reason: UnusableReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** https://www.sqlite.org/rescode.html#primary_result_code_list */
const SQLITE = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  NOMEM: 7,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  PROTOCOL: 15,
  NOTADB: 26,
} as const;

const STORAGE_CODES: ReadonlySet<number> = new Set(Object.values(SQLITE));

/**
 * Primary result code of an error that `node:sqlite` threw, or undefined when it is none.
 * Told by its shape: errors made by Node's native code are not `instanceof` the Error of a VM context.
 */
function sqliteCode(error: unknown): number | undefined {
  const code = property(error, 'errcode');
  return typeof code === 'number' ? code & 0xff : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** What a failure while working means to a caller. A bug of ours (bad SQL, a broken constraint) stays what it is. */
export function whileWorking(error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === undefined || !STORAGE_CODES.has(code)) return error;
  const what =
    code === SQLITE.FULL
      ? 'its disk is full'
      : code === SQLITE.READONLY
        ? 'it cannot be written'
        : code === SQLITE.CORRUPT || code === SQLITE.NOTADB
          ? 'its file is damaged'
          : 'its file cannot be reached';
  return new WeirError(
    'STORAGE_UNAVAILABLE',
    `The registry is unavailable: ${what}. Nothing was changed.`,
    {},
    {
      cause: error,
    },
  );
}

/** What a failure while opening `path` means to the operator. */
export function whileOpening(error: unknown, path: string): unknown {
  const detail = String(property(error, 'message') ?? error);
  switch (sqliteCode(error)) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return new UnusableDatabase(
        'locked',
        `The registry ${path} is in use by another process; stop that one, or set WEIR_DATA_DIR to another folder.`,
        { cause: error },
      );
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return damaged(path, detail, error);
    case SQLITE.PERM:
    case SQLITE.NOMEM:
    case SQLITE.READONLY:
    case SQLITE.IOERR:
    case SQLITE.FULL:
    case SQLITE.CANTOPEN:
    case SQLITE.PROTOCOL:
      return inaccessible(path, detail, error);
    default:
      // A system call that failed: making the folder or the file.
      return property(error, 'syscall') === undefined ? error : inaccessible(path, detail, error);
  }
}

export function damaged(path: string, detail: string, cause?: unknown): UnusableDatabase {
  const message = `The registry ${path} is damaged (${oneLine(detail)}); put a backup in its place.`;
  return new UnusableDatabase('damaged', message, { cause });
}

function inaccessible(path: string, detail: string, cause: unknown): UnusableDatabase {
  const message = `The registry ${path} cannot be opened for reading and writing: ${oneLine(detail)}.`;
  return new UnusableDatabase('inaccessible', message, { cause });
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

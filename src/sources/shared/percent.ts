import { RequestRefused } from './refused.ts';

const UNRESERVED = /^[\w.~-]*$/;
const LEFT_BY_ECMASCRIPT = /[!'()*]/g;

/**
 * Percent-encodes everything but the unreserved characters of RFC 3986 section 2.3,
 * which is the simple expansion of RFC 6570 section 3.2.2. What comes out can stand in a path segment,
 * a query name or a query value without ending it.
 */
export function encodeComponent(value: string): string {
  if (UNRESERVED.test(value)) return value;
  if (!value.isWellFormed()) {
    throw new RequestRefused('text in a URL or form must be valid Unicode; it has half of a surrogate pair.');
  }
  return encodeURIComponent(value).replace(LEFT_BY_ECMASCRIPT, percent);
}

/**
 * As `encodeComponent`, but leaves reserved characters that cannot end a query value: `allowReserved` of OpenAPI.
 * `#`, `[`, `]`, `&`, `=`, `+` and `%` stay encoded (OpenAPI 3.1.1 section 4.8.12.2.1), so that a value comes back as it was.
 */
export function encodeAllowingReserved(value: string): string {
  return encodeComponent(value).replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/g, decodeURIComponent);
}

/** The same inside a list whose items are parted by a comma: a comma of the item's own stays encoded. */
export function encodeListItemAllowingReserved(value: string): string {
  return encodeAllowingReserved(value).replaceAll(',', '%2C');
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

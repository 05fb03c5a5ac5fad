import { decodePunycode } from './punycode.ts';

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const asciiDomain = /^(?:[a-z0-9-]+\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
const label = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u;

/**
 * Reads exactly one addr-spec (`user@example.com`), surrounding blanks aside, and answers it with its domain in punycode and lower case.
 * Null for everything else: display names, lists, groups, comments, quoted local parts, address literals, line breaks.
 */
export function parseAddress(text: string): string | null {
  const trimmed = text.replace(/^[ \t]+|[ \t]+$/g, '');
  const at = trimmed.lastIndexOf('@');
  if (at < 1 || trimmed.length > 254) return null;
  const local = trimmed.slice(0, at);
  const domain = toAsciiDomain(trimmed.slice(at + 1));
  if (local.length > 64 || !localPart.test(local) || domain === null) return null;
  return local.length + domain.length + 1 > 254 ? null : `${local}@${domain}`;
}

function toAsciiDomain(text: string): string | null {
  const labels = text.split('.');
  if (labels.length < 2 || labels.some((part) => part.length > 63 || !label.test(part))) return null;
  // Also refuses what reads as an IPv4 address in any notation: its last label begins with a digit.
  if (!URL.canParse(`http://${text}/`)) return null;
  const { hostname } = new URL(`http://${text}/`);
  return hostname.length <= 253 && asciiDomain.test(hostname) && hostname.split('.').every(isProperLabel) ? hostname : null;
}

/** The URL parser takes any text after `xn--`: it must be what its own label is written as. */
function isProperLabel(text: string): boolean {
  if (!text.startsWith('xn--')) return true;
  const decoded = decodePunycode(text.slice('xn--'.length));
  return decoded !== null && URL.parse(`http://${decoded}.example/`)?.hostname === `${text}.example`;
}

/**
 * Reads an E.164 number, `+` and 7 to 15 digits; blanks, dashes, dots and brackets between them are taken out. Null for everything else,
 * such as `+49 (0)30`, whose 0 is not dialled.
 */
export function parsePhone(text: string): string | null {
  if (text.includes('(0)')) return null;
  const compact = text.replace(/[ ().\-\u00a0]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(compact) ? compact : null;
}

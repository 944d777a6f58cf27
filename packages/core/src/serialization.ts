/**
 * JSON with typed arrays and the numbers JSON lacks, exactly.
 * `Float64Array` becomes `{"$float64": [...]}`; NaN and the infinities become `{"$number": "NaN"}`.
 */
export function encode(value: unknown): unknown {
  if (value instanceof Float64Array) return { $float64: Array.from(value, encodeNumber) };
  if (value instanceof Uint8Array) return { $uint8: Array.from(value) };
  if (value instanceof Int8Array) return { $int8: Array.from(value) };
  if (value instanceof Int32Array) return { $int32: Array.from(value) };
  if (typeof value === 'number') return encodeNumber(value);
  if (Array.isArray(value)) return value.map(encode);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, entry]) => entry !== undefined)
        .map(([key, entry]) => [key, encode(entry)]),
    );
  return value;
}

/** Inverse of {@link encode}. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (value !== null && typeof value === 'object') {
    const record = value as Record<string, unknown>;
    if (Array.isArray(record.$float64)) return Float64Array.from(record.$float64.map((entry) => decode(entry) as number));
    if (Array.isArray(record.$uint8)) return Uint8Array.from(record.$uint8 as number[]);
    if (Array.isArray(record.$int8)) return Int8Array.from(record.$int8 as number[]);
    if (Array.isArray(record.$int32)) return Int32Array.from(record.$int32 as number[]);
    if (typeof record.$number === 'string') return record.$number === '-0' ? -0 : Number(record.$number);
    return Object.fromEntries(Object.entries(record).map(([key, entry]) => [key, decode(entry)]));
  }
  return value;
}

function encodeNumber(value: number): unknown {
  if (!Number.isFinite(value)) return { $number: String(value) };
  return Object.is(value, -0) ? { $number: '-0' } : value;
}

/**
 * Canonical JSON: keys sorted, no white space. Equal values give equal texts, so it can be hashed.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const record = value as Record<string, unknown>;
    const keys = Object.keys(record)
      .filter((key) => record[key] !== undefined)
      .sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key])}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** SHA-256 of a text or of bytes, lower-case hexadecimal. Web Crypto, so the same in Node, workers and browsers. */
export async function sha256(content: string | Uint8Array): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const digest = await globalThis.crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

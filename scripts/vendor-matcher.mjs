// Copies the structure matcher (matterviz-wasm: the "ferrox" library in WebAssembly with its JavaScript glue) into the crystal
// package. Published tarballs carry the copy, so that installing them never pulls in the peer dependency of matterviz-wasm.
// Writes only what is out of date. Usage: node scripts/vendor-matcher.mjs
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'packages/crystal/vendor');
const source = dirname(createRequire(import.meta.url).resolve('matterviz-wasm/ferrox_bg.wasm'));
const description = JSON.parse(readFileSync(join(source, '../package.json'), 'utf8'));

const types = `// Types of the part of ferrox.js that @braggscape/crystal calls. Written by scripts/vendor-matcher.mjs.

/** What every call returns. */
export type FerroxResult<T> = { readonly ok: T } | { readonly error: string };

/** A crystal in pymatgen's JSON form; lattice rows are a, b, c in Å. */
export interface FerroxCrystal {
  readonly lattice: { readonly matrix: readonly (readonly number[])[] };
  readonly sites: readonly {
    readonly species: readonly { readonly element: string; readonly occu: number }[];
    readonly abc: readonly number[];
  }[];
}

/** Settings are changed by methods that consume the matcher and return the new one. */
export class WasmStructureMatcher {
  constructor();
  free(): void;
  with_latt_len_tol(tolerance: number): WasmStructureMatcher;
  with_site_pos_tol(tolerance: number): WasmStructureMatcher;
  with_angle_tol(tolerance: number): WasmStructureMatcher;
  with_primitive_cell(reduce: boolean): WasmStructureMatcher;
  with_scale(scale: boolean): WasmStructureMatcher;
  fit(first: FerroxCrystal, second: FerroxCrystal): FerroxResult<boolean>;
  get_rms_dist(first: FerroxCrystal, second: FerroxCrystal): FerroxResult<{ readonly rms: number; readonly max_dist: number } | null>;
}

/** Instantiate from bytes or a compiled module; further calls do nothing. */
export function initSync(options: { module: BufferSource | WebAssembly.Module }): unknown;

/** Fetch ferrox_bg.wasm from beside this file and instantiate it. */
export default function init(): Promise<unknown>;
`;

const notice = `ferrox.js and ferrox_bg.wasm are unchanged copies of pkg/ferrox.js and pkg/ferrox_bg.wasm
of the npm package ${description.name} ${description.version}
(${description.homepage}).
Author named in that package: ${description.author}.
Licence named in that package: ${description.license}. The package carries no licence file and no copyright line of its own;
the text below is the standard one, with the author as the holder. The WebAssembly binary also contains
Rust crates (among them moyo, nalgebra, serde, wasm-bindgen, kiddo, pathfinding) under MIT and/or Apache-2.0.

MIT License

Copyright (c) ${description.author.replace(/ <.*>/, '')} and the ferrox contributors

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`;

mkdirSync(target, { recursive: true });
put('ferrox.js', readFileSync(join(source, 'ferrox.js')));
put('ferrox_bg.wasm', readFileSync(join(source, 'ferrox_bg.wasm')));
put('ferrox.d.ts', Buffer.from(types));
put('LICENSE-ferrox.txt', Buffer.from(notice));

/** Write a file unless it has these bytes already, so that builds stay incremental. */
function put(name, bytes) {
  const path = join(target, name);
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  writeFileSync(path, bytes);
}

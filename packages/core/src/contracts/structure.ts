/**
 * A crystal structure as plain data. Structures are values: no function mutates one.
 *
 * The lattice matrix has the lattice vectors as **rows** (pymatgen, ASE): `cart = frac · lattice`.
 * A site shared by several species is listed once per species, each with its own occupancy.
 */
export interface Structure {
  /** [3,3] row-major, Å. Rows are a, b, c. */
  readonly lattice: Float64Array;
  /** [n,3] row-major, fractional coordinates. Any real numbers; writers wrap into [0,1). */
  readonly frac: Float64Array;
  /** [n] atomic numbers. */
  readonly numbers: Uint8Array;
  /** [n] occupancies in (0, 1]. */
  readonly occupancy: Float64Array;
  /** [n] isotropic mean-square displacements U_iso in Å² (B_iso = 8π² U_iso). */
  readonly uIso: Float64Array;
  /** [n] site labels as read from the file, such as `O1`. */
  readonly labels?: readonly string[];
}

/** The six cell parameters: lengths in Å, angles in degrees. */
export interface CellParameters {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

/** Plain-JSON form of a structure, as written into events, records and checkpoints. */
export interface StructureJson {
  readonly lattice: readonly (readonly number[])[];
  readonly frac: readonly (readonly number[])[];
  readonly numbers: readonly number[];
  readonly occupancy: readonly number[];
  readonly uIso: readonly number[];
  readonly labels?: readonly string[];
}

/** Number of sites (entries) of a structure. */
export function siteCount(structure: Structure): number {
  return structure.numbers.length;
}

/** Copy of `structure` with some fields replaced. */
export function withFields(structure: Structure, fields: Partial<Structure>): Structure {
  return { ...structure, ...fields };
}

/**
 * Build a structure from rows of numbers; occupancy defaults to 1 and uIso to 0.
 *
 * @param lattice three rows a, b, c in Å
 * @param numbers atomic numbers
 * @param frac fractional coordinates, one row per site
 */
export function structureFrom(
  lattice: readonly (readonly number[])[],
  numbers: readonly number[],
  frac: readonly (readonly number[])[],
  more: { occupancy?: readonly number[]; uIso?: readonly number[]; labels?: readonly string[] } = {},
): Structure {
  const n = numbers.length;
  return {
    lattice: Float64Array.from(lattice.flat()),
    frac: Float64Array.from(frac.flat()),
    numbers: Uint8Array.from(numbers),
    occupancy: more.occupancy ? Float64Array.from(more.occupancy) : new Float64Array(n).fill(1),
    uIso: more.uIso ? Float64Array.from(more.uIso) : new Float64Array(n),
    ...(more.labels ? { labels: [...more.labels] } : {}),
  };
}

/** Plain-JSON form of a structure; numbers survive exactly. */
export function structureToJson(structure: Structure): StructureJson {
  const rows = (values: Float64Array): number[][] => {
    const out: number[][] = [];
    for (let i = 0; i < values.length; i += 3) out.push([values[i], values[i + 1], values[i + 2]]);
    return out;
  };
  return {
    lattice: rows(structure.lattice),
    frac: rows(structure.frac),
    numbers: [...structure.numbers],
    occupancy: [...structure.occupancy],
    uIso: [...structure.uIso],
    ...(structure.labels ? { labels: [...structure.labels] } : {}),
  };
}

/** Inverse of {@link structureToJson}. */
export function structureFromJson(json: StructureJson): Structure {
  return structureFrom(json.lattice, json.numbers, json.frac, json);
}

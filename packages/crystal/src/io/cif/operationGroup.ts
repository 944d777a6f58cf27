import type { SymmetryOperation } from './symmetryOperation.js';
import { composeOperations } from './symmetryOperation.js';

/** Translations that differ by less count as equal; far below the 1/24 between those of conventional settings. */
const translationTolerance = 0.01;

/** Whether two operations agree up to lattice translations. */
export function sameOperation(a: SymmetryOperation, b: SymmetryOperation): boolean {
  return a.rotation.every((entry, i) => entry === b.rotation[i]) && sameTranslation(a.translation, b.translation);
}

function sameTranslation(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < 3; i++) {
    const difference = a[i] - b[i];
    if (Math.abs(difference - Math.round(difference)) >= translationTolerance) return false;
  }
  return true;
}

/** Two operations of a list whose product is not in it, up to lattice translations; undefined if the list is a group. */
export function missingProduct(
  operations: readonly SymmetryOperation[],
): readonly [SymmetryOperation, SymmetryOperation, SymmetryOperation] | undefined {
  // Few rotations belong to many operations, so products of rotations are looked up in a table.
  const indices = new Map<string, number>();
  const translations: (readonly number[])[][] = [];
  const representatives: SymmetryOperation[] = [];
  const rotationOf = operations.map((operation) => {
    const key = operation.rotation.join();
    const index = indices.get(key) ?? indices.size;
    if (index === indices.size) {
      indices.set(key, index);
      translations.push([]);
      representatives.push(operation);
    }
    translations[index].push(operation.translation);
    return index;
  });
  const table = representatives.map((a) => representatives.map((b) => indices.get(composeOperations(a, b).rotation.join())));
  const product = [0, 0, 0];
  for (const [i, a] of operations.entries()) {
    for (const [j, b] of operations.entries()) {
      for (let x = 0; x < 3; x++) product[x] = a.translation[x] + rowTimes(a.rotation, x, b.translation);
      const index = table[rotationOf[i]][rotationOf[j]];
      const found = index !== undefined && translations[index].some((translation) => sameTranslation(translation, product));
      if (!found) return [a, b, composeOperations(a, b)];
    }
  }
  return undefined;
}

function rowTimes(matrix: readonly number[], row: number, x: readonly number[]): number {
  return matrix[3 * row] * x[0] + matrix[3 * row + 1] * x[1] + matrix[3 * row + 2] * x[2];
}

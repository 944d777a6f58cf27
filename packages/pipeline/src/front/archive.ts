import { dominates, near } from './dominance.js';
import type { ObjectiveVector } from './dominance.js';

/** Something with a place in the space of the objectives. */
export interface ArchiveEntry {
  readonly values: ObjectiveVector;
}

/** Points of which none dominates another, as plain data. */
export type Archive<Entry extends ArchiveEntry> = readonly Entry[];

/** An archive after an entry was offered to it. */
export interface Insertion<Entry extends ArchiveEntry> {
  readonly archive: Archive<Entry>;
  /** Whether the entry is in it now. */
  readonly accepted: boolean;
  /** Entries that left because the new one dominates them. */
  readonly removed: readonly Entry[];
}

/**
 * Offer an entry to an archive. It is taken if none in it dominates it, and unless one in it is near, so that what differs by the accuracy of a descent only is kept once; what it dominates itself
 * is dropped. Values that are not finite are never taken.
 *
 * @param tolerances of each objective; with zeros, or none, the archive is exactly the non-dominated set of all that was offered, whatever the order
 */
export function insert<Entry extends ArchiveEntry>(archive: Archive<Entry>, entry: Entry, tolerances?: ObjectiveVector): Insertion<Entry> {
  const { values } = entry;
  const refuse = { archive, accepted: false, removed: [] };
  if (!values.every(Number.isFinite)) return refuse;
  const least = tolerances ?? values.map(() => 0);
  const removed = archive.filter((other) => dominates(values, other.values));
  const kept = archive.filter((other) => !removed.includes(other));
  // What it replaces does not stand against it: an improvement within the tolerance is one.
  if (kept.some((other) => dominates(other.values, values)) || (removed.length === 0 && kept.some((other) => near(other.values, values, least)))) return refuse;
  return { archive: [...kept, entry], accepted: true, removed };
}

/** An archive sorted by its objectives in turn, ascending. */
export function sorted<Entry extends ArchiveEntry>(archive: Archive<Entry>): readonly Entry[] {
  return [...archive].sort((a, b) => {
    const axis = a.values.findIndex((value, i) => value !== b.values[i]);
    return axis < 0 ? 0 : a.values[axis] - b.values[axis];
  });
}

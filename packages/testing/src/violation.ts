/** A law that an implementation breaks; the message says which, where, and by how much. */
export class LawViolation extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LawViolation';
  }
}

/** Throw a {@link LawViolation} unless the condition holds. */
export function law(holds: boolean, message: () => string): asserts holds {
  if (!holds) throw new LawViolation(message());
}

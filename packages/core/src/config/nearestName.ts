/** Edit distance that counts a swap of neighbours as one (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      if (i === 0) {
        rows[0].push(j);
        continue;
      }
      let best = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, rows[i - 2][j - 2] + 1);
      rows[i].push(best);
    }
  }
  return rows[a.length][b.length];
}

/** The name nearest to `given`, if one is near enough to be a likely slip. */
export function nearestName(given: string, names: Iterable<string>): string | undefined {
  const wanted = given.toLowerCase();
  let nearest: string | undefined;
  let distance = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const name of names) {
    const candidate = name.toLowerCase();
    // A namespaced id is also tried by its last part, which is what people remember.
    const tail = candidate.slice(candidate.indexOf('/') + 1);
    const d = Math.min(editDistance(wanted, candidate), editDistance(wanted, tail));
    if (d < distance) {
      distance = d;
      nearest = name;
    }
  }
  return nearest;
}

/** `did you mean "x"?` or, failing that, the list of names. */
export function nameHint(given: string, names: readonly string[]): string {
  const nearest = nearestName(given, names);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  return names.length > 0 ? `known: ${[...names].sort().join(', ')}` : 'none is known';
}

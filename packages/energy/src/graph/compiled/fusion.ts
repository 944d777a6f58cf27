import type { Reading } from './graphReading.js';

type Rows = Extract<Reading, { kind: 'rows' }>;

/** Work that is done in one go: operations and scatters of one loop over rows, one matrix product, or the writing of gathered rows. */
export interface Group {
  readonly kind: 'loop' | 'product' | 'copy';
  /** Names of what it makes, such that each comes after what it is made of. */
  readonly members: readonly string[];
}

/**
 * Parts of a graph that can be done in one loop over rows, in an order in which everything is there when it is needed.
 *
 * Going through the graph from its inputs, an operation joins the loops that make its operands if these can wait for all else that it needs, that is,
 * if nothing else it needs is made from what they make. Gathered rows are read where they are used.
 *
 * @param needed what the outputs depend on, each after what it is made of
 * @param outputs what must be in memory at the end
 */
export function fuse(readings: ReadonlyMap<string, Reading>, needed: readonly string[], outputs: readonly string[]): readonly Group[] {
  const rowsOf = (name: string): Rows | undefined => {
    const reading = readings.get(name);
    return reading?.kind === 'rows' ? reading : undefined;
  };
  /** Through gathers to the array that must be in memory. */
  const groupOf = new Map<string, number>();
  const groups: { kind: Group['kind']; members: string[]; needs: Set<number>; merged: boolean }[] = [];

  /** Arrays a unit reads: `soft` ones may be made in the same loop, `hard` ones must be in memory before it begins. */
  const reads = (name: string): { soft: string[]; hard: string[] } => {
    const made = rowsOf(name)?.made;
    const soft: string[] = [];
    const hard: string[] = [];
    const read = (operand: string): void => {
      const source = rowsOf(operand)?.made;
      if (source?.by === 'gather') {
        if (rowsOf(source.of) !== undefined) hard.push(source.of);
      } else if (source?.by === 'operation') soft.push(operand);
      else hard.push(operand);
    };
    if (made?.by === 'operation') for (const operand of made.of) if ('rows' in operand) read(operand.rows);
    if (made?.by === 'scatter') read(made.of);
    if (made?.by === 'product') hard.push(made.of);
    if (made?.by === 'gather' && rowsOf(made.of) !== undefined) hard.push(made.of);
    return { soft, hard };
  };

  let stamp = 0;
  const seen: number[] = [];
  /** Whether `group` needs, through others, one of `targets`. */
  const needsAny = (group: number, targets: ReadonlySet<number>): boolean => {
    stamp++;
    const stack = [group];
    while (stack.length > 0) {
      const at = stack.pop() as number;
      if (targets.has(at)) return true;
      if (seen[at] === stamp) continue;
      seen[at] = stamp;
      for (const need of groups[at].needs) if (seen[need] !== stamp) stack.push(need);
    }
    return false;
  };
  const newGroup = (kind: Group['kind'], members: string[], needs: Iterable<number>): number => {
    groups.push({ kind, members, needs: new Set(needs), merged: false });
    return groups.length - 1;
  };
  const merge = (into: number, from: number): void => {
    for (const member of groups[from].members) groupOf.set(member, into);
    groups[into].members.push(...groups[from].members);
    for (const need of groups[from].needs) groups[into].needs.add(need);
    groups[from].merged = true;
    for (const group of groups) {
      if (!group.needs.delete(from)) continue;
      group.needs.add(into);
    }
    groups[into].needs.delete(into);
  };

  // Gathered rows that something needs in memory are written by a loop of their own.
  const written = new Set(outputs);
  for (const name of needed) {
    const reading = rowsOf(name);
    if (reading === undefined) continue;
    if (reading.made.by === 'product') written.add(reading.made.of);
    if (reading.made.by === 'gather') written.add(reading.made.of);
  }

  for (const name of needed) {
    const reading = rowsOf(name);
    if (reading === undefined || reading.made.by === 'input') continue;
    const { soft, hard } = reads(name);
    const hardGroups = new Set(hard.map((other) => groupOf.get(other)).filter((group): group is number => group !== undefined));
    if (reading.made.by === 'gather') {
      if (written.has(name)) groupOf.set(name, newGroup('copy', [name], hardGroups));
      continue;
    }
    if (reading.made.by === 'product') {
      groupOf.set(name, newGroup('product', [name], hardGroups));
      continue;
    }
    const makers = new Set(soft.map((other) => groupOf.get(other) as number));
    const joined = new Set<number>();
    for (const maker of makers) {
      // The loop may wait for what is needed besides if none of that, and no loop joined already, comes after it.
      const target = new Set([maker]);
      const others = [...hardGroups, ...[...makers].filter((other) => other !== maker && !joined.has(other))];
      const afterIt = others.some((other) => hardGroups.has(other) ? needsAny(other, target) : [...groups[other].needs].some((need) => need !== maker && needsAny(need, target)));
      const cyclic = [...joined].some((one) => pathThroughOthers(one, maker) || pathThroughOthers(maker, one));
      if (!afterIt && !cyclic) joined.add(maker);
    }
    const [into, ...rest] = joined;
    if (into === undefined) {
      groupOf.set(name, newGroup('loop', [name], [...hardGroups, ...makers]));
      continue;
    }
    for (const other of rest) merge(into, other);
    groups[into].members.push(name);
    groupOf.set(name, into);
    for (const need of [...hardGroups, ...makers]) if (need !== into && !groups[need].merged) groups[into].needs.add(need);
  }
  function pathThroughOthers(from: number, to: number): boolean {
    const target = new Set([to]);
    return [...groups[from].needs].some((need) => need !== to && needsAny(need, target));
  }

  const place = new Map(needed.map((name, index) => [name, index]));
  const order: number[] = [];
  const state: number[] = [];
  const visit = (start: number): void => {
    const stack = [start];
    while (stack.length > 0) {
      const at = stack[stack.length - 1];
      if (state[at] === 2) {
        stack.pop();
        continue;
      }
      const waiting = [...groups[at].needs].filter((need) => state[need] !== 2);
      if (waiting.length === 0) {
        state[at] = 2;
        order.push(at);
        stack.pop();
        continue;
      }
      if (state[at] === 1 && waiting.some((need) => state[need] === 1 && stack.includes(need))) throw new Error('loops wait for each other');
      state[at] = 1;
      stack.push(...waiting);
    }
  };
  groups.forEach(({ merged }, index) => {
    if (!merged) visit(index);
  });
  return order.map((index) => ({ kind: groups[index].kind, members: groups[index].members.sort((a, b) => (place.get(a) as number) - (place.get(b) as number)) }));
}

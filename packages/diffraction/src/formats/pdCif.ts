import { cifItem, parseCif } from '@braggscape/crystal';
import type { CifBlock, CifDocument } from '@braggscape/crystal';
import type { FileContent, Pattern, PatternFormat, Source } from '@braggscape/core';
import { formatError, patternError, repairHint } from './errors.js';
import { blockRadiation } from './pdCifRadiation.js';
import { profileOf } from './pdCifProfile.js';
import type { Profile } from './pdCifProfile.js';
import { patternOf } from './patternOf.js';
import { writePdCif } from './writePdCif.js';

/** Blocks that hold no measurement though they look so: some archives append what a program simulated. */
const SIMULATED = /_simulated_/i;

const recognises = ({ bytes, text }: FileContent): boolean =>
  !bytes.subarray(0, 4096).includes(0) && /^\s*data_/im.test(text()) && /_pd_(meas|proc)[_.](counts|intensity)_/i.test(text());

/**
 * Powder CIF. The measured profile is read, not the calculated one; angles may be a column or stated by range and increment, which may
 * stand in another block, as may the wavelength.
 * Source: B. H. Toby, International Tables for Crystallography G (2005), ch. 3.3 and 4.2 (dictionary cif_pd 1.0.1); cif_pow 2.
 */
export const pdCif: PatternFormat = {
  id: 'pdcif',
  extensions: ['.cif', '.pdcif', '.rtv'],
  recognises,
  read: ({ text }, source, repairs) => readPdCif(parseCif(text(), source), source, repairs),
  write: (pattern) => writePdCif(pattern),
};

function readPdCif(document: CifDocument, source: Source, repairs?: string[]): Pattern {
  const blocks = document.blocks.filter(({ name }) => !SIMULATED.test(name));
  const found: { block: CifBlock; profile: Profile }[] = [];
  for (const block of blocks) {
    const profile = profileOf(block, linked(block, blocks), source);
    if (profile !== undefined) found.push({ block, profile });
  }
  if (found.length === 0) {
    throw formatError(source.name, 'no block of the file holds a measured profile', 'intensities such as _pd_meas_counts_total or _pd_proc_intensity_net are needed; calculated ones are not data');
  }
  const [{ block, profile }] = found;
  if (found.length > 1) {
    const names = found.map((one) => `"${one.block.name}"`).join(', ');
    if (repairs === undefined) throw patternError(`${source.name}:${found[1].block.line}`, `the file holds ${found.length} profiles: ${names}`, `keep the block you mean in a file of its own, ${repairHint}, which takes the first`);
    repairs.push(`read the profile of block "${block.name}" (line ${block.line}); the file has ${found.length}: ${names}`);
  }
  return patternOf({ ...profile, ...blockRadiation(linked(block, blocks), source) }, source, repairs);
}

/**
 * The block itself first, then those that belong to its profile: by `_pd_block_diffractogram_id`, else, where the file has no other
 * profile's links, all of them.
 */
function linked(block: CifBlock, blocks: readonly CifBlock[]): readonly CifBlock[] {
  const id = cifItem(block, '_pd_block_id')?.text.trim();
  const others = blocks.filter((other) => other !== block);
  const naming = others.filter((other) => id !== undefined && cifItem(other, '_pd_block_diffractogram_id')?.text.trim() === id);
  return [block, ...(naming.length > 0 ? naming : others.filter((other) => cifItem(other, '_pd_block_diffractogram_id') === undefined))];
}

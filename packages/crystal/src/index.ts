export {
  cellFromArray,
  cellFromLattice,
  cellFromLatticePullback,
  cellParameterNames,
  cellToArray,
  cellVolume,
  checkCell,
  latticeFromCell,
  latticeFromCellPullback,
  rightHanded,
} from './cell.js';
export { covalentRadius } from './covalentRadii.js';
export { atomicNumber, elementCount, elementSymbol } from './elements.js';
export { validateStructure } from './validate.js';
export type { Position } from './sharedSites.js';
export { positionsOf } from './sharedSites.js';
export type { ParameterizationOptions, VariedBlock } from './parameterization.js';
export { structureParameterization, variedBlocks } from './parameterization.js';
export type { CrystalSystem, LatticeFamily, Symmetry, SymmetryOptions } from './symmetry.js';
export type { SymmetryOperation } from './symmetryOperation.js';
export { findSymmetry } from './symmetry.js';
export type { Setting } from './operations.js';
export { fitOperations, settingCount, spaceGroupSetting } from './operations.js';
export type { NearOperation, NearTolerances } from './nearOperations.js';
export { nearOperations } from './nearOperations.js';
export type { NearGroup } from './nearGroups.js';
export { nearGroups } from './nearGroups.js';
export type { SiteImages, SiteMap } from './siteImages.js';
export { imagesOf, imagesWithin, siteMap } from './siteImages.js';
export { conventionalCell, primitiveCell } from './standardization.js';
export type { MatchTolerances } from './matchTolerances.js';
export { paperTolerances, strictTolerances } from './matchTolerances.js';
export type { MatchResult } from './matching.js';
export { matchStructures } from './matching.js';
export { reduceStructure } from './reduction.js';
export type { ReducedLattice } from './niggli.js';
export { niggliReduce } from './niggli.js';
export { amdDistance, averageMinimumDistances } from './averageMinimumDistance.js';
export type { DistortionOptions } from './distortion.js';
export { distortCoordinates, distortLattice } from './distortion.js';
export type { CifBlock, CifDocument, CifLoop, CifNumber, CifSymmetry, CifValue, CifWriteOptions, ExtxyzFrame } from './io/index.js';
export {
  cifColumn,
  cifFormat,
  cifItem,
  cifLoop,
  cifNumber,
  extxyzFormat,
  formatSymmetryOperation,
  isPlaceholder,
  parseCif,
  parseSymmetryOperation,
  poscarFormat,
  pymatgenJsonFormat,
  readCif,
  readExtxyz,
  readPoscar,
  readPymatgenJson,
  readStructures,
  structureFormatFor,
  structureFormats,
  structureOfBlock,
  structuresOfCif,
  writeCif,
  writeExtxyz,
  writePoscar,
  writePymatgenJson,
} from './io/index.js';
export { prepareCrystal } from './platform/wasm.js';
export { crystalPlugin } from './plugin.js';

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
} from './cell.js';
export { prepareCrystal } from './platform/wasm.js';

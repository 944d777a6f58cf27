import { definePlugin, patternFormat, patternModel } from '@braggscape/core';
import { brml } from './formats/brml.js';
import { brukerRaw } from './formats/brukerRaw.js';
import { xy, xye } from './formats/columns.js';
import { gsas } from './formats/gsas.js';
import { patternJson } from './formats/json.js';
import { pdCif } from './formats/pdCif.js';
import { ras } from './formats/ras.js';
import { rasx } from './formats/rasx.js';
import { uxd } from './formats/uxd.js';
import { xrdml } from './formats/xrdml.js';
import { powderPatternModel } from './idealPattern.js';
import type { PowderPatternOptions } from './idealPattern.js';
import { instrumentModel, instrumentSchema } from './instrument/options.js';
import type { InstrumentOptions } from './instrument/options.js';
import { wavelengthNames } from './wavelength.js';

/** Pattern models and pattern formats of this package as a plugin. */
export const diffractionPlugin = definePlugin({
  meta: { name: '@braggscape/diffraction', version: '0.1.0', api: '^0.1.0' },
  patternModels: {
    ideal: patternModel<Omit<PowderPatternOptions, 'kernel'>>({
      summary: 'Kinematic powder pattern with Gaussian peaks of Caglioti width; no background, absorption or texture.',
      source: 'G. Caglioti, A. Paoletti & F. P. Ricci, Nucl. Instrum. 3 (1958) 223',
      schema: {
        wavelength: {
          description: `Wavelength in Å, or a name: ${wavelengthNames}.`,
          anyOf: [{ type: 'number', exclusiveMinimum: 0, maximum: 100 }, { type: 'string', minLength: 1 }],
        },
        u: { description: 'Caglioti U, deg².', type: 'number', default: 0 },
        v: { description: 'Caglioti V, deg².', type: 'number', default: 0 },
        w: { description: 'Caglioti W, deg²: FWHM² = U tan²θ + V tan θ + W.', type: 'number', default: 0.1 },
      },
      create: powderPatternModel,
    }),
    powder: patternModel<InstrumentOptions>({
      summary: 'Powder pattern of a real instrument and specimen: spectrum, peak shapes, shifts, size and strain, texture, background, several phases.',
      source: 'R. A. Young (ed.), The Rietveld Method, Oxford University Press (1993)',
      schema: instrumentSchema,
      create: instrumentModel,
    }),
  },
  patternFormats: {
    json: patternFormat({ summary: 'JSON with twoTheta and intensity, or x and y.', schema: {}, create: () => patternJson }),
    'bruker-raw': patternFormat({ summary: 'Bruker binary data, RAW1.01 and RAW4.00.', schema: {}, create: () => brukerRaw }),
    brml: patternFormat({ summary: 'Bruker DIFFRAC.SUITE archive.', schema: {}, create: () => brml }),
    rasx: patternFormat({ summary: 'Rigaku SmartLab Studio archive.', schema: {}, create: () => rasx }),
    xrdml: patternFormat({ summary: 'PANalytical XRDML.', schema: {}, create: () => xrdml }),
    ras: patternFormat({ summary: 'Rigaku SmartLab text.', schema: {}, create: () => ras }),
    uxd: patternFormat({ summary: 'Siemens and Bruker DIFFRAC-AT text.', schema: {}, create: () => uxd }),
    gsas: patternFormat({ summary: 'GSAS data of constant wavelength: STD, ESD, ALT, FXY, FXYE.', schema: {}, create: () => gsas }),
    pdcif: patternFormat({ summary: 'Powder CIF.', schema: {}, create: () => pdCif }),
    xy: patternFormat({ summary: 'Columns of text: 2θ, intensity, perhaps the uncertainty.', schema: {}, create: () => xy }),
    xye: patternFormat({ summary: 'Columns of text with uncertainties.', schema: {}, create: () => xye }),
  },
});

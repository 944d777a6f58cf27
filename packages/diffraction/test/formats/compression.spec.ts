import { expect } from 'chai';
import { gzipSync, strToU8, zipSync } from 'fflate';
import { decompressed } from '@braggscape/diffraction';
import { faultOf } from '@braggscape/testing';
import { content, errorOf, fault, read, rows } from './kit.js';

const text = '10 1\n11 2\n12 3\n';
const packed = gzipSync(strToU8(text));

describe('compressed patterns', () => {
  it('are read by content and by either ending', () => {
    for (const name of ['scan', 'scan.xy', 'scan.xy.gz', 'scan.gz']) expect(rows(read(packed, name))).to.deep.equal([[10, 1], [11, 2], [12, 3]]);
    const gsas = gzipSync(strToU8('t\nBANK 1 3 3 CONS 1000.0 2.0 0 0 FXYE\n1000.0 5 0.5\n1002.0 7 0.6\n1004.0 6 0.7\n'));
    expect(read(gsas, 'scan.xye.gz').twoTheta[1]).to.equal(10.02);
    expect(rows(read(Uint8Array.from([...gzipSync(strToU8(text)), ...gzipSync(strToU8('13 4\n'))])))).to.have.length(4);
  });

  it('leave other content as it is', () => {
    const plain = content(text);
    expect(decompressed(plain, { name: 'a' })).to.equal(plain);
  });

  it('are refused when cut, damaged or larger than a scan can be', () => {
    for (let length = 3; length < packed.length; length++) expect(errorOf(packed.subarray(0, length), 'a.xy.gz').code, `cut at ${length}`).to.equal('format.invalid');
    const wrong = packed.slice();
    wrong[wrong.length - 6] ^= 1;
    expect(fault(wrong)).to.contain('checksum');
    expect(faultOf(() => decompressed(content(gzipSync(new Uint8Array(5000))), { name: 'a' }, 4999)).message).to.contain('more than 4999 bytes');
    // An archive states the unpacked sizes in its directory, whose entries begin with PK\x01\x02 and have it at byte 24.
    const archive = zipSync({ 'Data0/Profile0.txt': strToU8(text) });
    const entry = archive.findIndex((_, i) => archive[i] === 0x50 && archive[i + 1] === 0x4b && archive[i + 2] === 1 && archive[i + 3] === 2);
    new DataView(archive.buffer).setUint32(entry + 24, 2 ** 28 + 1, true);
    expect(fault(archive, 'a.rasx')).to.contain('256 MiB');
  });
});

describe('files of no known format', () => {
  it('are named, with what is known', () => {
    const error = errorOf('once upon a time\n', 'tale.doc');
    expect(error.code).to.equal('format.unknown');
    expect(error.hint).to.contain('.xrdml').and.contain('.gz');
  });
});

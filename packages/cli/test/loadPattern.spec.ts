import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { createHost, loadPattern } from 'braggscape';
import { rejectionOf } from '@braggscape/testing';

describe('pattern files of the program', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'braggscape-test-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('may be compressed; the hash is that of the file', async () => {
    const host = await createHost([]);
    await writeFile(join(folder, 'a.xy'), '10 1\n11 2\n12 3\n');
    await writeFile(join(folder, 'a.xy.gz'), gzipSync('10 1\n11 2\n12 3\n'));
    const [plain, packed] = [await loadPattern(join(folder, 'a.xy'), host), await loadPattern(join(folder, 'a.xy.gz'), host)];
    expect(packed.pattern).to.deep.equal(plain.pattern);
    expect(packed.file.sha256).to.not.equal(plain.file.sha256);
  });

  it('are repaired only when told to', async () => {
    const host = await createHost([]);
    const path = join(folder, 'b.xy');
    await writeFile(path, '12 3\n11 2\n10 1\n');
    const error = await rejectionOf(loadPattern(path, host));
    expect(error.path).to.equal(`${path}:2`);
    expect(error.hint).to.contain('--repair');
    const repairs: string[] = [];
    expect([...(await loadPattern(path, host, repairs)).pattern.twoTheta]).to.deep.equal([10, 11, 12]);
    expect(repairs).to.have.length(1);
  });
});

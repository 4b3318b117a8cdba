import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { fullDisk } from '../train/testing/full-disk.node.ts'
import { seededDeviceTest } from './seeded.fixtures.ts'
import { maxLineBytes, readUpload, type Upload, writeUpload } from './upload-log.ts'
import { uploadOf } from './testing/upload-of.ts'
import { openUploadLog } from './upload-log.node.ts'

const upload = (round: number, other: Partial<Upload> = {}): Upload => ({ ...uploadOf(Uint8Array.of(round), { at: 1000 + round, task: 'a', round, attempt: 0, to: 'b', kind: 'contribution', epsilon: 0 }), ...other })

test('what left is there with its size and hash, newest first, for the next process as well', () => withTempDir(async dir => {
  const path = join(dir, 'federated', 'uploads.log')
  const log = await openUploadLog(path)
  assert.equal(await log.newest(5), { uploads: [], damaged: 0, more: false })
  await Promise.all([1, 2, 3].map(round => log.add(upload(round, { task: round === 2 ? 'other' : 'a' }))))
  const next = await openUploadLog(path)
  const { uploads } = await next.newest(5)
  assert.equal(uploads.map(({ round }) => round), [3, 2, 1])
  // echo -ne '\x03' | sha256sum
  assert.equal([uploads[0]!.bytes, uploads[0]!.sha256], [1, '084fed08b978af4d7d196a7446a86b58009e636b611db16211b65a9aadff29c5'])
  assert.equal((await next.newest(5, { task: 'a' })).uploads.map(({ round }) => round), [3, 1])
  assert.equal(await next.newest(2), { uploads: [upload(3), upload(2, { task: 'other' })], damaged: 0, more: true })
  assert.equal(await next.newest(0), { uploads: [], damaged: 0, more: true })
}))

test('a torn tail and damaged lines are counted and passed over; the next entry stands in a line of its own', () => withTempDir(async dir => {
  const path = join(dir, 'log')
  const log = await openUploadLog(path)
  await log.add(upload(1))
  const one = readFileSync(path).length
  for (let torn = 1; torn < one; torn++) {
    truncateSync(path, one)
    appendFileSync(path, writeUpload(upload(2)).slice(0, torn))
    const before = await log.newest(5)
    assert.equal(before.uploads.map(({ round }) => round), torn === one - 1 ? [2, 1] : [1], `${torn} bytes`)
    await log.add(upload(3))
    const after = await log.newest(5)
    assert.equal([after.uploads.map(({ round }) => round), after.damaged], torn === one - 1 ? [[3, 2, 1], 0] : [[3, 1], 1], `${torn} bytes`)
  }
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.replace('"round":3', '"round":4'))
  assert.equal((await log.newest(5)).uploads.map(({ round }) => round), [2, 1], 'a changed number is no entry')
}))

test('lines that are far too long are passed over without being held', () => withTempDir(async dir => {
  const path = join(dir, 'log')
  const long = 'x'.repeat(300_000)
  writeFileSync(path, `${writeUpload(upload(1))}${long}\n${writeUpload(upload(2))}${long}`)
  const log = await openUploadLog(path)
  assert.equal(await log.newest(5), { uploads: [upload(2), upload(1)], damaged: 2, more: false })
  await log.add(upload(3))
  assert.equal(await log.newest(5), { uploads: [upload(3), upload(2), upload(1)], damaged: 2, more: false })
  writeFileSync(path, long)
  assert.equal(await log.newest(5), { uploads: [], damaged: 1, more: false })
}))

seededDeviceTest('read in pieces from the end, it is what was written', 'upload-log', 3, random => withTempDir(async dir => {
  const path = join(dir, 'log')
  const rounds = Array.from({ length: 900 }, (_, at) => at)
  writeFileSync(path, rounds.map(round => writeUpload(upload(round, { task: 'é'.repeat(1 + random.below(190)) }))).join(''))
  assert.ok(readFileSync(path).length > 3 * 64 * 1024)
  const { uploads, damaged, more } = await (await openUploadLog(path)).newest(10_000)
  assert.equal([uploads.map(({ round }) => round), damaged, more], [rounds.toReversed(), 0, false])
}))

test('the longest entry is a line that is read again; what is no upload is not written', () => {
  const most = upload(2 ** 32 - 1, { task: '\u{1F600}'.repeat(100), to: '"'.repeat(128), kind: '\\'.repeat(40), at: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER, epsilon: 1 / 3 })
  const line = writeUpload(most)
  assert.ok(new TextEncoder().encode(line).length < maxLineBytes)
  assert.equal(readUpload(line.slice(0, -1)), most)
  assert.ok(new TextEncoder().encode(writeUpload(upload(1, { task: '\u0000'.repeat(200) }))).length < maxLineBytes)
  for (const other of [{ epsilon: NaN }, { bytes: -1 }, { sha256: 'x' }, { task: '' }]) assert.throws(() => writeUpload(upload(1, other)))
})

test('a full disk rejects, so that nothing is sent; what was there stays, and the next entry is whole', () => withTempDir(async dir => {
  const log = await openUploadLog(join(dir, 'log'))
  await log.add(upload(1))
  const emptied = await fullDisk(30)
  await rejects(log.add(upload(2)), error => isKinmeshError(error, 'DiskFull'))
  emptied()
  await log.add(upload(3))
  assert.equal((await log.newest(5)).uploads.map(({ round }) => round), [3, 1])
}))

test.run()

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadCertificate } from './certificate.ts'
import { isKinmeshError } from './errors.ts'
// After certificate.ts, which loads the polyfill that this one needs.
import { X509Certificate } from '@peculiar/x509'

test('a certificate is made once and then kept', async () => {
  let kept: Uint8Array | undefined
  const store = { load: async () => kept, save: async (bytes: Uint8Array) => void (kept = bytes) }
  const now = Date.UTC(2026, 10, 22)
  const first = await loadCertificate(store, now)
  assert.equal(await loadCertificate(store, now + 1e12), first)
  assert.match(first.certhash, /^uEi[\w-]{44}$/)
  const parsed = new X509Certificate(first.pem)
  assert.is(parsed.notAfter.getUTCFullYear(), 2126)
  assert.is.not((await loadCertificate(undefined, now)).certhash, first.certhash)
})

test('a damaged certificate is named', async () => {
  let kept: Uint8Array | undefined
  await loadCertificate({ load: async () => undefined, save: async bytes => void (kept = bytes) }, 0)
  for (const damaged of [new Uint8Array(), kept!.subarray(1), kept!.map((byte, index) => (index === 30 ? byte ^ 1 : byte)).subarray(0, -1)]) {
    const error = await loadCertificate({ load: async () => damaged, save: async () => {} }, 0).catch((cause: unknown) => cause)
    assert.ok(isKinmeshError(error, 'BadCertificate'), String(error))
  }
})

test.run()

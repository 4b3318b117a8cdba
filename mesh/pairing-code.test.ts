import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from './errors.ts'
import { identityNamed } from './membership.fixtures.ts'
import { codeBytes, formatCode, formatInvite, maxInviteAddrs, maxUriChars, newCode, parseAddress, parseCode, parseInvite } from './pairing-code.ts'

const { id } = identityNamed('a')

test('a code is 80 bits in 16 Crockford characters', () => {
  // Known answers: all zero, all one, and the first digits of the alphabet.
  assert.is(formatCode(new Uint8Array(codeBytes)), '0000-0000-0000-0000')
  assert.is(formatCode(new Uint8Array(codeBytes).fill(0xff)), 'ZZZZ-ZZZZ-ZZZZ-ZZZZ')
  assert.is(formatCode(new Uint8Array([0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf])), '0123-4567-89AB-CDEF')
  for (let i = 0; i < 200; i++) {
    const code = newCode()
    assert.match(formatCode(code), /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
    assert.equal(parseCode(formatCode(code)), code)
  }
})

test('a code may be typed in lower case, with other dashes or none, and with look-alikes', () => {
  const code = parseCode('0123-4567-89AB-1100')
  for (const typed of ['012345678 9ab1100', 'O123–4567—89aB-IlOo', ' 0123 4567 89ab 1100\n', '0123.4567_89AB-1100']) assert.equal(parseCode(typed), code, typed)
})

test('what is wrong with a code is said', () => {
  const says = (typed: string, what: RegExp) => assert.throws(() => parseCode(typed), (error: unknown) => isKinmeshError(error, 'BadCode') && what.test(error.message), typed)
  says('0123-4567-89AB-CDE', /has 15/)
  says('0123-4567-89AB-CDEFG', /has 17/)
  says('U123-4567-89AB-CDEF', /no "U"/)
  says('0123-4567-89AB-CDÉF', /no "É"/)
  says('', /has 0/)
})

test('an invite survives its URI', () => {
  const target = { id, addrs: ['/ip4/192.168.1.7/tcp/4455', '/ip4/10.0.0.1/udp/4457/webrtc-direct/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjLa2R_RF71v86aVxlqdKNOQ'], code: newCode() }
  assert.equal(parseInvite(formatInvite(target)), target)
  assert.equal(parseInvite(` ${formatInvite(target)}\n`), target)
  const many = formatInvite({ ...target, addrs: Array.from({ length: 20 }, () => target.addrs[1]!) })
  assert.is(parseInvite(many).addrs.length, maxInviteAddrs)
  // As a shell hands it on that took the & for the end of the command.
  assert.throws(() => parseInvite(formatInvite(target).split('&')[0]!), (error: unknown) => isKinmeshError(error, 'BadInvite') && /quotes/.test(error.message))
  assert.ok(many.length < maxUriChars, `${many.length}`)
  assert.equal(parseInvite(`${formatInvite(target)}&a=/ip4/0.0.0.0/tcp/1&a=nonsense&other=1`).addrs, target.addrs)
})

test('an address may be a host and a port', () => {
  assert.is(parseAddress('192.168.1.7:4455').addr, '/ip4/192.168.1.7/tcp/4455')
  assert.is(parseAddress('[fe80::1]:4455').addr, '/ip6/fe80::1/tcp/4455')
  assert.is(parseAddress('mini.local:4455').addr, '/dns/mini.local/tcp/4455')
  assert.equal(parseAddress(`/ip4/1.2.3.4/tcp/5/ws/p2p/${id}`), { addr: '/ip4/1.2.3.4/tcp/5/ws', id })
  for (const wrong of ['', 'mini', '1.2.3.4', '1.2.3.4:99999', '/ip4/1.2.3.4', 'http://x:1/y']) {
    assert.throws(() => parseAddress(wrong), (error: unknown) => isKinmeshError(error, 'BadAddress'), wrong)
  }
})

test.run()

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { failsWith } from '../../testing/throws.ts'
import { modelId, type Manifest } from '../store/manifest.ts'
import { manifestOf } from '../store/model.fixtures.ts'
import { chooseOffer } from './choose.ts'
import type { DeviceOffers } from './share.ts'
import { tinyRecipe, wantedTiny } from './share.fixtures.ts'

const model = (content: string, more: Partial<Manifest> = {}) => {
  const manifest = manifestOf({ 'config.json': content }, { recipe: tinyRecipe, ...more })
  return { id: modelId(manifest), manifest }
}
const on = (device: string, ...offers: ReturnType<typeof model>[]): DeviceOffers => ({ device, offers, problem: null })
const [old, newer, other] = [model('1'), model('2', { madeAt: 1_800_000_000_000 }), model('3', { name: 'else/tiny', source: { repo: 'else/tiny', revision: 'b'.repeat(40) } })]
const chosen = (devices: DeviceOffers[], more: Partial<typeof wantedTiny> = {}) => chooseOffer(devices, { ...wantedTiny, ...more })?.offer.id

test('by its repository, whatever the case, or the last part of its name', () => {
  for (const name of ['someone/tiny', 'Someone/TINY', 'tiny']) assert.is(chosen([on('a', old)], { name }), old.id)
  for (const name of ['tin', 'someone', 'someone/tin', 'x/someone/tiny']) assert.is(chosen([on('a', old)], { name }), undefined)
  assert.is(chosen([]), undefined)
})

test('what most devices hold, and of these the last that was made', () => {
  assert.is(chosen([on('a', old), on('b', newer)]), newer.id)
  assert.is(chosen([on('a', old), on('b', newer), on('c', old)]), old.id)
})

test('made as wanted, from the commit and the hub that are wanted; an encoder as it is published', () => {
  assert.is(chosen([on('a', old)], { revision: 'a'.repeat(40) }), old.id)
  assert.is(chosen([on('a', old)], { revision: 'b'.repeat(40) }), undefined)
  assert.is(chosen([on('a', old)], { recipe: { bits: 4, block: 64 } }), undefined)
  assert.is(chosen([on('a', old)], { recipe: null }), undefined)
  const mirrored = model('4', { source: { repo: 'someone/tiny', revision: 'a'.repeat(40), endpoint: 'https://mirror.example' } })
  assert.is(chosen([on('a', mirrored)]), undefined)
  assert.is(chosen([on('a', mirrored)], { endpoint: 'https://mirror.example' }), mirrored.id)
  const encoder = model('5', { kind: 'encoder', recipe: null })
  assert.is(chosen([on('a', encoder)]), encoder.id)
  assert.is(chosen([on('a', encoder)], { kind: 'decoder' }), undefined)
})

test('an id stands for a model in any form; what may be two is not guessed', async () => {
  assert.is(chosen([on('a', old, other)], { name: old.id.slice(0, 8).toUpperCase(), recipe: null, revision: 'c'.repeat(40) }), old.id)
  assert.is(chosen([on('a', old)], { name: old.id.slice(0, 7) }), undefined)
  assert.match((await failsWith('AmbiguousModelName', () => chosen([on('a', old, other)], { name: 'tiny' }))).message, 'someone/tiny or else/tiny')
  assert.is(chosen([on('a', old, other)], { name: 'else/tiny' }), other.id)
})

test.run()

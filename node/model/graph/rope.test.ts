import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Rope } from '../decoder-config.ts'
import { ropeFrequencies, ropeTables } from './rope.ts'

const near = (a: number, b: number, within = 1e-6) => assert.ok(Math.abs(a - b) <= within * Math.max(1, Math.abs(b)), `${a} is not ${b}`)
const plain: Rope = { theta: 10_000, scaling: null }

test('each pair of dimensions turns theta^(2/d) times as slowly as the one before', () => {
  const frequencies = ropeFrequencies(plain, 8)
  for (const [i, expected] of [1, 0.1, 0.01, 0.001].entries()) near(frequencies[i]!, expected)
  const { cos, sin } = ropeTables(plain, 8, 3)
  assert.equal([cos.length, sin.length, cos[0], sin[0]], [12, 12, 1, 0])
  near(cos[2 * 4 + 1]!, Math.cos(0.2))
  near(sin[2 * 4 + 1]!, Math.sin(0.2))
})

test('linear scaling divides every frequency', () => {
  const scaled = ropeFrequencies({ ...plain, scaling: { kind: 'linear', factor: 4 } }, 8)
  for (const [i, frequency] of ropeFrequencies(plain, 8).entries()) near(scaled[i]!, frequency / 4)
})

test('llama3 keeps what turns often over the original length, divides what turns seldom, and blends between', () => {
  const scaling = { kind: 'llama3', factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalMaxPositions: 1000 } as const
  const frequencies = ropeFrequencies(plain, 64)
  const scaled = ropeFrequencies({ ...plain, scaling }, 64)
  const kinds = new Set<string>()
  for (const [i, frequency] of frequencies.entries()) {
    // As modeling_rope_utils.py says it, by wavelengths.
    const wavelength = (2 * Math.PI) / frequency
    const smooth = (1000 / wavelength - 1) / 3
    const expected = wavelength < 250 ? frequency : wavelength > 1000 ? frequency / 8 : (1 - smooth) * (frequency / 8) + smooth * frequency
    kinds.add(wavelength < 250 ? 'kept' : wavelength > 1000 ? 'divided' : 'blended')
    near(scaled[i]!, expected)
  }
  assert.is(kinds.size, 3)
})

test('yarn keeps the fast half, divides the slow one, and scales the attention', () => {
  const scaling = { kind: 'yarn', factor: 4, originalMaxPositions: 4096, betaFast: 32, betaSlow: 1, attentionFactor: 1.1386, truncate: true } as const
  const frequencies = ropeFrequencies(plain, 64)
  const scaled = ropeFrequencies({ ...plain, scaling }, 64)
  // Turns over the original length: more than 32 are kept, less than one is divided.
  for (const [i, frequency] of frequencies.entries()) {
    const turns = (4096 * frequency) / (2 * Math.PI)
    if (turns > 64) near(scaled[i]!, frequency)
    if (turns < 0.5) near(scaled[i]!, frequency / 4)
    assert.ok(scaled[i]! <= frequency * 1.000001 && scaled[i]! >= (frequency / 4) * 0.999999)
  }
  near(ropeTables({ ...plain, scaling }, 64, 1).cos[0]!, 1.1386)
})

test.run()

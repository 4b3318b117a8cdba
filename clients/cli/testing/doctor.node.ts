import * as assert from 'uvu/assert'
import type { Check } from '../../../node/doctor/check.ts'
import { kinmesh } from './processes.node.ts'

type Place = { within?: readonly string[] }

/** The findings of `kinmesh doctor` by layer; whether it fails must show in its exit code. */
export async function doctor(home: string, place: Place = {}): Promise<Map<string, Check>> {
  const { code, stdout } = await kinmesh(home, ['doctor', '--json'], place)
  const { checks } = JSON.parse(stdout) as { checks: Check[] }
  assert.is(code, checks.some(({ result }) => result === 'fail') ? 1 : 0)
  return new Map(checks.map(check => [check.name, check]))
}

/** That the layer is found to be so, and that its text or fix holds every one of `words`. */
export function finds(checks: Map<string, Check>, layer: string, result: Check['result'], ...words: string[]): void {
  const check = checks.get(layer)
  assert.is(check?.result, result, `${layer} in ${JSON.stringify([...checks.values()])}`)
  for (const word of words) assert.ok(`${check?.text} ${check?.fix}`.includes(word), `${word} in ${JSON.stringify(check)}`)
}

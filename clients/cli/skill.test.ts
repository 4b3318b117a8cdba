import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Skill } from '../../node/agent/skills/skills.ts'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { document, kinmesh, refused } from './testing/processes.node.ts'

test('a skill is added, shown, allowed as it is, and removed, without a running device', () => withTempDir(async dir => {
  const [home, from] = [join(dir, 'home'), join(dir, 'from')]
  mkdirSync(join(from, 'scripts'), { recursive: true })
  writeFileSync(join(from, 'SKILL.md'), '---\nname: dice\ndescription: throws dice\ncapabilities:\n  run: [sh]\n---\nThrow them.')
  writeFileSync(join(from, 'scripts', 'throw.sh'), 'echo 4')
  assert.equal((await document<Skill>(home, ['skill', 'add', from])).tools, ['skill_dice', 'skill_dice_sh'])
  assert.match((await kinmesh(home, ['skill', 'list'])).stdout, /dice {2}throws dice\n {2}scripts {2}throw\.sh\n {2}run {6}sh/)
  await document(home, ['permissions', 'allow', 'skill_dice_sh', '--yes'])
  assert.match((await kinmesh(home, ['permissions', 'tools'])).stdout, /skill_dice {2}skill dice\n[^]*skill_dice_sh {2}skill dice, run with sh {2}allowed/)
  await document(home, ['skill', 'remove', 'dice'])
  await refused(home, ['skill', 'remove', 'dice'], 'NoSuchSkill')
  await refused(home, ['skill', 'add', dir], 'BadSkill')
}))

test.run()

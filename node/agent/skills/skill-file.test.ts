import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { failsWith } from '../../testing/throws.ts'
import { maxSkillFile, parseSkill } from './skill-file.ts'

const skill = (head: string, body = '\nDo this.\n') => `---\nname: weather\ndescription: tells the weather\n${head}\n---\n${body}`

test('a skill says what it is, what it asks for and what to do', () => {
  const nothing = { read: [], network: [], run: [] }
  assert.equal(parseSkill(skill('license: MIT\nallowed-tools: Bash Read')), { name: 'weather', description: 'tells the weather', capabilities: nothing, body: 'Do this.' })
  assert.equal(parseSkill(skill('capabilities:\n  read: [~/notes, "/data"]\n  network:\n    - api.example.com\n  run: [python3]')).capabilities, { read: ['~/notes', '/data'], network: ['api.example.com'], run: ['python3'] })
  assert.equal([parseSkill('\uFEFF---\r\nname: a\r\ndescription: >\r\n  two\r\n  lines\r\n---').description, parseSkill(skill('capabilities:')).capabilities], ['two lines', nothing])
})

test('capabilities that there are not are refused by name', async () => {
  for (const name of ['write', 'network-all', 'permissions', 'constructor', '__proto__', 'Read']) assert.match((await failsWith('UnknownCapability', () => parseSkill(skill(`capabilities:\n  ${name}: true`)))).message, `"${name}"`)
  assert.match((await failsWith('BadSkill', () => parseSkill(skill('capabilities:\n  run: [perl]')))).message, /capabilities\.run\.0: .*perl/)
})

test('what is no skill is refused', async () => {
  for (const text of ['', 'name: x', '---\nname: x\n', '---\n---\n', '---\n[\n---\n', '---\n- a\n---\n', '---\nname: a\nname: b\ndescription: c\n---', '---\nname: A b\ndescription: c\n---', '---\nname: a\n---', '---\nname: a\ndescription: 5\n---', '---\nname: a\ndescription: ""\n---']) await failsWith('BadSkill', () => parseSkill(text))
  for (const head of ['read: notes', 'read: ["../x"]', 'read: ["/a*"]', 'read: ["/a\\u0000"]', 'network: ["*"]', 'network: ["http://x"]', 'network: true', 'run: python3', `read: [${Array.from({ length: 17 }, () => '/a').join()}]`]) await failsWith('BadSkill', () => parseSkill(skill(`capabilities:\n  ${head}`)))
  await failsWith('SkillTooLarge', () => parseSkill(skill('', 'x'.repeat(maxSkillFile))))
  // A billion laughs.
  await failsWith('BadSkill', () => parseSkill(skill(`a: &a [x, x]\n${Array.from({ length: 9 }, (_, at) => `${String.fromCharCode(98 + at)}: &${String.fromCharCode(98 + at)} [${Array.from({ length: 9 }, () => `*${String.fromCharCode(97 + at)}`).join()}]`).join('\n')}`)))
})

test.run()

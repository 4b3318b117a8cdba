import { createServer } from 'node:http'
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { tmpdir } from 'node:os'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { silentLogger } from '../../../mesh/log.ts'
import { failsWith } from '../../testing/throws.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { canIsolate, type ScriptLimits } from './run-script.node.ts'
import { openSkills } from './skills.node.ts'
import type { Skills } from './skills.ts'

const head = (capabilities = '') => `---\nname: weather\ndescription: tells the weather\n${capabilities}\n---\nAsk for the town first.`

function folder(dir: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  return dir
}

function withSkills(work: (skills: Skills, dir: string, home: string) => Promise<void>, limits?: ScriptLimits): Promise<void> {
  return withTempDir(async dir => {
    const home = folder(join(dir, 'home'), { 'api-token': 'secret' })
    await work(openSkills({ home: { dir: home, path: file => join(home, file) }, log: silentLogger, ...(limits ? { limits } : {}) }), dir, home)
  })
}

/** Adds a skill with one script, and runs it. */
async function ran(skills: Skills, dir: string, script: string, { name = 'run.mjs', capabilities, ...given }: { name?: string; capabilities?: string; arguments?: string[]; input?: string; signal?: AbortSignal } = {}): Promise<string> {
  await skills.add(folder(join(dir, 'from'), { 'SKILL.md': head(capabilities), [`scripts/${name}`]: script }))
  const { signal, ...rest } = given
  return (await skills.tools()).at(-1)!.run({ script: name, ...rest }, signal)
}

/** Says of each expression what comes of it, or the code of what it throws. */
const tries = (...expressions: string[]) => `import fs from 'node:fs'; import cp from 'node:child_process'; import wt from 'node:worker_threads'
for (const each of [${expressions.map(each => `async () => (${each})`).join()}]) console.log(await each().then(String, error => error.code ?? error.cause?.code ?? error.message))`

test('a skill is copied, listed and removed; its instructions are its first tool', () => withSkills(async (skills, dir, home) => {
  const from = folder(join(dir, 'from'), { 'SKILL.md': head('capabilities:\n  network: [api.example.com]\n  run: [python3]'), 'scripts/a.mjs': '', 'scripts/b.py': '', 'scripts/notes.txt': '', 'data/x.json': '{}' })
  const added = await skills.add(from)
  assert.equal([added.name, added.scripts, added.tools, added.problem], ['weather', ['a.mjs', 'b.py'], ['skill_weather', 'skill_weather_python3'], null])
  assert.equal([await skills.list(), readdirSync(join(home, 'skills'))], [[added], ['weather']])
  const [own, python] = await skills.tools()
  assert.is(await own!.run({}, undefined), 'Ask for the town first.')
  assert.equal([own!.tool.parameters?.['required'], python!.tool.parameters?.['required']], [[], ['script']])
  assert.match(own!.shown, /tells the weather\nruns a\.mjs\nreads its own folder.*\nsays it asks api\.example\.com; nothing holds it to these hosts/)
  assert.match(`${python!.from} ${python!.shown}`, /run with python3 .*\nruns b\.py\npython3 may read and write all that you can/)
  assert.is.not(own!.hash, python!.hash)
  await failsWith('SkillExists', () => skills.add(from))
  await skills.remove('weather')
  await failsWith('NoSuchSkill', () => skills.remove('weather'))
  await failsWith('NoSuchSkill', () => skills.remove('..'))
  assert.equal([await skills.list(), await skills.tools()], [[], []])
}))

test('folders that are no skill are not taken', () => withSkills(async (skills, dir, home) => {
  const refused = async (code: string, files: Record<string, string>, link?: string) => {
    const from = folder(join(dir, String(Math.random())), files)
    if (link !== undefined) symlinkSync(link, join(from, 'link'))
    await failsWith(code, () => skills.add(from))
  }
  await refused('BadSkill', { 'skill.txt': '' })
  await refused('BadSkill', { 'SKILL.md': head() }, '/etc/passwd')
  await refused('BadSkill', { 'SKILL.md': head(), 'scripts/x.py': '' })
  await refused('UnknownCapability', { 'SKILL.md': head('capabilities:\n  admin: true') })
  await refused('SkillTooLarge', { 'SKILL.md': head(), big: 'x'.repeat(9 * 1024 * 1024) })
  await refused('SkillTooLarge', { 'SKILL.md': head(), ...Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`f${at}`, ''])) })
  // The home of the device, what holds it, what is in it, and a link to it.
  symlinkSync(home, join(dir, 'way'))
  for (const path of [home, dir, '/', join(home, 'skills'), join(dir, 'way')]) await refused('BadSkill', { 'SKILL.md': head(`capabilities:\n  read: [${JSON.stringify(path)}]`) })
  await failsWith('BadSkill', () => skills.add(join(dir, 'nowhere')))
  assert.equal(await skills.list(), [])
}))

test('a script gets its arguments and input, in a folder of its own that is gone afterwards, with hardly any environment', () => withSkills(async (skills, dir) => {
  const script = `import fs from 'node:fs'; fs.writeFileSync('out', 'x'); let input = ''; for await (const each of process.stdin) input += each
console.log(JSON.stringify([process.argv.slice(2), input, process.cwd(), fs.readdirSync('.'), Object.keys(process.env).sort()]))`
  const [args, input, cwd, files, env] = JSON.parse(await ran(skills, dir, script, { arguments: ['--permission', 'a b; c'], input: 'told' })) as [string[], string, string, string[], string[]]
  assert.equal([args, input, files, existsSync(cwd)], [['--permission', 'a b; c'], 'told', ['out'], false])
  assert.equal(env.filter(name => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name)), ['HOME', 'LANG', 'PATH', 'TMPDIR'])
}))

test('a script in Node reads and writes nothing else, starts nothing, and loads no native code', () => withSkills(async (skills, dir, home) => {
  const token = JSON.stringify(join(home, 'api-token'))
  const other = JSON.stringify(folder(join(dir, 'notes'), { 'a.txt': 'a note' }))
  const said = await ran(skills, dir, tries(
    `fs.readFileSync(${token})`, `fs.readdirSync(${JSON.stringify(home)})`, `fs.writeFileSync(${token}, 'x')`, `fs.writeFileSync(import.meta.filename, 'x')`, `fs.symlinkSync(${token}, 'link')`, `fs.linkSync(${token}, 'link')`,
    'cp.spawnSync("true").error?.code ?? "ran"', 'new wt.Worker("", { eval: true })', 'process.binding("fs")', 'process.dlopen({ exports: {} }, "/x.node")', 'import("node:sqlite")', `fs.readFileSync(${other} + '/a.txt', 'utf8')`
  ), { capabilities: `capabilities:\n  read: [${other}]` })
  assert.equal(said.trim().split('\n'), [...Array<string>(4).fill('ERR_ACCESS_DENIED'), 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED', 'ERR_DLOPEN_DISABLED', 'ERR_UNKNOWN_BUILTIN_MODULE', 'a note'])
}))

test('without declared network a script reaches nobody, this machine included, and no other process, where the machine can hold it', async () => {
  const server = createServer((_, response) => void response.end('hello'))
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  const script = tries(`fetch("http://127.0.0.1:${(server.address() as AddressInfo).port}").then(each => each.text())`, `process.kill(${process.pid}, 0)`)
  try {
    await withSkills(async (skills, dir) => {
      const said = (await ran(skills, dir, script)).trim().split('\n')
      assert.equal([said, (await skills.list())[0]?.isolated], (await canIsolate()) ? [['ENETUNREACH', 'ESRCH'], true] : [['hello', 'true'], false])
      assert.match((await skills.tools())[0]!.shown, (await canIsolate()) ? /no network$/ : /this machine cannot keep it off the network/)
    })
    await withSkills(async (skills, dir) => assert.is((await ran(skills, dir, script, { capabilities: 'capabilities:\n  network: [127.0.0.1]' })).split('\n')[0], 'hello'))
  } finally {
    await new Promise(resolve => server.close(resolve))
  }
})

test('time and output are bounded, a failure is text, and nothing is left behind', async () => {
  const left = () => readdirSync(tmpdir()).filter(name => name.startsWith('kinmesh-skill-')).length
  const before = left()
  for (const [script, code] of [['for (;;);', 'SkillTimeout'], ['setInterval(() => {}, 1000)', 'SkillTimeout'], ['for (;;) process.stdout.write("x".repeat(10000))', 'SkillTooMuch']] as const) {
    await withSkills(async (skills, dir) => void (await failsWith(code, () => ran(skills, dir, script))), { timeMs: code === 'SkillTimeout' ? 400 : 20_000, outputBytes: 64 * 1024 })
  }
  await withSkills(async (skills, dir) => assert.match(await ran(skills, dir, 'console.log("half"); throw new Error("broken")'), /^error: it ended with 1\nhalf\n[^]*broken/))
  await withSkills(async (skills, dir) => {
    const cancel = new AbortController()
    const running = ran(skills, dir, 'setInterval(() => {}, 1000)', { signal: cancel.signal }).catch((reason: unknown) => reason)
    cancel.abort('enough')
    assert.is(await running, 'enough')
  })
  assert.is(left(), before)
})

test('a shell script has a tool of its own, which so has to be allowed by itself', () => withSkills(async (skills, dir) => {
  assert.is(await ran(skills, dir, 'echo "$1 in $(basename "$PWD" | cut -c1-14)"', { name: 'say.sh', capabilities: 'capabilities:\n  run: [sh]', arguments: ['hello; exit 1'] }), 'hello; exit 1 in kinmesh-skill-\n')
  assert.equal((await skills.tools()).map(({ tool }) => tool.name), ['skill_weather', 'skill_weather_sh'])
}))

test('scripts are named, not given as paths; a skill that changed is another one, and is not run as what was seen', () => withSkills(async (skills, dir, home) => {
  await ran(skills, dir, 'console.log("one")')
  const [tool] = await skills.tools()
  for (const given of [{ script: '../SKILL.md' }, { script: 'other.mjs' }, { script: 5 }, { script: 'run.mjs', arguments: 'x' }, { script: 'run.mjs', arguments: ['a\0'] }, { script: 'run.mjs', more: 1 }]) await failsWith('BadArguments', () => tool!.run(given, undefined))
  writeFileSync(join(home, 'skills', 'weather', 'scripts', 'run.mjs'), 'console.log("two")')
  await failsWith('ToolChanged', () => tool!.run({ script: 'run.mjs' }, undefined))
  assert.is.not((await skills.tools())[0]?.hash, tool?.hash)
  writeFileSync(join(home, 'skills', 'weather', 'SKILL.md'), 'broken')
  assert.equal([(await skills.list())[0]?.tools, await skills.tools()], [[], []])
  assert.match((await skills.list())[0]!.problem!, 'no skill that can be used')
}))

test.run()

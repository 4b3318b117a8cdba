import { lstatSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { extname, join, relative, resolve, sep } from 'node:path'
import * as v from 'valibot'
import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import { sha256Hex } from '../../../mesh/crypto.ts'
import type { Logger } from '../../../mesh/log.ts'
import { printable } from '../../memory.ts'
import { foreignLine } from '../tools/foreign-line.ts'
import type { ForeignTool } from '../tools/guarded.ts'
import { folderHash, type FolderFile, readFolder, writeFolder } from './folder.node.ts'
import { canIsolate, expandHome, runScript, type ScriptLimits, scriptLimits } from './run-script.node.ts'
import { interpreters, parseSkill, type SkillFile } from './skill-file.ts'
import type { Skill, Skills } from './skills.ts'

export type SkillsOptions = { readonly home: { readonly dir: string; path(file: string): string }; readonly log: Logger; readonly limits?: ScriptLimits }

/** Where they are kept, in the home. */
const skillsFolder = 'skills'
/** Skills of one device: every prompt repeats what each is for. */
const maxSkills = 32
const maxArguments = 16
const maxInput = 16 * 1024
const maxDescription = 400
const scriptsFolder = 'scripts/'
const skillFile = 'SKILL.md'
/** What Node runs under its permission model. */
const nodeEndings = ['.js', '.mjs', '.cjs']

/** A skill as it is in its folder now. `scripts`: names by what runs them; '': Node. */
type Loaded = SkillFile & { readonly dir: string; readonly hash: string; readonly scripts: ReadonlyMap<string, readonly string[]> }

/** Opens the skills of a home. */
export function openSkills({ home, log, limits = scriptLimits }: SkillsOptions): Skills {
  const folder = home.path(skillsFolder)
  const names = () => {
    try {
      return readdirSync(folder).filter(name => !name.startsWith('.')).sort().slice(0, maxSkills)
    } catch {
      return [] // none was added yet
    }
  }
  const load = (name: string) => loadFrom(join(folder, name), home.dir)
  return {
    list: async () => {
      const isolated = await canIsolate()
      return names().map(name => {
        try {
          return shownSkill(load(name), isolated)
        } catch (error) {
          return { name: printable(name), description: '', capabilities: { read: [], network: [], run: [] }, scripts: [], tools: [], isolated, problem: isKinmeshError(error) ? error.message : 'its folder cannot be read' }
        }
      })
    },
    async add(from) {
      const files = readFolder(resolve(from))
      const { name } = checkSkill(files, home.dir)
      if (names().includes(name)) throw new KinmeshError('SkillExists', `there is a skill "${name}" already: remove it first`)
      if (names().length >= maxSkills) throw new KinmeshError('TooManySkills', `there are ${maxSkills} skills, which is the most: remove one first`)
      const unfinished = join(folder, `.${name}`)
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        rmSync(unfinished, { recursive: true, force: true })
        writeFolder(unfinished, files)
        renameSync(unfinished, join(folder, name))
      } catch (cause) {
        throw new KinmeshError('StoreFailed', `the skill cannot be kept in ${folder} (${cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)}): check free space and permissions`, { cause })
      }
      return shownSkill(load(name), await canIsolate())
    },
    async remove(name) {
      if (!names().includes(name)) throw new KinmeshError('NoSuchSkill', `there is no skill "${printable(name)}": list them with kinmesh skill list`)
      rmSync(join(folder, name), { recursive: true, force: true })
    },
    async tools() {
      const all = names()
      if (all.length === 0) return []
      const isolated = await canIsolate()
      return all.flatMap(name => {
        try {
          return toolsOf(load(name), isolated, () => load(name), limits)
        } catch (error) {
          log.warn('a skill cannot be used', { skill: name, reason: isKinmeshError(error) ? error.code : String(error) })
          return []
        }
      })
    }
  }
}

function loadFrom(dir: string, home: string): Loaded {
  if (!lstatSync(dir).isDirectory()) throw new KinmeshError('BadSkill', `${dir} is no folder: remove it`)
  const files = readFolder(dir)
  return { ...checkSkill(files, home), dir: realpathSync(dir), hash: folderHash(files) }
}

/** What the files of a skill say, if all of it can be used. @throws KinmeshError `BadSkill` · `UnknownCapability` · `SkillTooLarge` */
function checkSkill(files: readonly FolderFile[], home: string): SkillFile & Pick<Loaded, 'scripts'> {
  const file = files.find(({ path }) => path === skillFile)
  if (!file) throw new KinmeshError('BadSkill', `there is no ${skillFile} in this folder: name the folder that holds it`)
  const skill = parseSkill(new TextDecoder().decode(file.bytes))
  for (const path of skill.capabilities.read) {
    // The token to the API, the keys and what was said are no skill's.
    if (holds(expandHome(path), home) || holds(home, expandHome(path))) throw new KinmeshError('BadSkill', `the skill wants to read ${printable(path)}, where the home of this device is: name the folders that it needs`)
  }
  const scripts = new Map<string, string[]>()
  for (const { path } of files) {
    const name = path.slice(scriptsFolder.length)
    if (!path.startsWith(scriptsFolder) || !/^[\w][\w.-]{0,63}$/.test(name)) continue
    const runner = nodeEndings.includes(extname(name)) ? '' : interpreters[extname(name)]
    if (runner === undefined) continue
    if (runner !== '' && !skill.capabilities.run.includes(runner)) throw new KinmeshError('BadSkill', `the skill has the script ${name} and does not declare what runs it: add "run: [${runner}]" to its capabilities`)
    scripts.set(runner, [...(scripts.get(runner) ?? []), name])
  }
  return { ...skill, scripts }
}

function holds(folder: string, path: string): boolean {
  const way = relative(real(folder), real(path))
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`))
}

/** Where a link leads; what is not there yet leads nowhere. */
function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

function shownSkill(skill: Loaded, isolated: boolean): Skill {
  const { name, description, capabilities, scripts } = skill
  return { name, description: foreignLine(description, maxDescription), capabilities, scripts: [...scripts.values()].flat().sort(), tools: runnersOf(skill).map(runner => toolNameOf(name, runner)), isolated, problem: null }
}

/** Node's comes with the instructions, so it is always there. */
function runnersOf({ scripts }: Loaded): string[] {
  return ['', ...[...scripts.keys()].filter(runner => runner !== '').sort()]
}

function toolNameOf(skill: string, runner: string): string {
  return runner === '' ? `skill_${skill}` : `skill_${skill}_${runner}`
}

/** One tool for the instructions and what Node runs, and one for each other program, which so needs an approval of its own. */
function toolsOf(skill: Loaded, isolated: boolean, loadAgain: () => Loaded, limits: ScriptLimits): ForeignTool[] {
  return runnersOf(skill).map(runner => {
    const name = toolNameOf(skill.name, runner)
    const scripts = skill.scripts.get(runner) ?? []
    const about = foreignLine(skill.description, maxDescription)
    const description = runner === '' ? `${about} Without a script it gives the instructions of this skill; read them first.` : `Runs a script of the skill ${skill.name} with ${runner}.`
    const strings = { type: 'array', items: { type: 'string' }, maxItems: maxArguments }
    const running = scripts.length === 0 ? {} : { script: { enum: scripts }, arguments: strings, input: { type: 'string' } }
    return {
      tool: { name, description, parameters: { type: 'object', properties: running, required: runner === '' ? [] : ['script'], additionalProperties: false } },
      // What this machine cannot hold is part of what is approved.
      hash: sha256Hex(JSON.stringify([skill.hash, runner, isolated])),
      from: `skill ${skill.name}${runner === '' ? '' : `, run with ${runner}`}`,
      shown: [about, ...promises(skill, runner, isolated)].join('\n'),
      async run(given, signal) {
        const now = loadAgain()
        if (now.hash !== skill.hash) throw new KinmeshError('ToolChanged', `the skill ${skill.name} is not any more what it was: the user has to look at it again`)
        const { script, arguments: args, input } = checkCall(scripts, given)
        if (script === undefined) return now.body
        const { read, network } = now.capabilities
        return runScript({ dir: now.dir, script: scriptsFolder + script, interpreter: runner || undefined, args, input, read: read.map(expandHome), network: network.length > 0 }, signal, limits)
      }
    }
  })
}

function checkCall(scripts: readonly string[], given: unknown): { script?: string | undefined; arguments: string[]; input: string } {
  const text = v.pipe(v.string(), v.maxLength(4096), v.regex(/^[^\0]*$/, 'holds a zero byte'))
  const schema = v.strictObject({ script: v.optional(v.picklist(scripts)), arguments: v.optional(v.pipe(v.array(text), v.maxLength(maxArguments)), []), input: v.optional(v.pipe(v.string(), v.maxLength(maxInput)), '') })
  const read = v.safeParse(schema, given)
  if (!read.success) throw new KinmeshError('BadArguments', `${v.getDotPath(read.issues[0]) ?? 'arguments'}, ${read.issues[0].message}`)
  return read.output
}

/** What a person is told that its scripts may do, and what nothing holds them to. */
function promises({ scripts, capabilities: { read, network } }: Loaded, runner: string, isolated: boolean): string[] {
  const own = scripts.get(runner) ?? []
  if (own.length === 0) return ['instructions only, no scripts']
  const net = network.length > 0 ? `says it asks ${network.join(', ')}; nothing holds it to these hosts` : isolated ? 'no network' : 'no network declared, and this machine cannot keep it off the network or from other processes of yours'
  const files = runner === '' ? `reads its own folder${read.map(path => `, ${path}`).join('')}, writes into a folder that is then removed` : `${runner} may read and write all that you can`
  return [`runs ${own.join(', ')}`, files, net]
}

import type { ForeignTool } from '../tools/guarded.ts'
import type { Capabilities } from './skill-file.ts'

/** `isolated`: this machine can keep its scripts off the network and away from other processes. `problem`: why it is not offered. */
export type Skill = {
  readonly name: string
  readonly description: string
  readonly capabilities: Capabilities
  readonly scripts: readonly string[]
  /** Names as a model sees them. */
  readonly tools: readonly string[]
  readonly isolated: boolean
  readonly problem: string | null
}

/** The skills of this device. */
export type Skills = {
  list(): Promise<Skill[]>
  /** Takes over a copy of a folder with a SKILL.md. @throws KinmeshError `BadSkill` · `UnknownCapability` · `SkillTooLarge` · `SkillExists` · `TooManySkills` · `StoreFailed` */
  add(folder: string): Promise<Skill>
  /** @throws KinmeshError `NoSuchSkill` */
  remove(name: string): Promise<void>
  tools(): Promise<ForeignTool[]>
}

import type { Logger } from '../mesh/log.ts'
import type { DeviceId, Mesh } from '../mesh/types.ts'
import type { Sync } from '../sync/types.ts'
import type { Learner } from './context/learn/learner.ts'
import type { Lists } from './agent/lists.ts'
import type { Permissions } from './agent/permissions.ts'
import type { Questions } from './agent/questions.ts'
import type { McpServers } from './agent/mcp/servers.ts'
import type { Reminders } from './agent/reminders.ts'
import type { Documents } from './documents/documents.ts'
import type { Skills } from './agent/skills/skills.ts'
import type { Toolbox } from './agent/toolbox.ts'
import type { Assistant } from './assistant.ts'
import type { Check } from './doctor/check.ts'
import type { Conversations } from './conversations.ts'
import type { OpenedFederated } from './federated/federated-status.ts'
import type { EncoderSlot } from './model/encoder/chosen-encoder.ts'
import type { ModelShare } from './model/share/share.ts'
import type { ModelSlot } from './model.ts'
import type { Pairing } from './pairing.ts'
import type { Recall } from './context/recall.ts'

/** What a running device is made of: all that its API may use. */
export type DeviceParts = {
  readonly id: DeviceId
  readonly name: string
  readonly startedAt: number
  /** False for a command that opened the home by itself. */
  readonly online: boolean
  readonly mesh: Mesh
  readonly sync: Sync
  readonly recall: Recall
  readonly documents: Documents
  readonly conversations: Conversations
  readonly assistant: Assistant
  /** Learns from what is said. */
  readonly learner: Learner
  readonly lists: Lists
  readonly reminders: Reminders
  readonly permissions: Permissions
  /** Uses of tools that wait for a person. */
  readonly questions: Questions
  readonly toolbox: Toolbox
  readonly mcpServers: McpServers
  readonly skills: Skills
  readonly pairing: Pairing
  readonly model: ModelSlot
  /** What makes vectors of texts. */
  readonly encoder: EncoderSlot
  /** The models of the person's other devices, and ours for them. */
  readonly models: ModelShare
  /** What it learns together with the others. */
  readonly together: OpenedFederated
  readonly log: Logger
  readonly clock: () => number
  examine(): Promise<Check[]>
  /** Begins to stop the device; does not wait for it. */
  shutdown(): void
}

/** The face of node/ for programs that embed a device. Inside the project, import the file you need. */
export { startDevice } from './device.ts'
export type { Device, DeviceOptions } from './device.ts'
export type { Answer, AskOptions, Assistant, Reply, ReplyOptions } from './assistant.ts'
export type { Conversations, ConversationSummary, Turn } from './conversations.ts'
export type { Check } from './doctor/check.ts'
export type { Memory, MemoryKind, NewMemory } from './memory.ts'
export type { Generated, Message, Model, TextOptions } from './model.ts'
export type { Recall, Recalled } from './context/recall.ts'

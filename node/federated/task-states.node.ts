import { decodeTaskState, encodeTaskState, maxTaskStateBytes, type TaskStates } from './task-states.ts'
import { openTaskFiles } from './task-files.node.ts'

/** In files of `dir`. Saves of one task are for their caller to make one after the other. @throws KinmeshError `StoreFailed` */
export async function openTaskStates(dir: string): Promise<TaskStates> {
  const files = await openTaskFiles(dir, { kind: 'state', maxBytes: maxTaskStateBytes })
  return {
    async load(task) {
      const stored = await files.read(task.id)
      return stored && decodeTaskState(task, stored)
    },
    save: (task, state) => files.write(task.id, encodeTaskState(task, state)),
    remove: task => files.remove(task)
  }
}
